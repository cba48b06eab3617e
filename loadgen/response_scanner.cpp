#include "loadgen/response_scanner.h"

#include <array>
#include <cstring>

#include "base/ascii.h"

namespace surgeproof::loadgen {
namespace {

/// More of a header than that in one piece is not common.
constexpr std::size_t kLongest = 8 * 1024;
/// Nineteen digits may be more than 64 bits hold.
constexpr std::size_t kMostDigits = 18;

/// tchar of RFC 9110.
constexpr std::array<bool, 256> kToken = [] {
  std::array<bool, 256> token{};
  for (const char c :
       std::string_view{"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}) {
    token[static_cast<unsigned char>(c)] = true;
  }
  return token;
}();

bool same_name(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii::lower(a[i]) != lower_case[i]) return false;
  }
  return true;
}

bool same_name_any_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii::lower(a[i]) != ascii::lower(b[i])) return false;
  }
  return true;
}

bool is_token(std::string_view name) {
  bool good = !name.empty();
  for (const char c : name) good &= kToken[static_cast<unsigned char>(c)];
  return good;
}

/// Controls, tabs among them: seldom, and not for us to judge.
bool has_control(std::string_view text) {
  bool found = false;
  for (const char c : text) found |= (static_cast<unsigned char>(c) < 0x20) | (c == 0x7f);
  return found;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes the line up to CR LF off `bytes`; false when there is none, or it holds controls.
bool take_line(std::string_view& bytes, std::string_view& line) {
  const auto* end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
  if (end == nullptr || end == bytes.data() || end[-1] != '\r') return false;
  line = {bytes.data(), static_cast<std::size_t>(end - bytes.data()) - 1};
  bytes.remove_prefix(line.size() + 2);
  return !has_control(line);
}

/// "HTTP/1.1 200 OK"; 0 when it is not that.
int read_status(std::string_view line) {
  if (!line.starts_with("HTTP/1.1 ") || line.size() < 13 || line[12] != ' ') return 0;
  const std::string_view digits = line.substr(9, 3);
  if (!ascii::is_digit(digits[0]) || !ascii::is_digit(digits[1]) || !ascii::is_digit(digits[2])) return 0;
  const int status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  return status >= 200 && status <= 599 ? status : 0;
}

bool read_length(std::string_view digits, std::uint64_t& length) {
  if (digits.empty() || digits.size() > kMostDigits) return false;
  length = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return false;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

/// What the header lines have said so far.
struct Lines {
  ScannedHeader header;
  bool has_length = false;
  bool has_connection = false;

  /// False: not for us.
  bool take(std::string_view name, std::string_view value, std::string_view pod_header) {
    switch (name.size()) {
      case 6:
        if (same_name(name, "server")) header.server = value;
        break;
      case 7:
        if (same_name(name, "upgrade")) return false;
        break;
      case 10:
        if (same_name(name, "connection")) return take_connection(value);
        break;
      case 14:
        if (same_name(name, "content-length")) {
          if (has_length || !read_length(value, header.body_size)) return false;
          has_length = true;
        }
        break;
      case 16:
        if (same_name(name, "proxy-connection")) return false;
        break;
      case 17:
        if (same_name(name, "transfer-encoding")) return false;
        break;
      default:
        break;
    }
    if (!pod_header.empty() && same_name_any_case(name, pod_header)) header.pod = value;
    return true;
  }

  bool take_connection(std::string_view value) {
    if (has_connection) return false;
    has_connection = true;
    if (same_name(value, "close")) {
      header.keep_alive = false;
      return true;
    }
    return same_name(value, "keep-alive");
  }
};

}  // namespace

std::optional<ScannedHeader> scan_header(std::string_view bytes, std::string_view pod_header) {
  const char* const begin = bytes.data();
  std::string_view rest = bytes.substr(0, kLongest);
  std::string_view line;
  Lines lines;
  if (!take_line(rest, line)) return std::nullopt;
  lines.header.status = read_status(line);
  if (lines.header.status == 0) return std::nullopt;
  while (true) {
    if (!take_line(rest, line)) return std::nullopt;
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return std::nullopt;
    if (!lines.take(line.substr(0, colon), trimmed(line.substr(colon + 1)), pod_header)) return std::nullopt;
  }
  const bool bodiless = lines.header.status == 204 || lines.header.status == 304;
  if (!lines.has_length && !bodiless) return std::nullopt;  // lasts until the end of the stream
  if (bodiless) lines.header.body_size = 0;
  lines.header.size = static_cast<std::size_t>(rest.data() - begin);
  return lines.header;
}

}  // namespace surgeproof::loadgen
