// The text of a scenario file under construction, each line with the flag that it came from. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace surgeproof {

class ScenarioLines {
 public:
  /// `flag` is what a complaint about this line begins with: "--rate 5s". No secret may stand in it.
  void add(std::string line, std::string flag = {});

  [[nodiscard]] const std::string& text() const { return text_; }
  /// "--rate 5s: is no rate; write a number with /s, as in 400/s"
  [[nodiscard]] std::string complaint(const Diagnostic& diagnostic) const;

 private:
  std::string text_;
  std::vector<std::string> flags_;  // by line
};

/// A double-quoted YAML scalar that stands for `text` as it is: references to variables in it are none.
std::string yaml_quoted(std::string_view text);

}  // namespace surgeproof
