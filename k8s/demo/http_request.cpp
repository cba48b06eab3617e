#include "k8s/demo/http_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/ascii.h"

namespace surgeproof::demo {
namespace {

constexpr std::size_t kMaxHead = 16 * 1024;
constexpr std::size_t kMaxBody = 1024 * 1024;

struct Head {
  HttpRequest request;
  std::size_t body = 0;
  int error = 0;
};

void read_field(std::string_view line, Head& head) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) {
    head.error = 400;
    return;
  }
  const auto name = line.substr(0, colon);
  const auto value = ascii::trim(line.substr(colon + 1));
  if (ascii::same(name, "content-length")) {
    const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), head.body);
    if (ec != std::errc{} || end != value.data() + value.size() || head.body > kMaxBody) head.error = 400;
  } else if (ascii::same(name, "transfer-encoding")) {
    head.error = 501;
  } else if (ascii::same(name, "connection")) {
    if (ascii::same(value, "close")) head.request.keep_alive = false;
    if (ascii::same(value, "keep-alive")) head.request.keep_alive = true;
  }
}

Head read_head(std::string_view text) {
  Head head;
  const auto end = text.find('\n');
  const auto line = ascii::trim(text.substr(0, end));
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !line.substr(last + 1).starts_with("HTTP/1.")) {
    head.error = 400;
    return head;
  }
  head.request.method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  head.request.path = target.substr(0, target.find('?'));
  head.request.keep_alive = !line.ends_with("1.0");
  for (auto rest = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1); !rest.empty();) {
    const auto eol = rest.find('\n');
    const auto field = ascii::trim(rest.substr(0, eol));
    if (!field.empty()) read_field(field, head);
    rest = eol == std::string_view::npos ? std::string_view{} : rest.substr(eol + 1);
  }
  return head;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    default:
      return "";
  }
}

}  // namespace

std::expected<std::optional<HttpRequest>, int> take_request(std::string& buffer) {
  const auto end = buffer.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (buffer.size() > kMaxHead) return std::unexpected{431};
    return std::nullopt;
  }
  Head head = read_head(std::string_view{buffer}.substr(0, end));
  if (head.error != 0) return std::unexpected{head.error};
  if (buffer.size() < end + 4 + head.body) return std::nullopt;
  head.request.body = buffer.substr(end + 4, head.body);
  buffer.erase(0, end + 4 + head.body);
  return std::move(head.request);
}

std::string make_answer(int status, std::string_view pod, std::string_view body, bool keep_alive) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nServer: todo\r\nX-Pod: {}\r\n{}\r\n{}",
      status, reason_phrase(status), body.size(), pod, keep_alive ? "" : "Connection: close\r\n", body);
}

}  // namespace surgeproof::demo
