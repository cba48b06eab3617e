// Did it get worse? Two judged runs side by side: each criterion, and the latency and errors of each phase.
//
// A percentile's change is worse when even the lower end of its interval is over the tolerance, and no worse when a
// change that matters would have been seen. The intervals hold together: with m of them each is as wide as a risk of
// 5 % / m asks (Bonferroni), so that two equal runs are called worse in at most 5 % of all comparisons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/finding.h"

namespace surgeproof {

struct Scenario;
struct Timeline;

enum class Change : std::uint8_t {
  better,
  same,  ///< within the tolerance, or within what chance does
  worse,
  unclear,  ///< too little was measured to tell
};
std::string_view name_of(Change c);

struct Comparison {
  std::string id;     ///< "latency p99 scaling", "phase scaling p95"
  std::string title;  ///< in words
  Change change = Change::unclear;
  std::string reason;  ///< "beyond_noise", "within_noise", "too_few_samples", "broken", "different_load", …
  std::string sentence;
  std::string before;  ///< "120ms"
  std::string after;
  std::optional<double> effect;      ///< relative: 0.25 is a quarter more
  std::optional<double> effect_low;  ///< the interval's ends
  std::optional<double> effect_high;
  bool operator==(const Comparison&) const = default;
};

struct CompareReport {
  Change overall = Change::unclear;  ///< worse if anything is; else unclear if a criterion is; else same or better
  std::string headline;
  std::vector<Comparison> criteria;
  std::vector<Comparison> phases;
  std::vector<std::string> notes;
  double tolerance = 0;  ///< relative
  bool operator==(const CompareReport&) const = default;

  /// 0 no worse, 1 worse, 4 cannot say.
  [[nodiscard]] int exit_code() const;
};

struct JudgedRun {
  const Scenario& scenario;
  const Timeline& timeline;
  const Verdict& verdict;
};

struct CompareOptions {
  double tolerance = 0.1;  ///< the least relative change that matters
  std::uint64_t seed = 1;  ///< of the resampling: the same runs give the same result
};

CompareReport compare_runs(const JudgedRun& before, const JudgedRun& after, const CompareOptions& options = {});

}  // namespace surgeproof
