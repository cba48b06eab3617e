// One request to a service of the user's: a Pushgateway, a chat's webhook. Blocks; by libcurl, so that proxies and
// certificates are found as everywhere on the machine.
#pragma once

#include <chrono>
#include <expected>
#include <string>

namespace surgeproof::notify {

/// Any 2xx is success. The error is one sentence that holds neither the URL's path nor its query: they may be secret.
std::expected<void, std::string> http_post(const std::string& url, const std::string& body,
                                           const std::string& content_type, std::chrono::seconds limit);
std::expected<void, std::string> http_put(const std::string& url, const std::string& body,
                                          const std::string& content_type, std::chrono::seconds limit);

}  // namespace surgeproof::notify
