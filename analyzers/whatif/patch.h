// A change of an HPA's spec as a patch for kubectl.
#pragma once

#include <string>

#include "k8s/hpa/autoscaler.h"

namespace surgeproof::whatif {

/// YAML with the fields that differ: `kubectl patch hpa NAME --patch-file`. `spec_json` is the spec as it was recorded:
/// metrics are replaced as a whole, so the others are taken from there.
std::string patch_text(const hpa::AutoscalerSpec& from, const hpa::AutoscalerSpec& to, const std::string& spec_json);

}  // namespace surgeproof::whatif
