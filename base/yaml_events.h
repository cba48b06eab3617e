// YAML text to a flat list of events with places: the only code that calls libfyaml. Internal to base/yaml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"

namespace surgeproof {

struct YamlEvent {
  enum class Kind : std::uint8_t {
    scalar,
    sequence,  ///< its children follow, then `end`
    mapping,   ///< key, value, key, value, …, then `end`
    end,
    alias,  ///< stands for the node that begins at events[target]
  };
  Kind kind = Kind::scalar;
  bool plain = true;
  std::string scalar;
  std::size_t target = 0;
  int line = 0;
  int column = 0;
  std::size_t begin = 0;  ///< byte offsets of a scalar, quotes included
  std::size_t end = 0;
};

/// The first thing wrong with the bytes themselves: not UTF-8, a NUL, a control character. Empty when all is well.
Diagnostics check_yaml_bytes(std::string_view text, std::string_view file);

/// Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. Else the offset of the first bad byte.
std::size_t valid_utf8_prefix(std::string_view text);

/// The events of exactly one document (none for an empty text). Aliases are resolved to the anchor before them, but
/// not expanded, so that the list is no longer than the text.
std::expected<std::vector<YamlEvent>, Diagnostics> scan_yaml(std::string_view text, std::string_view file,
                                                             const YamlLimits& limits);

}  // namespace surgeproof
