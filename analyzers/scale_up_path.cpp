#include "analyzers/scale_up_path.h"

#include <algorithm>

#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

// Two watches tell of a cause and its effect in either order.
constexpr RunTime kWatchSkew = std::chrono::milliseconds{500};

bool belongs(const PodLife& pod, const HpaTrack& hpa) { return pod.hpa == hpa.name && pod.ns == hpa.ns; }

// The first instant at which a metric's status is above its target.
std::optional<RunTime> metric_visible(const HpaTrack& hpa, Interval look) {
  std::optional<RunTime> first;
  for (const MetricTrack& m : hpa.metrics) {
    const auto target = m.target.at(look.end);
    if (!target) continue;
    const auto at = m.current.first(look, [&](const std::optional<double>& v) { return v && *v > *target; });
    if (at) first = std::min(first.value_or(*at), *at);
  }
  return first;
}

// The last raise of the replicas wanted at or before `t`; without a limit the first one that leads to `to`.
std::optional<RunTime> raise_before(const HpaTrack& hpa, Interval look, RunTime t) {
  std::optional<RunTime> raise;
  std::optional<int> before = hpa.wanted().at(look.begin);
  for (const auto& change : hpa.wanted().changes()) {
    if (change.at <= look.begin) continue;
    if (change.at > t) break;
    if (before && change.value > *before) raise = change.at;
    before = change.value;
  }
  return raise;
}

// How far a pod had come at `t`.
int progress(const PodLife& pod, RunTime t) {
  const auto done = [&](const std::optional<Stamp>& s) { return s && s->observed <= t ? 1 : 0; };
  return done(pod.scheduled) + done(pod.started) + done(pod.ready);
}

// The pod that became ready when `to` was reached; else the new one that is furthest behind.
const PodLife* decisive_pod(const Timeline& timeline, const HpaTrack& hpa, Interval look,
                            std::optional<RunTime> reached) {
  constexpr int kReady = 3;
  const PodLife* last = nullptr;
  for (const PodLife& pod : timeline.pods) {
    if (!belongs(pod, hpa) || !pod.created || pod.created->observed > look.end) continue;
    if (reached) {
      if (pod.ready && pod.ready->observed == *reached) return &pod;
      continue;
    }
    if (pod.before_watch || (pod.gone && *pod.gone <= look.end) || progress(pod, look.end) == kReady) continue;
    if (!last || progress(pod, look.end) <= progress(*last, look.end)) last = &pod;
  }
  return last;
}

// Appends steps that never run backwards.
class Path {
 public:
  Path(std::vector<PathStep>& steps, Interval look) : steps_(steps), look_(look), at_(look.begin) {}

  /// A step that ended at `end`; without it the step is open, and the last.
  void step(std::string code, std::string words, std::optional<RunTime> end) {
    if (open_) return;
    open_ = !end || *end > look_.end;
    const RunTime until = open_ ? look_.end : std::max(at_, *end);
    steps_.push_back({std::move(code), std::move(words), {at_, until}, open_, {}, {}});
    at_ = until;
  }

 private:
  std::vector<PathStep>& steps_;
  Interval look_;
  RunTime at_;
  bool open_ = false;
};

std::optional<RunTime> observed(const std::optional<Stamp>& stamp) {
  return stamp ? std::optional<RunTime>{stamp->observed} : std::nullopt;
}

std::optional<RunTime> first_new_ready(const Timeline& timeline, const HpaTrack& hpa, Interval look) {
  std::optional<RunTime> first;
  for (const PodLife& pod : timeline.pods) {
    if (!belongs(pod, hpa) || !pod.ready) continue;
    const RunTime at = pod.ready->observed;
    if (at > look.begin && at <= look.end) first = std::min(first.value_or(at), at);
  }
  return first;
}

}  // namespace

const PathStep* ScaleUpPath::slowest() const {
  const auto it = std::max_element(steps.begin(), steps.end(), [](const PathStep& a, const PathStep& b) {
    return a.interval.length() < b.interval.length();
  });
  return it == steps.end() ? nullptr : &*it;
}

ScaleUpPath scale_up_path(const Timeline& timeline, const HpaTrack& hpa, RunTime start, int to, RunTime until) {
  ScaleUpPath path;
  Interval look{start, std::max(start, until)};
  path.reached = hpa.ready.first(look, [&](int ready) { return ready >= to; });
  if (path.reached) look.end = *path.reached;
  const Interval closed{look.begin, look.end + RunTime{1}};
  if (const auto range = hpa.ready.range(closed)) path.most_ready = range->second;
  if (const auto range = hpa.wanted().range(closed)) path.most_wanted = range->second;
  path.first_new_ready = first_new_ready(timeline, hpa, look);
  if (path.reached == start) return path;

  const PodLife* pod = decisive_pod(timeline, hpa, look, path.reached);
  const bool enough_wanted = path.most_wanted >= to;
  std::optional<RunTime> decided = raise_before(hpa, look, pod ? pod->created->observed + kWatchSkew : look.end);
  if (!pod && !enough_wanted) decided.reset();
  std::optional<RunTime> visible = metric_visible(hpa, look);
  if (decided) visible = std::min(visible.value_or(*decided), *decided);

  Path steps(path.steps, look);
  steps.step("metric", "the metric shows it", visible);
  steps.step("decision", "the HPA decides", decided);
  // Every pod that was made is ready, and yet there are too few: the decision for more is what is missing.
  if (!pod && !path.reached && !enough_wanted) return path;
  steps.step("creation", "the pod is created", pod ? observed(pod->created) : std::nullopt);
  if (!pod) return path;
  path.pod = pod->name;
  steps.step("scheduling", "the pod is scheduled", observed(pod->scheduled));
  steps.step("start", "its containers start", observed(pod->started));
  steps.step("readiness", "the pod becomes ready", observed(pod->ready));
  return path;
}

}  // namespace surgeproof
