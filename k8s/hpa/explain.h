// A decision in plain words and numbers.
#pragma once

#include <string>
#include <vector>

#include "k8s/hpa/decision.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// Sentences in the order of the controller's own steps: each metric (pods counted, ignored, missing, unready; ratio;
/// tolerance; proposal), then the stabilization window, the rate limit, minimum and maximum, and the result.
std::vector<std::string> explain(const Decision& decision, const World& world);

}  // namespace surgeproof::hpa
