// The little of HTTP/1.1 that a pod must read. Pure: bytes in, requests out.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace surgeproof::demo {

struct HttpRequest {
  std::string method;
  std::string path;  ///< without the query
  std::string body;
  bool keep_alive = true;
};

/// Takes the first complete request, with its body, off the buffer. Empty: more bytes are needed. An error when what is
/// there can never become one (the status to answer with: 400, 431, 501).
std::expected<std::optional<HttpRequest>, int> take_request(std::string& buffer);

/// A complete answer of JSON.
std::string make_answer(int status, std::string_view pod, std::string_view body, bool keep_alive);

}  // namespace surgeproof::demo
