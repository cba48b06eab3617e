#include <fmt/format.h>

#include <utility>

#include "app/shell/command_info.h"

namespace surgeproof {
namespace {

/// Text for troff: nothing in it is a request or an escape.
std::string roff_escaped(const std::string& text) {
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

/// Filled text in lines of at most 80 bytes, as troff's style wants them.
std::string filled(const std::string& text) {
  constexpr std::size_t kWidth = 78;
  std::string out;
  std::string line;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && roff_escaped(line + ' ' + word).size() > kWidth)
      out += roff_escaped(std::exchange(line, {})) + '\n';
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + roff_escaped(line) + '\n';
}

/// Paragraphs are parted by empty lines. Indented lines keep their line ends, as examples do.
std::string paragraphs(const std::string& text) {
  std::string out;
  std::string paragraph;
  bool example = false;
  const auto end_paragraph = [&] {
    if (paragraph.empty()) return;
    out += (out.empty() ? "" : ".PP\n") + filled(std::exchange(paragraph, {}));
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const bool indented = line.starts_with("  ");
    if (example && !indented) out += ".fi\n";
    if (indented && !example) {
      end_paragraph();
      out += ".PP\n.nf\n";
    }
    example = indented;
    if (indented) {
      out += roff_escaped(line) + '\n';
    } else if (line.empty()) {
      end_paragraph();
    } else {
      paragraph += line + '\n';
    }
  }
  end_paragraph();
  return example ? out + ".fi\n" : out;
}

void add_options(const std::vector<OptionInfo>& options, std::string& out) {
  for (const auto& o : options) {
    out += ".TP\n";
    std::string names;
    for (const auto& n : o.names) names += (names.empty() ? "" : ", ") + fmt::format("\\fB{}\\fR", roff_escaped(n));
    if (o.takes_value && o.names.front().starts_with('-')) names += fmt::format(" \\fI{}\\fR", roff_escaped(o.value));
    std::string choices;
    for (const auto& c : o.choices) choices += (choices.empty() ? "" : ", ") + c;
    out += names + '\n' + filled(o.description);
    if (!choices.empty() && !o.description.contains(o.choices.back())) out += filled("One of " + choices + ".");
  }
}

std::string synopsis(const CommandInfo& command, const std::string& path) {
  std::string s = fmt::format(".B {}", roff_escaped(path));
  if (!command.commands.empty() && command.positionals.empty())
    s += command.options.size() > 1 ? "\n[\\fICOMMAND\\fR]" : "\n\\fICOMMAND\\fR";
  if (!command.options.empty()) s += "\n[\\fIOPTIONS\\fR]";
  for (const auto& p : command.positionals) s += fmt::format("\n\\fI{}\\fR", roff_escaped(p.names.front()));
  return s + '\n';
}

void add_man_command(const CommandInfo& command, const std::string& path, std::string& out) {
  out += fmt::format(".SS {}\n", roff_escaped(path.substr(path.find(' ') + 1)));
  out += synopsis(command, path) + ".PP\n" + paragraphs(command.description);
  add_options(command.positionals, out);
  add_options(command.options, out);
  for (const auto& c : command.commands) add_man_command(c, path + ' ' + c.name, out);
}

}  // namespace

std::string man_page(const CommandInfo& program, const std::string& version, const std::string& date) {
  std::string upper;
  for (const char c : program.name) upper += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  std::string out = fmt::format(".TH {} 1 {} \"{} {}\" \"User Commands\"\n", upper, date, program.name, version);
  out += fmt::format(".SH NAME\n{} \\- {}\n", program.name,
                     roff_escaped("proves that a Kubernetes service survives its traffic surge"));
  out += ".SH SYNOPSIS\n" + synopsis(program, program.name);
  out += ".SH DESCRIPTION\n" + paragraphs(program.description);
  out += ".SH COMMANDS\n";
  for (const auto& c : program.commands) add_man_command(c, program.name + ' ' + c.name, out);
  out +=
      ".SH ENVIRONMENT\n.TP\n.B KUBECONFIG\nWhere the cluster's configuration is, as for kubectl.\n"
      ".TP\n.B NO_COLOR\nNo colours, if set and not empty.\n"
      ".TP\n.B CI\nPlain lines instead of the live view, if set.\n";
  return out;
}

}  // namespace surgeproof
