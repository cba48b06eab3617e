// The command line as data: what completions and the manual page are written from. Pure.
#pragma once

#include <string>
#include <vector>

namespace surgeproof {

struct OptionInfo {
  std::vector<std::string> names;  ///< "--quiet", "-q"; for a positional its name alone
  std::string description;
  bool takes_value = false;
  bool repeats = false;
  std::string value;                 ///< "FILE", "DIR", "TEXT": what kind of value
  std::vector<std::string> choices;  ///< if these are all
};

struct CommandInfo {
  std::string name;  ///< "surgeproof" at the top, "demo", …
  std::string description;
  std::vector<OptionInfo> options;
  std::vector<OptionInfo> positionals;
  std::vector<CommandInfo> commands;
};

/// Scripts that make a shell complete commands, flags, choices and files. They need nothing but the shell.
std::string bash_completion(const CommandInfo& program);
std::string zsh_completion(const CommandInfo& program);
std::string fish_completion(const CommandInfo& program);

/// A manual page, section 1, in man(7) macros. `date` as "2026-11-21".
std::string man_page(const CommandInfo& program, const std::string& version, const std::string& date);

}  // namespace surgeproof
