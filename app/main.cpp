// The command line: which command was asked for, and what it says.
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "app/command_line/command_line.h"
#include "app/command_line/complaints.h"
#include "app/command_line/help.h"
#include "app/command_line/mistakes.h"

namespace surgeproof {
namespace {

constexpr const char* kAbout =
    "Proves that a Kubernetes service survives its traffic surge.\n\n"
    "  surgeproof demo                          see it work, on an embedded cluster\n"
    "  surgeproof check surge.yaml              is the scenario right? what will be sent?\n"
    "  surgeproof run surge.yaml                send the load, watch the HPA, judge, report\n"
    "  surgeproof load --rate 100/s URL         only load, without a scenario file or a cluster\n"
    "  surgeproof analyze runs/…                the verdict again, without a cluster\n"
    "  surgeproof explain runs/… --at +95s      why did the HPA do that?\n\n"
    "Exit codes: 0 all criteria pass, 1 one failed, 2 bad usage or scenario, 3 target or cluster out of reach,\n"
    "4 inconclusive, 70 internal error, 130 interrupted.";

int refuse(const std::string& why) {
  std::cerr << why << "\nRun with --help for more information.\n";
  return static_cast<int>(ExitCode::usage);
}

int run_main(int argc, char** argv) {
  CommandLine line;
  line.app.description(kAbout);
  line.app.name("surgeproof");
  line.app.formatter(std::make_shared<HelpFormatter>());
  line.app.set_version_flag("--version", SURGEPROOF_VERSION);
  line.app.require_subcommand(1);
  add_run_commands(line);
  add_hpa_commands(line);
  add_load_command(line);
  add_cluster_commands(line);
  add_demo_commands(line);
  add_shell_commands(line);
  std::vector<std::string> words{argv + 1, argv + argc};
  if (const auto why = one_dash_complaint(line.app, words); !why.empty()) return refuse(why);
  std::ranges::replace(words, std::string{"--live"}, std::string{"--live=:0"});  // its value is optional
  std::ranges::reverse(words);                                                   // as CLI11 wants them
  if (argc < 2) {
    std::cerr << line.app.help();
    return static_cast<int>(ExitCode::usage);
  }
  try {
    line.app.parse(words);
  } catch (const CLI::ParseError& e) {
    const bool asked = e.get_exit_code() == 0;  // --help, --version
    if (asked) {
      line.app.exit(e);
      return static_cast<int>(ExitCode::pass);
    }
    std::cerr << mistake_text(line.app, e) << '\n';
    return static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(line.chosen());
}

}  // namespace
}  // namespace surgeproof

int main(int argc, char** argv) {
  try {
    return surgeproof::run_main(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "surgeproof: internal error: " << e.what() << '\n';
    return static_cast<int>(surgeproof::ExitCode::internal);
  }
}
