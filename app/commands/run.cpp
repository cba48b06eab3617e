#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "app/commands/commands.h"
#include "app/complain.h"
#include "app/preflight_check.h"
#include "app/terminal.h"

namespace surgeproof {
namespace {

/// What preflight found goes to standard error, and its warnings into the report. Another code than `pass`: nothing
/// may be sent.
ExitCode look_before(const LoadedScenario& loaded, SessionOptions& session) {
  if (loaded.scenario.watch.empty() && loaded.scenario.signals.empty()) {
    return complain(ExitCode::usage,
                    loaded.path + " watches no HPA and no signals: there is nothing for --preflight to look at");
  }
  auto list = preflight_check(loaded, session.cluster, {});
  if (!list) return list.error();
  std::erase_if(list->checks, [](const Check& c) { return c.level == Check::Level::ok; });
  for (const Check& c : list->checks) {
    if (c.level == Check::Level::note) continue;
    session.notes.push_back(fmt::format("preflight, {}: {}", c.group, c.sentence));
  }
  const bool refused = list->exit_code == static_cast<int>(ExitCode::fail);
  if (refused || session.view != View::quiet) {
    reports::write_checks(*list, std::cerr, {false, terminal_size().columns});
  }
  if (!refused) return ExitCode::pass;
  return complain(ExitCode::fail, "nothing was sent", "without --preflight it runs all the same");
}

}  // namespace

ExitCode run_command(const RunOptions& options) {
  const auto loaded = load_scenario(options.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  if (loaded->scenario.load.none()) {
    return complain(ExitCode::usage, loaded->path + " sends no load",
                    "surgeproof watch --hpa NAME watches without any");
  }
  SessionOptions session = options.session;
  if (options.preflight) {
    if (const auto code = look_before(*loaded, session); code != ExitCode::pass) return code;
  }
  return run_session(*loaded, session);
}

}  // namespace surgeproof
