#include <fmt/format.h>

#include "app/shell/command_info.h"

namespace surgeproof {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& w : words) all += (all.empty() ? "" : " ") + w;
  return all;
}

/// The case of one command: `path` is its name and those above it, separated by a blank.
void add_bash_command(const CommandInfo& command, const std::string& path, std::string& words, std::string& values) {
  std::vector<std::string> offered;
  for (const auto& c : command.commands) offered.push_back(c.name);
  for (const auto& o : command.options) offered.insert(offered.end(), o.names.begin(), o.names.end());
  std::string files;
  for (const auto& p : command.positionals) {
    if (p.value == "FILE") files = "file";
    if (p.value == "DIR" && files.empty()) files = "dir";
    if (!p.choices.empty()) offered.insert(offered.end(), p.choices.begin(), p.choices.end());
  }
  words += fmt::format("    '{}') words='{}'; files='{}' ;;\n", path, joined(offered), files);
  for (const auto& o : command.options) {
    if (!o.takes_value) continue;
    std::string keys;
    for (const auto& n : o.names) keys += (keys.empty() ? "" : "|") + fmt::format("'{} {}'", path, n);
    const std::string kind = o.value == "FILE" ? "file" : o.value == "DIR" ? "dir" : "none";
    values += fmt::format("    {}) words='{}'; files='{}' ;;\n", keys, joined(o.choices), kind);
  }
  for (const auto& c : command.commands) add_bash_command(c, path + ' ' + c.name, words, values);
}

void add_command_paths(const CommandInfo& command, const std::string& path, std::string& out) {
  for (const auto& c : command.commands) {
    const std::string deeper = path + ' ' + c.name;
    out += fmt::format("      '{}') path='{}' ;;\n", deeper, deeper);
    add_command_paths(c, deeper, out);
  }
}

}  // namespace

std::string bash_completion(const CommandInfo& program) {
  std::string paths;
  std::string words;
  std::string values;
  add_command_paths(program, program.name, paths);
  add_bash_command(program, program.name, words, values);
  const std::string& name = program.name;
  return fmt::format(R"(# bash completion for {0}:  source <({0} completion bash)
_{0}() {{
  local path='{0}' words='' files='' current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${{COMP_WORDS[i]}}" in
{1}    esac
  done
  case "$path" in
{2}  esac
  case "$path $previous" in
{3}  esac
  COMPREPLY=()
  if [[ -n $words ]]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"); fi
  local found=()
  if [[ $files == file && $current != -* ]]; then mapfile -t found < <(compgen -f -- "$current"); fi
  if [[ $files == dir && $current != -* ]]; then mapfile -t found < <(compgen -d -- "$current"); fi
  COMPREPLY+=("${{found[@]}}")
  if [[ ${{#found[@]}} -gt 0 ]]; then compopt -o filenames 2>/dev/null || true; fi
  return 0
}}
complete -F _{0} {0}
)",
                     name, paths, words, values);
}

}  // namespace surgeproof
