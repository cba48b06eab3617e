// How long a recorded day takes to be judged, and how much memory: prints both. One optional argument: hours.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <chrono>
#include <cstdlib>
#include <vector>

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "tests/bench/judge/long_run.h"

namespace {

/// Of this process: whoever else uses the machine takes nothing from it, and it has one thread.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace surgeproof;
  bench::LongRun run;
  if (argc > 1) run.length = std::chrono::hours{std::max(1, std::atoi(argv[1]))};
  const Scenario scenario = bench::scenario_of(run);
  const double before = peak_megabytes();
  TimelineBuilder builder{scenario};
  double adding = 0;
  std::vector<Record> batch;  // so that the clock is not read for each record
  const auto add_batch = [&] {
    const double t = cpu_seconds();
    for (Record& r : batch) builder.add(std::move(r));
    adding += cpu_seconds() - t;
    batch.clear();
  };
  const auto [windows, cluster] = bench::tell(run, [&](Record&& r) {
    batch.push_back(std::move(r));
    if (batch.size() == 1000) add_batch();
  });
  add_batch();
  double t = cpu_seconds();
  const Timeline& timeline = builder.build(run.length + std::chrono::seconds{2}, true);
  const double building = cpu_seconds() - t;
  t = cpu_seconds();
  const Verdict verdict = judge(scenario, timeline);
  const double judging = cpu_seconds() - t;
  fmt::print("{} load windows, {} failures, {} cluster records, {} pods\n", windows, timeline.failures.size(), cluster,
             timeline.pods.size());
  fmt::print("CPU: add {:.2f} s, build {:.2f} s, judge {:.2f} s, together {:.2f} s\n", adding, building, judging,
             adding + building + judging);
  fmt::print("peak memory {:.0f} MB, of which {:.0f} MB before the first record\n", peak_megabytes(), before);
  for (const Finding& f : verdict.findings) fmt::print("  {}: {} ({})\n", f.id, name_of(f.status), f.reason);
  for (const Cause& c : verdict.causes) fmt::print("  cause {}: {}\n", c.code, c.count);
  return 0;
}
