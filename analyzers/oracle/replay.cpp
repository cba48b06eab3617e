#include "analyzers/oracle/replay.h"

#include <algorithm>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

bool lacks_metrics(const HpaSample& s) {
  return std::ranges::any_of(s.conditions, [](const Condition& c) {
    return c.type == "ScalingActive" && c.status == "False" && c.reason.starts_with("FailedGet");
  });
}

std::size_t equal_lines(const hpa::Comparison& c) {
  return static_cast<std::size_t>(std::ranges::count_if(c.lines, &hpa::ComparedLine::equal));
}

/// One way to see a sync, and what came of it.
struct Attempt {
  MetricsView view = MetricsView::recorded;
  RunTime shift{};             ///< of the instant
  bool without_guess = false;  ///< of what the controller remembered when the recording began
  const char* note = "";
};

constexpr Attempt kAttempts[] = {
    {},
    {MetricsView::fresher, 0s, false, "with samples that were recorded a little later"},
    {MetricsView::older, 0s, false, "with samples older by one"},
    {MetricsView::recorded, 300ms, false, "at the edge of a window"},
    {MetricsView::recorded, -300ms, false, "at the edge of a window"},
    {MetricsView::recorded, 1100ms, false, "at the edge of a window"},
    {MetricsView::recorded, -1100ms, false, "at the edge of a window"},
    {MetricsView::recorded, 0s, true, "with nothing remembered from before the recording"},
    {MetricsView::fresher, 0s, true, "with nothing remembered from before the recording"},
};

class Run {
 public:
  Run(const Timeline& timeline, const HpaTrack& track, WallTime started, const hpa::Settings& settings)
      : track_(track), settings_(settings), worlds_(timeline, track, server_zero(timeline, started)) {
    out_.grid = find_sync_grid(track);
  }

  Replay run() {
    if (track_.samples.empty()) return std::move(out_);
    const HpaSample& first = track_.samples.front();
    guess_ = {first.desired_replicas, worlds_.wall(first.at.observed)};
    memory_.recommendations.push_back(guess_);
    last_sync_ = first.at.observed;
    for (const std::size_t i : syncs_seen(track_)) {
      repeat_until(track_.samples[i].at.observed);
      take(i);
    }
    return std::move(out_);
  }

 private:
  /// A sync between two that were seen changed nothing: the same metrics, the same recommendation, at its own time.
  void repeat_until(RunTime next) {
    if (!last_recommended_) return;
    for (RunTime t = last_sync_ + out_.grid.period; t < next - out_.grid.period / 2; t += out_.grid.period) {
      memory_.recommendations.push_back({*last_recommended_, worlds_.wall(t)});
    }
    const WallTime oldest = worlds_.wall(next) - 65min;  // no window is longer than an hour
    std::erase_if(memory_.recommendations, [&](const auto& r) { return r.at < oldest; });
  }

  ReplayedSync attempt(std::size_t i, const Attempt& way) const {
    const HpaSample& sample = track_.samples[i];
    ReplayedSync sync;
    sync.sample = i;
    sync.at = sample.at.observed;
    sync.current = sample.current_replicas;
    sync.desired = sample.desired_replicas;
    sync.world = worlds_.at(sample, track_.samples[i - 1], way.view);
    sync.memory = memory_;
    if (way.without_guess) {
      std::erase_if(sync.memory.recommendations, [&](const auto& r) { return r == guess_; });
      // Never empty: the controller would take that for its own start.
      if (sync.memory.recommendations.empty())
        sync.memory.recommendations.push_back({0, worlds_.wall(sync.at) - 65min});
    }
    const WallTime now = worlds_.wall(sync.at + way.shift);
    hpa::Controller controller(settings_, sync.memory);
    sync.decision = controller.sync(sync.world, now);
    sync.comparison = hpa::compare(sync.decision, sync.world, status_of(sample), settings_, now);
    sync.note = way.note;
    const bool full = equal_lines(sync.comparison) == sync.comparison.lines.size();
    if (sync.comparison.same_count) sync.agreement = full ? Agreement::full : Agreement::count;
    return sync;
  }

  void take(std::size_t i) {
    const HpaSample& sample = track_.samples[i];
    ReplayedSync best = attempt(i, kAttempts[0]);
    if (lacks_metrics(sample) && best.agreement != Agreement::full) {
      best = attempt(i, {MetricsView::none, 0s, false, ""});
      if (best.comparison.same_count) best.agreement = Agreement::own_words;
    }
    for (const Attempt& way : std::span(kAttempts).subspan(1)) {
      if (best.agreement == Agreement::full || best.agreement == Agreement::own_words) break;
      ReplayedSync other = attempt(i, way);
      const auto rank = [](const ReplayedSync& s) {
        return std::pair(s.comparison.same_count, equal_lines(s.comparison));
      };
      if (rank(other) > rank(best)) best = std::move(other);
    }
    remember(best, sample);
    if (best.comparison.same_count) ++out_.equal_counts;
    out_.syncs.push_back(std::move(best));
  }

  /// The controller's memory after the sync: what the model recommends, but the change that was made.
  void remember(const ReplayedSync& sync, const HpaSample& sample) {
    memory_ = sync.memory;
    hpa::World world = sync.world;
    hpa::Controller controller(settings_, memory_);
    const WallTime at = worlds_.wall(sample.at.observed);
    (void)controller.sync(world, at);
    hpa::Memory after = controller.memory();
    if (!sync.comparison.same_count) {
      after.scale_ups = memory_.scale_ups;
      after.scale_downs = memory_.scale_downs;
      const int change = sample.desired_replicas - sample.current_replicas;
      if (change > 0) after.scale_ups.push_back({change, at, false});
      if (change < 0) after.scale_downs.push_back({-change, at, false});
    }
    memory_ = std::move(after);
    last_sync_ = sample.at.observed;
    last_recommended_.reset();
    if (sync.decision.limits) last_recommended_ = sync.decision.limits->recommended;
  }

  const HpaTrack& track_;
  const hpa::Settings& settings_;
  RecordedWorlds worlds_;
  Replay out_;
  hpa::Memory memory_;
  hpa::TimedRecommendation guess_;
  RunTime last_sync_{};
  std::optional<std::int32_t> last_recommended_;
};

}  // namespace

std::string_view name_of(Agreement a) {
  switch (a) {
    case Agreement::full:
      return "explained";
    case Agreement::count:
      return "same count";
    case Agreement::own_words:
      return "no usable metric";
    case Agreement::unexplained:
      break;
  }
  return "unexplained";
}

Replay replay(const Timeline& timeline, const HpaTrack& track, WallTime started, const hpa::Settings& settings) {
  return Run(timeline, track, started, settings).run();
}

}  // namespace surgeproof
