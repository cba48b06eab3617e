// The cheapest settings that would have met the criteria.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzers/whatif/outlook.h"
#include "analyzers/whatif/simulation.h"

namespace surgeproof::whatif {

/// The settings that are searched.
struct Candidate {
  std::int32_t target = 0;  ///< percent of the request, or thousandths of a core
  std::int32_t min = 1;
  std::int32_t max = 1;
  std::int32_t up_percent = 100;  ///< scale-up policies: Percent per 15 s …
  std::int32_t up_pods = 4;       ///< … or Pods per 15 s, whichever allows more
  std::int32_t up_window_s = 0;
  std::int32_t down_percent = 100;  ///< scale-down policy: Percent …
  std::int32_t down_period_s = 15;  ///< … per so long
  std::int32_t down_window_s = 300;
  bool own_behavior = true;  ///< the HPA's own `behavior` (or none), untouched
  bool operator==(const Candidate&) const = default;
};

/// One recording to be met.
struct TuneCase {
  Service service;
  OutlookQuestion question;
  double uncertainty = 0.05;  ///< of the CPU per request, as a share: the winner must do with so much more and less
};

struct Tried {
  Candidate candidate;
  int failed = 0;              ///< criteria that were judged and not met, over all cases
  double excess = 0;           ///< by how much
  double replica_seconds = 0;  ///< wanted, over all cases
};

/// Why a value is as it is.
struct Reason {
  std::string setting;  ///< "maxReplicas"
  std::string change;   ///< "3 → 6"
  std::string why;      ///< "with 3: todo scales up to 5 … (never)"
};

struct Tuning {
  Tried current;
  Tried best;
  bool met = false;                ///< the best meets every criterion that was judged
  std::vector<std::string> unmet;  ///< what the best misses in its worst case: criterion and observed value
  std::vector<Tried> pareto;       ///< fewest failures against fewest replica-seconds; by cost
  std::vector<Reason> reasons;
  std::size_t tried = 0;
  hpa::AutoscalerSpec spec;  ///< with the best settings
};

/// The settings of a spec.
Candidate candidate_of(const hpa::AutoscalerSpec& spec, const hpa::Settings& settings);
/// A spec with these settings.
hpa::AutoscalerSpec with(const Candidate& candidate, hpa::AutoscalerSpec spec);

/// Searches about `budget` candidates: a grid around the current settings, then the neighbours of the best. What wins
/// must meet the criteria at every phase of syncs and samples, and whatever the cost of a request within its
/// uncertainty.
Tuning tune(const std::vector<TuneCase>& cases, std::size_t budget);

}  // namespace surgeproof::whatif
