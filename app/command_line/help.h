// How --help is laid out.
#pragma once

#include <CLI/CLI.hpp>

namespace surgeproof {

/// A command's description may go on with examples below its first line; a list of commands shows that line only.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace surgeproof
