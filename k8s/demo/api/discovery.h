// What the server says about itself: /api, /apis, the resource lists, /version.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/demo/api/api_message.h"

namespace surgeproof::demo {

/// The answer to a discovery path, or to /version, /healthz, /openapi/v2; empty when the path is none of them.
/// `metrics`: whether metrics.k8s.io is up.
std::optional<ApiResponse> answer_discovery(const std::vector<std::string>& segments, bool metrics);

}  // namespace surgeproof::demo
