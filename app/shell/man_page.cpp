#include <fmt/format.h>

#include "app/shell/command_info.h"

namespace surgeproof {
namespace {

/// Text for troff: nothing in it is a request or an escape.
std::string escaped(const std::string& text) {
  std::string e;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) e += "\\&";
    if (c == '\\') {
      e += "\\e";
    } else if (c == '-') {
      e += "\\-";
    } else {
      e += c;
    }
    line_start = c == '\n';
  }
  return e;
}

/// Indented lines keep their line ends, as examples do.
std::string paragraphs(const std::string& text) {
  std::string out;
  bool example = false;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const bool indented = line.starts_with("  ");
    if (indented != example) out += indented ? ".PP\n.nf\n" : ".fi\n.PP\n";
    example = indented;
    if (line.empty()) {
      out += ".PP\n";
    } else {
      out += escaped(line) + '\n';
    }
    begin = end + 1;
  }
  if (example) out += ".fi\n";
  return out;
}

void add_options(const std::vector<OptionInfo>& options, std::string& out) {
  for (const auto& o : options) {
    out += ".TP\n";
    std::string names;
    for (const auto& n : o.names) names += (names.empty() ? "" : ", ") + fmt::format("\\fB{}\\fR", escaped(n));
    if (o.takes_value && o.names.front().starts_with('-')) names += fmt::format(" \\fI{}\\fR", escaped(o.value));
    std::string choices;
    for (const auto& c : o.choices) choices += (choices.empty() ? "" : ", ") + c;
    out += names + '\n' + escaped(o.description) + '\n';
    if (!choices.empty() && !o.description.contains(o.choices.back())) out += escaped("One of " + choices + ".") + '\n';
  }
}

std::string synopsis(const CommandInfo& command, const std::string& path) {
  std::string s = fmt::format(".B {}", escaped(path));
  if (!command.commands.empty() && command.positionals.empty())
    s += command.options.size() > 1 ? "\n[\\fICOMMAND\\fR]" : "\n\\fICOMMAND\\fR";
  if (!command.options.empty()) s += "\n[\\fIOPTIONS\\fR]";
  for (const auto& p : command.positionals) s += fmt::format("\n\\fI{}\\fR", escaped(p.names.front()));
  return s + '\n';
}

void add_command(const CommandInfo& command, const std::string& path, std::string& out) {
  out += fmt::format(".SS {}\n", escaped(path.substr(path.find(' ') + 1)));
  out += synopsis(command, path) + ".PP\n" + paragraphs(command.description);
  add_options(command.positionals, out);
  add_options(command.options, out);
  for (const auto& c : command.commands) add_command(c, path + ' ' + c.name, out);
}

}  // namespace

std::string man_page(const CommandInfo& program, const std::string& version, const std::string& date) {
  std::string upper;
  for (const char c : program.name) upper += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  std::string out = fmt::format(".TH {} 1 {} \"{} {}\" \"User Commands\"\n", upper, date, program.name, version);
  out += fmt::format(".SH NAME\n{} \\- {}\n", program.name,
                     escaped("proves that a Kubernetes service survives its traffic surge"));
  out += ".SH SYNOPSIS\n" + synopsis(program, program.name);
  out += ".SH DESCRIPTION\n" + paragraphs(program.description);
  out += ".SH COMMANDS\n";
  for (const auto& c : program.commands) add_command(c, program.name + ' ' + c.name, out);
  out +=
      ".SH ENVIRONMENT\n.TP\n.B KUBECONFIG\nWhere the cluster's configuration is, as for kubectl.\n"
      ".TP\n.B NO_COLOR\nNo colours, if set and not empty.\n"
      ".TP\n.B CI\nPlain lines instead of the live view, if set.\n";
  return out;
}

}  // namespace surgeproof
