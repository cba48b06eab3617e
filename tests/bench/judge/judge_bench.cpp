// How long a recorded day takes to be judged, and how much memory: prints both. One optional argument: hours.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "tests/bench/judge/long_run.h"

namespace {

double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
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
  const auto [windows, cluster] = bench::tell(run, [&](Record&& r) {
    const auto t = std::chrono::steady_clock::now();
    builder.add(std::move(r));
    adding += seconds_since(t);
  });
  auto t = std::chrono::steady_clock::now();
  const Timeline& timeline = builder.build(run.length + std::chrono::seconds{2}, true);
  const double building = seconds_since(t);
  t = std::chrono::steady_clock::now();
  const Verdict verdict = judge(scenario, timeline);
  const double judging = seconds_since(t);
  fmt::print("{} load windows, {} failures, {} cluster records, {} pods\n", windows, timeline.failures.size(), cluster,
             timeline.pods.size());
  fmt::print("add {:.2f} s, build {:.2f} s, judge {:.2f} s, together {:.2f} s\n", adding, building, judging,
             adding + building + judging);
  fmt::print("peak memory {:.0f} MB, of which {:.0f} MB before the first record\n", peak_megabytes(), before);
  for (const Finding& f : verdict.findings) fmt::print("  {}: {} ({})\n", f.id, name_of(f.status), f.reason);
  for (const Cause& c : verdict.causes) fmt::print("  cause {}: {}\n", c.code, c.count);
  return 0;
}
