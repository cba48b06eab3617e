// Standard base64 (RFC 4648 section 4), as kubeconfig's "-data" fields use it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace surgeproof::k8s {

/// White space is skipped; padding is required. Empty when the text is not base64.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace surgeproof::k8s
