#include "app/command_line/help.h"

#include "app/command_line/describe.h"
#include "reports/text.h"

namespace surgeproof {
namespace {

constexpr int kHelpWidth = 100;  ///< columns of a line of options

/// "-q,--quiet", without the "{false}" of a flag that turns something off.
std::string names_of_option(const CLI::Option& option, bool is_positional) {
  std::string names = option.get_name(is_positional, !is_positional);
  for (auto open = names.find('{'); open != std::string::npos; open = names.find('{')) {
    names.erase(open, names.find('}') - open + 1);
  }
  return names;
}

}  // namespace

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  return "\n" + CLI::Formatter::make_usage(app, std::move(name));
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::stringstream out;
  const std::string text = command->get_description();
  CLI::detail::format_help(out, command->get_display_name(true), text.substr(0, text.find('\n')), get_column_width());
  return out.str();
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string lead = "  " + names_of_option(*option, is_positional);
  if (option->get_items_expected_max() > 0) {
    if (const auto word = value_word(*option); !word.empty()) lead += " " + word;
    if (option->get_items_expected_max() > 1) lead += " ...";
  }
  const auto column = static_cast<int>(get_column_width());
  const std::string margin(static_cast<std::size_t>(column), ' ');
  std::string out;
  const auto lines = reports::wrapped(option->get_description(), kHelpWidth - column);
  for (const std::string& line : lines) {
    if (out.empty()) {
      const bool beside = reports::columns(lead) < column;
      out = beside ? reports::padded(lead, column) : lead + "\n" + margin;
    } else {
      out += margin;
    }
    out += line + "\n";
  }
  return lines.empty() ? lead + "\n" : out;
}

}  // namespace surgeproof
