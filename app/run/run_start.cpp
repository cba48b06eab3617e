#include "app/run/run_start.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "app/cluster_link.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "base/ascii.h"
#include "base/wall_time.h"

namespace surgeproof {

std::filesystem::path default_directory(const Scenario& scenario, WallTime now) {
  std::string name = format_rfc3339(now, 0);
  std::erase_if(name, [](char c) { return c == ':' || c == '-'; });
  name += '-';
  for (const char c : scenario.name) {
    if (name.size() > 60) break;
    const bool plain = ascii::is_alphanumeric(c) || c == '.';
    if (plain) {
      name += c;
    } else if (name.back() != '-') {
      name += '-';
    }
  }
  while (name.back() == '-') name.pop_back();
  std::filesystem::path directory = std::filesystem::path{"runs"} / name;
  std::error_code ignored;
  for (int n = 2; std::filesystem::exists(directory, ignored); ++n) {
    directory = std::filesystem::path{"runs"} / fmt::format("{}-{}", name, n);
  }
  return directory;
}

RunInfo run_info(const LoadedScenario& loaded, WallTime started) {
  RunInfo info;
  info.name = loaded.scenario.name;
  info.scenario_file = loaded.path;
  info.target = loaded.scenario.target;
  info.tool_version = SURGEPROOF_VERSION;
  info.started = started;
  utsname host{};
  if (uname(&host) == 0) {
    info.environment["generator host"] = host.nodename;
    info.environment["generator system"] = fmt::format("{} {} {}", host.sysname, host.release, host.machine);
  }
  info.environment["generator CPUs"] = std::to_string(sysconf(_SC_NPROCESSORS_ONLN));
  return info;
}

ExitCode see_cluster(k8s::Watcher& watcher, const std::string& origin, RunInfo& info) {
  using namespace std::chrono_literals;
  using Clock = std::chrono::steady_clock;
  for (const auto deadline = Clock::now() + 30s;;) {
    const auto synced = watcher.wait_synced(250ms);
    if (synced) break;
    if (InterruptGuard::count() > 0) return complain(ExitCode::interrupted, "interrupted before anything was seen");
    if (synced.error().kind == k8s::WatchError::Kind::timed_out && Clock::now() < deadline) continue;
    return complain(exit_code_of(synced.error()), fmt::format("{} ({})", synced.error().message, origin),
                    synced.error().hint);
  }
  add_facts(watcher.facts(), info);
  return ExitCode::pass;
}

void add_facts(const k8s::ClusterFacts& facts, RunInfo& info) {
  info.environment["cluster"] = facts.server;
  if (!facts.context.empty()) info.environment["cluster context"] = facts.context;
  info.environment["cluster version"] = facts.version.empty() ? "unknown" : facts.version;
}

}  // namespace surgeproof
