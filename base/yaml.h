// YAML 1.2 text to a tree with the place of every node. Strict: duplicate keys are errors, and size, depth and
// alias expansion are bounded, so that hostile input costs no more than an error message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace surgeproof {

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, sequence, mapping };
  Kind kind = Kind::scalar;
  std::string scalar;
  bool plain = true;               ///< unquoted: "null", "~", "true" and numbers have their YAML meaning only then
  int line = 0;                    ///< 1-based
  int column = 0;                  ///< 1-based, in bytes
  std::size_t begin = 0;           ///< of a scalar: byte offset of its first byte (of an opening quote) …
  std::size_t end = 0;             ///< … and after its last one, in the text (after a byte order mark)
  std::vector<YamlNode> items;     ///< of a sequence
  std::vector<YamlEntry> entries;  ///< of a mapping, in order; keys are scalars

  [[nodiscard]] bool is_null() const;  ///< a plain "", "~", "null", "Null" or "NULL"
  /// The value of `key` in a mapping; null when there is none or this is no mapping.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

struct YamlLimits {
  std::size_t max_bytes = 4u << 20;
  std::size_t max_nodes = 200'000;  ///< after alias expansion
  int max_depth = 64;
};

/// One document. An empty text gives a null scalar. `file` names the source in diagnostics. Aliases are expanded;
/// `<<` merge keys are ordinary keys.
std::expected<YamlNode, Diagnostics> parse_yaml(std::string_view text, std::string_view file,
                                                const YamlLimits& limits = {});

}  // namespace surgeproof
