// The flags of the program as data.
#pragma once

#include <CLI/CLI.hpp>

#include "app/shell/command_info.h"

namespace surgeproof {

/// `app` and all commands below it, in the order in which they were added.
CommandInfo describe(const CLI::App& app);

/// What an option takes: "NUMBER", "FILE", "{text,json}". CLI11 adds the checks' own words behind a colon.
std::string value_word(const CLI::Option& option);

}  // namespace surgeproof
