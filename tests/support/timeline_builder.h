// A run as a story, for tests of everything that looks at a timeline:
//
//   Story story;                                          // HPA todo, 2 to 5, 70 %; baseline, surge, after
//   story.during(0s, 60s).traffic(20, 50ms);
//   story.at(75s).cpu(180).replicas(5);
//   story.at(95s).ready(5);
//   Verdict v = story.verdict(12min);
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "analyzers/finding.h"
#include "analyzers/timeline.h"
#include "base/records.h"
#include "scenarios/scenario.h"

namespace surgeproof::test {

using namespace std::chrono_literals;

/// Server time at run time 0.
inline constexpr WallTime kWallZero{std::chrono::seconds{1'750'000'000}};
/// The stages of every story: 60 s at 20/s, 180 s at 400/s, 480 s at 20/s.
inline constexpr RunTime kSurge = 60s;
inline constexpr RunTime kSurgeEnd = 240s;
inline constexpr RunTime kLoadEnd = 720s;

class Story;

/// A request that failed on a connection of its own, and one on a connection that had served before.
RequestFailure failed_new(Outcome outcome);
RequestFailure failed_reused(Outcome outcome, RunTime connection_opened);

/// What happens at one instant, observed then and reported with the same time in whole seconds.
class Moment {
 public:
  Moment(Story& story, RunTime t) : story_(story), t_(t) {}

  /// Replicas wanted, by HPA and target. More: pods are created. Fewer: the youngest are deleted, gone a second later.
  Moment& replicas(int n);
  /// Pods ready: the oldest that are not yet become so; or the youngest break.
  Moment& ready(int n);
  /// What the HPA's status says of the CPU, in percent; the target is 70.
  Moment& cpu(int percent);
  Moment& max_replicas(int n);
  Moment& condition(std::string type, std::string status, std::string reason, std::string message = {});
  Moment& watch(std::string resource, WatchState::Kind kind, std::string message = {});
  /// A pod's milestones by name ("todo-1", … in order of creation); those that replicas() and ready() do are not
  /// needed.
  Moment& scheduled(const std::string& pod);
  Moment& started(const std::string& pod);
  Moment& unschedulable(const std::string& pod, std::string message);
  Moment& deletion(const std::string& pod);  ///< requested, 30 s grace
  Moment& terminated(const std::string& pod);
  Moment& gone(const std::string& pod);
  Moment& crash(const std::string& pod, int exit_code, std::string reason = "Error");  ///< and restarted at once
  /// The addresses of the service: ready pods, by name.
  Moment& endpoints(const std::vector<std::string>& pods);
  /// One request that failed now, planned now unless the record says otherwise; counted in a window as well.
  Moment& failure(RequestFailure f);
  /// An answer of the Prometheus, asked `before` it came.
  Moment& signal(const std::string& name, double value, RunTime before = 20ms);
  /// A line of todo-1's log, read by the criterion whose pods are `selector`.
  Moment& log(const std::string& pattern, const std::string& line, const std::string& selector = "app=todo");
  Moment& interrupted();

 private:
  Moment& pod_changed(PodSample& pod);
  void hpa_changed();
  PodSample& pod(const std::string& name);
  Story& story_;
  RunTime t_;
};

/// What goes on for a while, in windows of one second.
class Span {
 public:
  Span(Story& story, Interval span) : story_(story), span_(span) {}
  /// Answered well, all with that latency and service time.
  Span& traffic(std::uint64_t per_second, std::chrono::microseconds latency);
  /// The same from the planned instant, with another time from the actual send.
  Span& traffic(std::uint64_t per_second, std::chrono::microseconds latency, std::chrono::microseconds service_time);
  Span& traffic(const std::string& request, std::uint64_t per_second, std::chrono::microseconds latency);
  /// Planned and ended so, without a latency (the status answers: 500 for server_error, …, with one).
  Span& outcome(Outcome o, std::uint64_t per_second);
  /// Asked every 15 s, answered in 20 ms.
  Span& signal(const std::string& name, double value);
  Span& generator(RunTime schedule_error, double busiest_worker, std::uint64_t backlog = 0,
                  std::uint64_t in_flight = 0);

 private:
  void add_window(RunTime begin, LoadWindow window);
  Story& story_;
  Interval span_;
};

class Story {
 public:
  /// Two ready pods, metrics at 40 %, everything synced, load started at 0.
  Story();

  Moment at(RunTime t) { return {*this, t}; }
  Span during(RunTime begin, RunTime end) { return {*this, {begin, end}}; }
  template <class Rule>
  Story& criterion(Rule rule) {
    scenario.criteria.push_back({std::move(rule), {}});
    return *this;
  }

  [[nodiscard]] Timeline timeline(RunTime end = kLoadEnd + 10s, bool complete = true) const;
  /// Judged; the load finishes at kLoadEnd + 1 s when `end` is later than that.
  [[nodiscard]] Verdict verdict(RunTime end = kLoadEnd + 10s, bool complete = true) const;

  Scenario scenario;
  std::vector<Record> records;

 private:
  friend class Moment;
  friend class Span;
  /// One record of an object at one instant: the last one said.
  void put(const HpaSample& s);
  void put(const PodSample& s);
  HpaSample hpa_;
  ScaleTargetSample target_;
  std::vector<PodSample> pods_;  // alive, by creation
  int pods_made_ = 0;
};

/// 400/s from 60 s at 200 ms; 5 wanted at 75 s, 4 ready at 90 s and 5 at 95 s; 2 wanted at 580 s. No error.
Story& tell_good_run(Story& story);

}  // namespace surgeproof::test
