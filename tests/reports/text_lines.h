// The lines of a drawn screen.
#pragma once

#include <string>
#include <vector>

namespace surgeproof::reports {

/// At line ends; what follows the last one is a line, too, though it may be empty.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

}  // namespace surgeproof::reports
