// Takes credentials out of texts that came from elsewhere: a plugin's complaint, a pod's log line. Pure. A heuristic:
// it knows the shapes that tokens have, and values that their names call secret.
#pragma once

#include <string>
#include <string_view>

namespace surgeproof::k8s {

/// `text` with "***" in place of: JWTs and long random words (base64 with upper case, lower case and digits; 48 and
/// more hexadecimal digits), what follows "Bearer" or "Basic", values of names like "password", "token", "secret",
/// "api_key", passwords in URLs, and PEM blocks.
std::string mask_credentials(std::string_view text);

/// One line: control characters become spaces, at most `max` bytes (cut between characters, with "…"), masked.
std::string safe_line(std::string_view text, std::size_t max);

}  // namespace surgeproof::k8s
