#include "analyzers/doctor/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

using Level = Check::Level;

/// Besides the connections to the target: the API server's, files, timers.
constexpr std::int64_t kOtherFiles = 64;
/// A closed connection's port is held by TIME_WAIT for so long (Linux, TCP_TIMEWAIT_LEN).
constexpr double kTimeWaitSeconds = 60;
/// What one core sends without falling behind, with room to spare.
constexpr double kRatePerCpu = 20'000;
/// The server's clock is told in whole seconds; a run joins two clocks only loosely.
constexpr std::chrono::seconds kClockTolerance{2};

class Examination {
 public:
  explicit Examination(const DoctorFacts& facts) : f_{facts} {}

  Checks examine() {
    cluster();
    rights();
    metrics();
    target();
    machine();
    return std::move(checks_);
  }

 private:
  void add(std::string_view group, std::string id, Level level, std::string sentence, std::string remedy = {}) {
    checks_.push_back({std::string{group}, std::move(id), level, std::move(sentence), std::move(remedy)});
  }
  void attempt(std::string_view group, std::string id, const Attempt& a, Level otherwise = Level::failure) {
    add(group, std::move(id), a.well ? Level::ok : otherwise, a.words, a.remedy);
  }

  void cluster() {
    attempt("Cluster", "configuration", f_.configuration);
    for (const auto& w : f_.warnings) add("Cluster", "configuration", Level::warning, w);
    if (f_.server) attempt("Cluster", "server", *f_.server);
    if (!f_.clock_ahead) return;
    const auto off = std::chrono::abs(*f_.clock_ahead);
    const auto words = fmt::format("this machine's clock is {} {} the server's", format_duration(off),
                                   f_.clock_ahead->count() >= 0 ? "ahead of" : "behind");
    if (off > kClockTolerance) {
      add("Cluster", "clock", Level::warning, words,
          "synchronize it (timedatectl set-ntp true): server times in the report are off by so much");
    } else {
      add("Cluster", "clock", Level::ok, "as the server's, within a second or two");
    }
  }

  void rights() {
    // One line a resource and outcome; the verbs together.
    struct Line {
      const RightAsked* first = nullptr;
      std::string granted;
      std::string denied;
      std::string silent;
    };
    std::vector<std::pair<std::pair<std::string, std::string>, Line>> lines;
    for (const auto& r : f_.rights) {
      const std::pair key{r.ns, r.resource};
      auto at = std::ranges::find(lines, key, [](const auto& l) { return l.first; });
      if (at == lines.end()) at = lines.insert(lines.end(), {key, Line{&r, {}, {}, {}}});
      auto& words = !r.granted ? at->second.silent : *r.granted ? at->second.granted : at->second.denied;
      words += (words.empty() ? "" : ", ") + r.verb;
      if (!r.granted || !*r.granted) at->second.first = &r;
    }
    for (const auto& [key, line] : lines) {
      const auto group = key.first.empty() ? std::string{"Rights in the cluster"} : "Rights in " + key.first;
      const auto& r = *line.first;
      if (!line.denied.empty()) {
        add(group, key.second, r.essential ? Level::failure : Level::warning,
            fmt::format("not allowed to {}; without: {}", line.denied, r.without),
            f_.scenario.empty() ? "surgeproof print-rbac SCENARIO prints the Role that is needed"
                                : fmt::format("surgeproof print-rbac {} | kubectl apply -f -", f_.scenario));
      } else if (!line.silent.empty()) {
        add(group, key.second, Level::unseen, fmt::format("could not be asked: {}", r.words));
      } else {
        add(group, key.second, Level::ok, line.granted);
      }
    }
  }

  void metrics() {
    if (f_.resource_metrics) attempt("Metrics", "metrics.k8s.io", *f_.resource_metrics, Level::failure);
    if (f_.samples) attempt("Metrics", "samples", *f_.samples, Level::warning);
    if (f_.prometheus) attempt("Metrics", "Prometheus", *f_.prometheus, Level::failure);
  }

  void target() {
    if (f_.target) attempt("Target", f_.target_is_tls ? "TLS connection" : "connection", *f_.target);
  }

  void machine() {
    const auto& m = f_.machine;
    constexpr std::string_view kGroup = "This machine";
    if (m.open_files > 0) {
      const auto needed = m.connections + kOtherFiles;
      const auto words = fmt::format("{} open files allowed", m.open_files);
      if (needed > m.open_files) {
        const bool raisable = m.open_files_hard >= needed;
        add(kGroup, "open files", Level::failure, fmt::format("{}, the scenario may need {}", words, needed),
            raisable ? fmt::format("ulimit -n {}", std::min(m.open_files_hard, std::max<std::int64_t>(needed, 65536)))
                     : "raise the hard limit (limits.conf, LimitNOFILE), or lower connections.max");
      } else {
        add(kGroup, "open files", Level::ok, words);
      }
    }
    if (m.local_ports > 0) {
      // With a new connection for each request the ports of a minute are in use at once.
      const auto held = m.reuses_connections ? 0.0 : m.peak_per_second * kTimeWaitSeconds;
      const auto needed = std::max(static_cast<double>(m.connections), held);
      const auto words = fmt::format("{} local ports for connections to one address", m.local_ports);
      if (needed > static_cast<double>(m.local_ports)) {
        add(kGroup, "local ports", Level::failure, fmt::format("{}, the scenario may need {:.0f}", words, needed),
            m.reuses_connections
                ? "sysctl net.ipv4.ip_local_port_range='1024 65535', or lower connections.max"
                : "connections: {reuse: true}, or a lower rate: a closed connection holds its port 60s");
      } else {
        add(kGroup, "local ports", Level::ok, words);
      }
    }
    if (m.cpus <= 0) return;
    const auto words = fmt::format("{:.3g} to use", m.cpus);
    if (m.peak_per_second > kRatePerCpu * m.cpus) {
      add(kGroup, "CPUs", Level::warning,
          fmt::format("{}: {:.0f} requests a second are more than they surely carry", words, m.peak_per_second),
          "more CPUs, or share the load among several generators");
    } else {
      add(kGroup, "CPUs", Level::ok, words);
    }
  }

  const DoctorFacts& f_;
  Checks checks_;
};

}  // namespace

Checks examine(const DoctorFacts& facts) { return Examination{facts}.examine(); }

int doctor_exit_code(const DoctorFacts& facts, const Checks& checks) {
  const bool cluster = facts.configuration.well && (!facts.server || facts.server->well);
  const bool target = !facts.target || facts.target->well;
  if (!cluster || !target) return 3;
  return count(checks, Check::Level::failure) + count(checks, Check::Level::unseen) > 0 ? 4 : 0;
}

std::string doctor_headline(int exit_code, const Checks& checks) {
  const auto warnings = count(checks, Check::Level::warning);
  const std::string also = warnings == 0 ? "" : fmt::format("; {}", plural(warnings, "warning"));
  if (exit_code == 3) return "Out of reach: no run can be made from here as it stands" + also;
  if (exit_code == 4) return "In reach, but a run from here would not see or measure enough" + also;
  return (warnings == 0 ? "Fine: a run can be made from here" : "A run can be made from here") + also;
}

}  // namespace surgeproof
