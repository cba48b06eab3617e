#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/commands/explain.h"
#include "k8s/hpa/case_file.h"

namespace surgeproof {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

ExitCode answer_cases(const std::string& file) {
  std::ifstream opened;
  const bool from_stdin = file == "-";
  if (!from_stdin) {
    opened.open(file);
    if (!opened) {
      std::cerr << "surgeproof: cannot read " << file << ": " << std::strerror(errno) << '\n';
      return ExitCode::usage;
    }
  }
  std::istream& in = from_stdin ? std::cin : opened;
  const std::string shown = from_stdin ? "standard input" : file;
  ExitCode code = ExitCode::pass;
  int number = 0;
  int answered = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (is_blank(line)) continue;
    const auto answer = hpa::answer_case(line, shown, number);
    if (!answer) {
      std::cerr << format_diagnostic(answer.error()) << '\n';
      code = ExitCode::usage;
      continue;
    }
    ++answered;
    // Whoever reads answers as they come must not wait for a full buffer.
    std::cout << *answer << '\n' << std::flush;
    if (!std::cout) {
      std::cerr << "surgeproof: cannot write to standard output\n";
      return ExitCode::usage;
    }
  }
  if (in.bad()) {
    std::cerr << "surgeproof: cannot read " << shown << '\n';
    return ExitCode::usage;
  }
  if (answered == 0 && code == ExitCode::pass) {
    std::cerr << "surgeproof: " << shown << " holds no case\n";
    return ExitCode::usage;
  }
  return code;
}

}  // namespace surgeproof
