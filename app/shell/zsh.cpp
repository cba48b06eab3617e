#include <fmt/format.h>

#include "app/shell/command_info.h"

namespace surgeproof {
namespace {

/// Within a '…' of an _arguments or _describe specification.
std::string zsh_escaped(const std::string& text) {
  std::string e;
  for (const char c : text) {
    if (c == '\'') {
      e += R"('\'')";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      e += '\\';
      e += c;
    } else {
      e += c == '\n' ? ' ' : c;
    }
  }
  return e;
}

std::string action_of(const OptionInfo& o) {
  if (!o.choices.empty()) {
    std::string all;
    for (const auto& c : o.choices) all += (all.empty() ? "" : " ") + c;
    return '(' + all + ')';
  }
  if (o.value == "FILE") return "_files";
  if (o.value == "DIR") return "_files -/";
  return " ";
}

std::string function_name(const std::string& path) {
  std::string name = "_";
  for (const char c : path) name += c == ' ' || c == '-' ? '_' : c;
  return name;
}

void add_zsh_command(const CommandInfo& command, const std::string& path, std::string& out) {
  out += fmt::format("{}() {{\n", function_name(path));
  if (!command.commands.empty()) {
    out += "  local -a commands=(\n";
    for (const auto& c : command.commands) {
      out +=
          fmt::format("    '{}:{}'\n", c.name, zsh_escaped(c.description.substr(0, c.description.find_first_of("\n"))));
    }
    out += "  )\n";
  }
  out += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n  _arguments -C";
  for (const auto& o : command.options) {
    for (const auto& n : o.names) {
      out += fmt::format(" \\\n    '{}{}[{}]{}'", o.repeats ? "*" : "", n, zsh_escaped(o.description),
                         o.takes_value ? fmt::format(":{}:{}", zsh_escaped(o.value), action_of(o)) : "");
    }
  }
  if (!command.commands.empty()) {
    out +=
        " \\\n    '1: :->command' \\\n    '*:: :->arguments'\n  case $state in\n"
        "    command) _describe command commands ;;\n    arguments)\n      case $line[1] in\n";
    for (const auto& c : command.commands) {
      out += fmt::format("        {}) {} ;;\n", c.name, function_name(path + ' ' + c.name));
    }
    out += "      esac ;;\n  esac\n";
  } else {
    for (const auto& p : command.positionals) {
      out += fmt::format(" \\\n    '{}:{}:{}'", p.repeats ? "*" : "", zsh_escaped(p.names.front()), action_of(p));
    }
    out += '\n';
  }
  out += "}\n";
  for (const auto& c : command.commands) add_zsh_command(c, path + ' ' + c.name, out);
}

}  // namespace

std::string zsh_completion(const CommandInfo& program) {
  std::string out =
      fmt::format("#compdef {0}\n# zsh completion for {0}:  source <({0} completion zsh)\n", program.name);
  add_zsh_command(program, program.name, out);
  // Sourced, it registers itself; as a file in $fpath it is the function's body.
  out += fmt::format("if [[ $funcstack[1] == _{0} ]]; then _{0} \"$@\"; else compdef _{0} {0}; fi\n", program.name);
  return out;
}

}  // namespace surgeproof
