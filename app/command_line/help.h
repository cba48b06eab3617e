// How --help is laid out.
#pragma once

#include <CLI/CLI.hpp>

namespace surgeproof {

/// A command's description may go on with examples below its first line; a list of commands shows that line only. Each
/// option says what it takes in a word or its choices; what it means is wrapped beside it.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

}  // namespace surgeproof
