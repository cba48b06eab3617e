// The traffic generator: open loop, or a closed loop when asked for.
//
//   Engine ── collector thread ── RecordSink
//     ├── worker 0: one thread, one reactor, its own arrivals, connections and recorder
//     └── worker W-1: …            nothing shared on the hot path; one swap of buffers a second
//
// Latency runs from the *planned* instant. A request that finds no free connection waits with its planned instant and
// counts as `unsent` once `client.max_lateness` has passed. After request_stop() what was not yet due is not planned at
// all, what waits ends as `unsent`, and what is in flight may end within its time limit: planned == sum of outcomes.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/records.h"
#include "base/run_time.h"
#include "loadgen/target.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

/// For the terminal view: totals so far, and the last moments.
struct LiveCounters {
  std::uint64_t planned = 0;                        ///< due so far
  std::uint64_t sent = 0;                           ///< of those, put on a connection
  std::array<std::uint64_t, kOutcomes> outcomes{};  ///< ended so, by Outcome
  std::uint64_t in_flight = 0;
  std::uint64_t backlog = 0;  ///< due, waiting for a connection
  std::uint64_t connections = 0;
  double sent_per_second = 0;                    ///< over the last whole second
  double answered_per_second = 0;                ///< likewise
  std::optional<std::chrono::microseconds> p50;  ///< latency of what was answered within the last 5 s
  std::optional<std::chrono::microseconds> p95;
  std::optional<std::chrono::microseconds> p99;

  [[nodiscard]] std::uint64_t ended() const;
  [[nodiscard]] std::uint64_t count(Outcome o) const { return outcomes[static_cast<std::size_t>(o)]; }
  [[nodiscard]] std::uint64_t dropped() const;  ///< as is_drop()
};

/// Can the target be reached at all? Resolves its name and opens one connection, with TLS when the target is https.
/// With Connections::direct it is one of `pods` that is connected to, and no name is looked up. The error is one
/// sentence for people. Blocks for at most `limit` (a system resolver that hangs may take longer).
std::expected<void, std::string> probe_target(const Scenario& scenario,
                                              std::chrono::nanoseconds limit = std::chrono::seconds{10},
                                              const std::vector<PodAddress>& pods = {});

/// One run of a scenario's load. Records go to `sink` from one thread of the engine's own, about once a second.
/// No member throws; the sink must not throw either, nor call the engine.
class Engine {
 public:
  Engine(const Scenario& scenario, ClockAnchor anchor, RecordSink sink);
  ~Engine();  ///< as request_stop() and join()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Starts the threads; time 0 of the load plan is at `load_start`, usually a moment from now. To be called once.
  /// The error says why nothing was started: a target that is no URL, an unreadable CA file, no thread to be had.
  std::expected<void, std::string> start(RunTime load_start);
  /// Connections::direct, after start(): the pods to be used from now on; none: no pod is ready, and requests end
  /// `connect_failed`. Those that are due before the first call wait for it. Addresses that are none are left out.
  /// Thread-safe.
  void set_endpoints(const std::vector<PodAddress>& pods);
  /// Sends nothing more and lets what is in flight end within its time limit. Thread-safe, returns at once.
  void request_stop();
  /// True once every request has ended and every record was delivered, LoadMark last.
  bool wait_for(std::chrono::nanoseconds limit);
  /// Waits for that and ends the threads.
  void join();
  /// Thread-safe.
  [[nodiscard]] LiveCounters live() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace surgeproof::loadgen
