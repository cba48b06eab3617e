// What a user may set otherwise in a simulation: "behavior.scaleDown.stabilizationWindowSeconds=60", "pod-start=20s".
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "analyzers/whatif/service.h"

namespace surgeproof::whatif {

/// Takes over one "NAME=VALUE". The error is one sentence with what would do.
std::expected<void, std::string> apply_setting(std::string_view text, Service& service);

/// All names, for help and messages: "minReplicas, maxReplicas, target, …".
std::string setting_names();

}  // namespace surgeproof::whatif
