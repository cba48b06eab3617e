#include "app/run/run_start.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/wall_time.h"

namespace surgeproof {

std::filesystem::path default_directory(const Scenario& scenario, WallTime now) {
  std::string name = format_rfc3339(now, 0);
  std::erase_if(name, [](char c) { return c == ':' || c == '-'; });
  name += '-';
  for (const char c : scenario.name) {
    if (name.size() > 60) break;
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
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

void add_facts(const k8s::ClusterFacts& facts, RunInfo& info) {
  info.environment["cluster"] = facts.server;
  if (!facts.context.empty()) info.environment["cluster context"] = facts.context;
  info.environment["cluster version"] = facts.version.empty() ? "unknown" : facts.version;
}

}  // namespace surgeproof
