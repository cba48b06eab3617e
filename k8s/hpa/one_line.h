// A decision in one line.
#pragma once

#include <string>

#include "k8s/hpa/decision.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// "cpu 137 % against 70 %: ceil(1.957 x 2 pods) = 4; the scale-up policies allow 3 -> 3". Without the counts before
/// and after, which the reader has.
std::string one_line(const Decision& decision, const World& world);

}  // namespace surgeproof::hpa
