#include "app/command_line/complaints.h"

#include <fmt/format.h>

#include <algorithm>

namespace surgeproof {
namespace {

constexpr std::size_t kShortestName = 3;  // "-kn" may well be two flags

const CLI::App* subcommand(const CLI::App& app, const std::string& name) {
  const auto all = app.get_subcommands([](const CLI::App*) { return true; });
  const auto found = std::ranges::find(all, name, [](const CLI::App* a) { return a->get_name(); });
  return found == all.end() ? nullptr : *found;
}

std::vector<std::string> long_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
  }
  return names;
}

}  // namespace

std::string one_dash_complaint(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const std::string& word : words) {
    if (word == "--") return {};
    if (const CLI::App* next = subcommand(*command, word)) command = next;
    const std::string name = word.substr(0, word.find('=')).substr(std::min<std::size_t>(1, word.size()));
    if (!word.starts_with('-') || name.starts_with('-') || name.size() < kShortestName) continue;
    const auto known = long_names(*command);
    if (std::ranges::find(known, name) == known.end()) continue;
    return fmt::format("-{0}: long flags have two dashes here: --{0}", name);
  }
  return {};
}

}  // namespace surgeproof
