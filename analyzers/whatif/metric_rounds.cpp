#include "analyzers/whatif/metric_rounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "analyzers/merge.h"
#include "analyzers/oracle/recorded_world.h"
#include "analyzers/oracle/replay.h"
#include "base/duration.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;

/// Timestamps are whole seconds, cut off: half a second is the middle of what they can mean.
RunTime end_on_axis(WallTime timestamp, WallTime zero, RunTime seen) {
  const bool whole = timestamp.time_since_epoch() % 1s == 0s;
  return std::min<RunTime>(timestamp - zero + (whole ? 500ms : 0ms), seen);
}

class RoundFinder {
 public:
  RoundFinder(const Timeline& timeline, const HpaTrack& track, WallTime zero) : zero_(zero) {
    for (const PodLife& pod : timeline.pods) {
      if (pod.hpa == track.name && pod.ns == track.ns) pods_.push_back(&pod);
    }
    for (const PodMetricsSample& s : timeline.pod_metrics) {
      if (s.ns == track.ns) samples_.push_back(&s);
    }
  }

  /// What was recorded, poll by poll.
  void add_polls() {
    std::map<std::string_view, MetricSample> last;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const PodMetricsSample& s = *samples_[i];
      last[s.pod] = {end_on_axis(s.timestamp, zero_, s.observed), s.window};
      constexpr RunTime kSamePoll = 500ms;
      if (i + 1 < samples_.size() && samples_[i + 1]->observed - s.observed < kSamePoll) continue;
      add(s.observed, last);
    }
  }

  /// What a sync saw. Without any sample the round is empty: the controller got none.
  void add_sync(const ReplayedSync& sync, RunTime at) {
    std::map<std::string_view, MetricSample> seen;
    if (sync.world.pod_metrics) {
      for (const hpa::PodMetrics& m : *sync.world.pod_metrics) {
        if (m.timestamp) seen[m.name] = {end_on_axis(*m.timestamp, zero_, at), m.window};
      }
    }
    add(at, seen);
  }

  /// Those added since, by time.
  std::vector<MetricRound> take() { return std::exchange(rounds_, {}); }

 private:
  /// Of the pods that are there, oldest first. One that was never measured would get a sample as new as any.
  void add(RunTime at, const std::map<std::string_view, MetricSample>& by_pod) {
    MetricRound round{at, {}};
    MetricSample newest{RunTime::min(), {}};
    for (const auto& [pod, sample] : by_pod) newest = sample.end > newest.end ? sample : newest;
    for (const PodLife* pod : pods_) {
      const auto after = std::ranges::upper_bound(pod->states, at, {}, &PodState::at);
      if (after == pod->states.begin() || std::prev(after)->gone || std::prev(after)->terminating) continue;
      const auto own = by_pod.find(pod->name);
      if (!by_pod.empty()) round.samples.push_back(own == by_pod.end() ? newest : own->second);
    }
    rounds_.push_back(std::move(round));
  }

  WallTime zero_;
  std::vector<const PodLife*> pods_;
  std::vector<const PodMetricsSample*> samples_;
  std::vector<MetricRound> rounds_;
};

}  // namespace

std::vector<MetricRound> recorded_rounds(const Timeline& timeline, const HpaTrack& track, WallTime started,
                                         const hpa::Settings& settings) {
  RoundFinder finder(timeline, track, server_zero(timeline, started));
  finder.add_polls();
  std::vector<MetricRound> polls = finder.take();
  if (polls.empty()) return polls;
  const Replay replayed = replay(timeline, track, started, settings);
  // A simulated sync comes when the grid says, not when the status was seen: a little earlier or later.
  const RunTime early = std::min<RunTime>(replayed.grid.period / 4, 1s);
  for (const ReplayedSync& sync : replayed.syncs) {
    if (sync.agreement != Agreement::unexplained) finder.add_sync(sync, sync.at - early);
  }
  std::vector<MetricRound> syncs = finder.take();
  // What a sync saw holds until it has come: a poll just before it may have seen more.
  for (MetricRound& poll : polls) {
    const auto after = std::ranges::upper_bound(syncs, poll.from, {}, &MetricRound::from);
    if (after != syncs.begin()) poll.from = std::max(poll.from, std::prev(after)->from + 2 * early);
  }
  polls.insert(polls.end(), syncs.begin(), syncs.end());
  sort_stably(polls, [](const MetricRound& a, const MetricRound& b) { return a.from < b.from; });
  return polls;
}

std::string sample_words(const Loop& loop) {
  if (loop.rounds.empty()) {
    return fmt::format("samples over {} every {}, served {} later", format_duration(loop.metric_window),
                       format_duration(loop.metric_resolution), format_duration(loop.metric_lag));
  }
  RunTime shortest = RunTime::max();
  RunTime longest = RunTime::min();
  RunTime youngest = RunTime::max();
  RunTime oldest = RunTime::min();
  for (std::size_t i = 0; i < loop.rounds.size(); ++i) {
    const RunTime from = loop.rounds[i].from;
    const RunTime until = i + 1 < loop.rounds.size() ? loop.rounds[i + 1].from : from;
    for (const MetricSample& sample : loop.rounds[i].samples) {
      shortest = std::min(shortest, sample.window);
      longest = std::max(longest, sample.window);
      youngest = std::min(youngest, from - sample.end);
      oldest = std::max(oldest, until - sample.end);
    }
  }
  if (shortest > longest) return "no samples, as recorded";
  return fmt::format("samples as recorded, over {} to {} and {} to {} old; beyond the recording that is repeated",
                     format_duration(shortest), format_duration(longest), format_duration(youngest),
                     format_duration(oldest));
}

}  // namespace surgeproof::whatif
