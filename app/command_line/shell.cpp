// completion, man.
#include <chrono>
#include <iostream>

#include "app/command_line/command_line.h"
#include "app/command_line/describe.h"
#include "base/wall_time.h"

namespace surgeproof {

namespace {

struct CompletionOptions {
  std::string shell;
};

struct NoOptions {};

}  // namespace

void add_shell_commands(CommandLine& line) {
  auto* completion = line.app.add_subcommand("completion",
                                             "Print a completion script for your shell\n\n"
                                             "  source <(surgeproof completion bash)      in ~/.bashrc\n"
                                             "  source <(surgeproof completion zsh)       in ~/.zshrc\n"
                                             "  surgeproof completion fish | source       in config.fish");
  auto& o = line.command<CompletionOptions>(*completion, [&line](const CompletionOptions& chosen) {
    const CommandInfo program = describe(line.app);
    if (chosen.shell == "bash") std::cout << bash_completion(program);
    if (chosen.shell == "zsh") std::cout << zsh_completion(program);
    if (chosen.shell == "fish") std::cout << fish_completion(program);
    return ExitCode::pass;
  });
  completion->add_option("shell", o.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  auto* man = line.app.add_subcommand("man",
                                      "Print the manual page\n\n"
                                      "  surgeproof man | man -l -");
  line.command<NoOptions>(*man, [&line](const NoOptions&) {
    const auto today = format_rfc3339(std::chrono::system_clock::now(), 0).substr(0, 10);
    std::cout << man_page(describe(line.app), SURGEPROOF_VERSION, today);
    return ExitCode::pass;
  });
}

}  // namespace surgeproof
