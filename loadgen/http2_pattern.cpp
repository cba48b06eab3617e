#include "loadgen/http2_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/ascii.h"

namespace surgeproof::loadgen {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// The text up to `mark`; what follows the mark is left.
std::string_view take_until(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return taken;
}

// Fields that speak of an HTTP/1 connection (RFC 9113, 8.2.2), and Host, which becomes ":authority".
bool of_http1(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames{
      "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

Http2Pattern::Http2Pattern(const RequestPattern& request, std::string scheme)
    : request_(&request), scheme_(std::move(scheme)) {
  std::string first;
  std::string second;  // differs from the first wherever something varies
  request.write(0, first);
  request.write(1, second);
  std::string_view a = first;
  std::string_view b = second;
  path_varies_ = take_until(a, kLineEnd) != take_until(b, kLineEnd);
  while (!a.starts_with(kLineEnd) && !a.empty()) {
    const std::string_view line = take_until(a, kLineEnd);
    const bool varies = line != take_until(b, kLineEnd);
    std::string_view rest = line;
    std::string name = ascii::lower(take_until(rest, ": "));
    // "te" is allowed, but only to say "trailers".
    const bool sent = !of_http1(name) && (name != "te" || rest == "trailers");
    lines_.push_back({.name = std::move(name), .sent = sent, .varies = varies});
  }
  std::vector<Http2Field> fields;
  write(0, first, fields);
  for (const Http2Field& field : fields) header_size_ += field.name.size() + field.value.size() + 32;
}

std::string_view Http2Pattern::write(std::uint64_t sequence, std::string& text, std::vector<Http2Field>& fields) const {
  request_->write(sequence, text);
  std::string_view rest = text;
  fields.clear();
  const std::string_view method = take_until(rest, " ");
  const std::string_view path = take_until(rest, " ");
  take_until(rest, kLineEnd);
  fields.push_back({.name = ":method", .value = method});
  fields.push_back({.name = ":scheme", .value = scheme_});
  fields.push_back({.name = ":authority", .value = {}});
  fields.push_back({.name = ":path", .value = path, .varies = path_varies_});
  for (const Line& line : lines_) {
    rest.remove_prefix(line.name.size() + 2);
    const std::string_view value = take_until(rest, kLineEnd);
    if (line.sent) fields.push_back({.name = line.name, .value = value, .varies = line.varies});
    if (line.name == "host") fields[2].value = value;
  }
  take_until(rest, kLineEnd);
  return rest;
}

}  // namespace surgeproof::loadgen
