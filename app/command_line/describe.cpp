#include "app/command_line/describe.h"

namespace surgeproof {
namespace {

/// "{a,b,c}", as CLI11 writes a closed set, or a type name with such a set in it.
std::vector<std::string> choices_in(const std::string& type) {
  const auto open = type.find('{');
  const auto end = type.find('}');
  if (open == std::string::npos || end == std::string::npos || end < open) return {};
  std::vector<std::string> choices;
  std::string word;
  for (const char c : type.substr(open + 1, end - open - 1) + ",") {
    if (c == ',') {
      choices.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  return choices;
}

OptionInfo describe_option(const CLI::Option& option) {
  OptionInfo info;
  for (const auto& n : option.get_lnames()) info.names.push_back("--" + n);
  for (const auto& n : option.get_snames()) info.names.push_back("-" + n);
  if (info.names.empty()) info.names.push_back(option.get_name());
  info.description = option.get_description();
  info.takes_value = option.get_items_expected_max() > 0;
  info.repeats = option.get_items_expected_max() > 1;
  const std::string type = option.get_type_name();
  info.choices = choices_in(type);
  info.value = info.choices.empty() && !type.empty() ? value_word(option) : "VALUE";
  return info;
}

}  // namespace

std::string value_word(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type.starts_with('[')) return type;  // "[ADDRESS]:PORT"
  const auto choices = type.find('{');
  if (choices != std::string::npos) return type.substr(choices, type.find('}') - choices + 1);
  const std::string word = type.substr(0, type.find(':'));
  return word == "FLOAT" || word == "INT" || word == "UINT" ? "NUMBER" : word;
}

CommandInfo describe(const CLI::App& app) {
  CommandInfo info{
      .name = app.get_name(), .description = app.get_description(), .options = {}, .positionals = {}, .commands = {}};
  for (const CLI::Option* option : app.get_options()) {
    (option->nonpositional() ? info.options : info.positionals).push_back(describe_option(*option));
  }
  for (const CLI::App* command : app.get_subcommands({})) info.commands.push_back(describe(*command));
  return info;
}

}  // namespace surgeproof
