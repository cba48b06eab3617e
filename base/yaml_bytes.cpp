#include <fmt/format.h>

#include <algorithm>

#include "base/yaml_events.h"

namespace surgeproof {
namespace {

/// Length of the well-formed UTF-8 sequence at the front of `text` (not empty); 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool too_high = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

Diagnostic at(std::string_view text, std::size_t offset, std::string_view file, std::string message, std::string hint) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? offset + 1 : offset - start;
  return {std::string{file}, static_cast<int>(line), static_cast<int>(column), {}, std::move(message), std::move(hint)};
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto length = utf8_length(text.substr(i));
    if (length == 0) break;
    i += length;
  }
  return i;
}

Diagnostics check_yaml_bytes(std::string_view text, std::string_view file) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return {at(text, 0, file, "is UTF-16 text", "save it as UTF-8")};
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return {at(text, nul, file, "contains a NUL byte, so it is no text file", "")};
  }
  if (const auto good = valid_utf8_prefix(text); good != text.size()) {
    const auto message = fmt::format("byte 0x{:02X} is not valid UTF-8 here",
                                     static_cast<unsigned>(static_cast<unsigned char>(text[good])));
    return {at(text, good, file, message, "save the file as UTF-8")};
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
      return {at(text, i, file,
                 fmt::format("control character U+{:04X} may not stand in YAML", static_cast<unsigned>(c)),
                 "write it as an escape in a double-quoted string")};
    }
  }
  return {};
}

}  // namespace surgeproof
