// ${NAME} and ${NAME:-default} in values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/parse.h"

namespace surgeproof::reading {

/// A `${…}` in a text.
struct Reference {
  std::size_t begin = 0;  ///< of the '$'
  std::size_t end = 0;    ///< after the '}'
  std::string_view name;
  std::string_view fallback;
  bool has_fallback = false;
};

struct Expansion {
  std::string text;
  std::vector<std::string> missing;  ///< variables that are not set and have no default; left as they are written
  std::string malformed;             ///< the first `${…` that is no reference; empty when all are
  bool changed = false;              ///< a reference was replaced
};

/// All well-formed references, in order; `$${` is none.
std::vector<Reference> find_references(std::string_view text);

/// The text with every reference replaced, and `$${` by `${`. The values are not looked into again.
Expansion expand(std::string_view text, const ParseOptions& options);

}  // namespace surgeproof::reading
