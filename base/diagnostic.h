// What is wrong with a user's input: where, what, and what would do.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof {

struct Diagnostic {
  std::string file;     ///< as the user named it
  int line = 0;         ///< 1-based; 0 when the place is unknown
  int column = 0;       ///< 1-based, in bytes; 0: the whole line
  std::string path;     ///< "criteria[1].latency"
  std::string message;  ///< one sentence without a full stop
  std::string hint;     ///< what would do; may be empty
  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// "spike.yaml:14:5: criteria[1]: unknown key "max_latencey"; did you mean "max_latency"?"
std::string format_diagnostic(const Diagnostic& d);

/// The same, and below it the source line with a caret. `source` is the file's whole text.
std::string format_diagnostic_with_source(const Diagnostic& d, std::string_view source);

/// The candidate nearest to `word` by edit distance, if near enough to be what was meant; else empty.
std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace surgeproof
