#include "app/command_line/help.h"

namespace surgeproof {

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::stringstream out;
  const std::string text = command->get_description();
  CLI::detail::format_help(out, command->get_display_name(true), text.substr(0, text.find('\n')), get_column_width());
  return out.str();
}

}  // namespace surgeproof
