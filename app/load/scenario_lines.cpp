#include "app/load/scenario_lines.h"

#include <boost/json.hpp>

namespace surgeproof {

void ScenarioLines::add(std::string line, std::string flag) {
  text_ += line;
  text_ += '\n';
  flags_.push_back(std::move(flag));
}

std::string ScenarioLines::complaint(const Diagnostic& d) const {
  const bool known = d.line >= 1 && static_cast<std::size_t>(d.line) <= flags_.size();
  std::string text = known ? flags_[static_cast<std::size_t>(d.line) - 1] : std::string{};
  if (text.empty()) text = d.path;
  text += ": " + d.message;
  if (!d.hint.empty()) text += "; " + d.hint;
  return text;
}

std::string yaml_quoted(std::string_view text) {
  std::string literal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && text.substr(i).starts_with("${")) literal += '$';
    literal += text[i];
  }
  return boost::json::serialize(boost::json::string(literal));  // JSON's strings are YAML's
}

}  // namespace surgeproof
