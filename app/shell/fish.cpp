#include <fmt/format.h>

#include "app/shell/command_info.h"

namespace surgeproof {
namespace {

std::string quoted(const std::string& text) {
  std::string q = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') q += '\\';
    q += c == '\n' ? ' ' : c;
  }
  return q + "'";
}

std::string choices_of(const OptionInfo& o) {
  std::string all;
  for (const auto& c : o.choices) all += (all.empty() ? "" : " ") + c;
  return all;
}

/// `condition` holds while the words before the cursor name this command.
void add_fish_command(const CommandInfo& command, const std::string& program, const std::string& condition,
                      std::string& out) {
  for (const auto& c : command.commands) {
    out += fmt::format("complete -c {} -f -n {} -a {} -d {}\n", program, quoted(condition), c.name,
                       quoted(c.description.substr(0, c.description.find('\n'))));
  }
  for (const auto& o : command.options) {
    std::string line = fmt::format("complete -c {} -n {}", program, quoted(condition));
    for (const auto& n : o.names) {
      line += n.starts_with("--") ? " -l " + n.substr(2) : " -s " + n.substr(1);
    }
    if (o.takes_value) line += o.value == "FILE" || o.value == "DIR" ? " -r -F" : " -x";
    if (!o.choices.empty()) line += " -a " + quoted(choices_of(o));
    out += line + " -d " + quoted(o.description) + '\n';
  }
  for (const auto& p : command.positionals) {
    if (!p.choices.empty()) {
      out += fmt::format("complete -c {} -f -n {} -a {}\n", program, quoted(condition), quoted(choices_of(p)));
    } else if (p.value == "DIR") {
      out += fmt::format("complete -c {} -f -n {} -a '(__fish_complete_directories)'\n", program, quoted(condition));
    } else if (p.value != "FILE") {
      out += fmt::format("complete -c {} -f -n {}\n", program, quoted(condition));
    }
  }
  for (const auto& c : command.commands) {
    add_fish_command(c, program, fmt::format("__fish_seen_subcommand_from {}", c.name), out);
  }
}

}  // namespace

std::string fish_completion(const CommandInfo& program) {
  std::string out = fmt::format("# fish completion for {0}:  {0} completion fish | source\n", program.name);
  add_fish_command(program, program.name, "__fish_use_subcommand", out);
  return out;
}

}  // namespace surgeproof
