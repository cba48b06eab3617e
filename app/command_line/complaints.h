// What CLI11 does not say well of a wrong command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace surgeproof {

/// A long flag with one dash, as Go programs have them: "-disable-keepalive" would be taken for `-d isable-keepalive`.
/// Empty when there is none among `words`.
std::string one_dash_complaint(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace surgeproof
