#include "app/command_line/mistakes.h"

#include <fmt/format.h>

#include "base/diagnostic.h"

namespace surgeproof {
namespace {

/// The innermost command on the line.
const CLI::App& chosen(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* o : command.get_options()) {
    for (const auto& n : o->get_lnames()) flags.push_back("--" + n);
  }
  return flags;
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* c : command.get_subcommands({})) names.push_back(c->get_name());
  return names;
}

std::string meant(const std::string& word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string near = nearest(word, views);
  return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

/// The first word that no part of the command line took.
std::string first_left_over(const CLI::App& app) {
  const auto words = app.remaining(true);
  return words.empty() ? "" : words.front();
}

/// The first example of the command's description, which shows how it is meant.
std::string example_of(const CLI::App& command) {
  const std::string text = command.get_description();
  const auto begin = text.find("\n  surgeproof ");
  if (begin == std::string::npos) return "";
  std::string line = text.substr(begin + 3, text.find('\n', begin + 1) - begin - 3);
  if (const auto remark = line.find("   "); remark != std::string::npos) line.resize(remark);
  return line.ends_with('\\') ? "" : line;
}

std::string left_over(const CLI::App& app, const CLI::App& command) {
  const std::string word = first_left_over(app);
  if (word.starts_with("--")) {
    const std::string name = word.substr(0, word.find('='));
    return fmt::format("unknown flag {}{}", name, meant(name, flags_of(command)));
  }
  if (word.starts_with('-') && word.size() > 1) return fmt::format("unknown flag {}", word);
  if (!commands_of(command).empty())
    return fmt::format("unknown command {}{}", word, meant(word, commands_of(command)));
  return fmt::format("one argument too many: {}", word);
}

std::string missing(const CLI::App& command, const std::string& message) {
  for (const CLI::Option* o : command.get_options()) {
    if (!o->get_required() || o->count() > 0) continue;
    return fmt::format("{} is missing ({})", o->nonpositional() ? "--" + o->get_lnames().front() : o->get_name(),
                       o->get_description());
  }
  return message;
}

/// CLI11's own words, where they say what is wrong; ours where they speak of the program's inside.
std::string reworded(std::string text) {
  constexpr std::string_view kConversion = "Could not convert: ";
  if (text.starts_with(kConversion)) {
    text.erase(0, kConversion.size());
    const auto equals = text.find(" = ");
    if (equals == std::string::npos) return text;
    return fmt::format("{}: not a value that it can take: {}", text.substr(0, equals), text.substr(equals + 3));
  }
  if (const auto at = text.find(": 1 required "); at != std::string::npos && text.ends_with(" missing")) {
    return text.substr(0, at) + ": its value is missing";
  }
  return text;
}

}  // namespace

std::string command_path(const CLI::App& app) {
  std::string path = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().back();
    path += ' ' + at->get_name();
  }
  return path;
}

std::string mistake_text(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  const std::string path = command_path(app);
  std::string what;
  std::string remedy = fmt::format("'{} --help' shows what there is", path);
  const bool required = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  // An unknown command is left over where one is required.
  const bool unknown = !first_left_over(app).empty() && (!required || !commands_of(command).empty());
  if (unknown || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    what = left_over(app, command);
  } else if (required) {
    what = missing(command, error.what());
    if (const auto example = example_of(command); !example.empty()) remedy = "for example: " + example;
  } else {
    what = reworded(error.what());
  }
  return fmt::format("{}: {}{} {}", path, what, what.ends_with('?') ? "" : ";", remedy);
}

}  // namespace surgeproof
