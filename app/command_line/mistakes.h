// What is wrong with a command line, in one sentence with a remedy.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace surgeproof {

/// The command that `app`'s last parse had come to, with those above it: "surgeproof demo cluster".
std::string command_path(const CLI::App& app);

/// "surgeproof run: unknown flag --otu; did you mean --out? 'surgeproof run --help' shows what there is".
std::string mistake_text(const CLI::App& app, const CLI::ParseError& error);

}  // namespace surgeproof
