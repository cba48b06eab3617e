// Runs the engine against a target and sums up what it recorded.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/records.h"
#include "loadgen/engine.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

struct RunResult {
  std::vector<LoadWindow> windows;
  std::vector<RequestFailure> failures;
  std::vector<FailureOverflow> overflows;
  std::vector<PeerWindow> peers;
  std::vector<GeneratorSample> health;
  std::vector<LoadMark> marks;
  std::string refused;  ///< what start() said, if it refused
  LiveCounters live;    ///< after the end

  [[nodiscard]] std::uint64_t planned() const;
  [[nodiscard]] std::uint64_t sent() const;
  [[nodiscard]] std::uint64_t ended() const;
  [[nodiscard]] std::uint64_t count(Outcome o) const;
  [[nodiscard]] Histogram latency() const;
};

/// GET / at `rate` for `duration`, uniformly, with one worker and a time limit of 5 s.
Scenario hold_scenario(const std::string& target, double rate, std::chrono::nanoseconds duration);

/// Blocks until the run has ended. `meanwhile` is called once the load has started.
RunResult run_load(const Scenario& scenario, const std::function<void(Engine&)>& meanwhile = {});

}  // namespace surgeproof::loadgen
