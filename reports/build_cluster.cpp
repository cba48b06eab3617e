// Replicas, metrics and pods over time.
#include <set>

#include "reports/build_parts.h"

namespace surgeproof::reports {
namespace {

// The HPA does nothing while the metric is within this share of its target
// (kube-controller-manager --horizontal-pod-autoscaler-tolerance, 0.1 by default).
constexpr double kTolerance = 0.1;

MetricSeries build_metric(const Timeline& timeline, const MetricTrack& track, const Axis& axis) {
  MetricSeries out;
  out.name = track.name;
  out.unit = track.utilization ? "%" : "";
  for (const auto& change : track.current.changes()) {
    out.t_s.push_back(axis(change.at));
    out.value.push_back(change.value);
  }
  if (!out.t_s.empty() && out.t_s.back() < axis(timeline.end)) {
    out.t_s.push_back(axis(timeline.end));
    out.value.push_back(out.value.back());
  }
  out.target = track.target.last().value_or(0);
  out.band_low = out.target * (1 - kTolerance);
  out.band_high = out.target * (1 + kTolerance);
  return out;
}

std::vector<PodBar::Tick> build_ticks(const Timeline& timeline, const PodLife& pod, const Axis& axis) {
  std::vector<PodBar::Tick> ticks;
  for (const ClusterEvent& e : timeline.events) {
    if (e.regarding.kind != "Pod" || e.regarding.name != pod.name || e.regarding.ns != pod.ns) continue;
    ticks.push_back({axis(e.at.observed), e.type == "Warning", fmt::format("{}: {}", e.reason, e.message)});
  }
  for (const ContainerEnd& end : pod.ends) {
    const bool bad = end.exit_code.value_or(0) != 0 && !pod.deletion_requested;
    std::string text = fmt::format("container {} ended: {}", end.container, end.reason);
    if (end.exit_code) text += fmt::format(", exit code {}", *end.exit_code);
    ticks.push_back({axis(end.observed), bad, std::move(text)});
  }
  std::ranges::sort(ticks, std::less{}, [](const PodBar::Tick& t) { return std::tie(t.t_s, t.text); });
  return ticks;
}

PodBar build_pod(const Timeline& timeline, const PodLife& pod, const Axis& axis) {
  PodBar bar;
  bar.name = pod.name;
  bar.node = pod.node;
  bar.before_watch = pod.before_watch;
  bar.created_s = axis(pod.created);
  bar.scheduled_s = axis(pod.scheduled);
  bar.started_s = axis(pod.started);
  bar.ready_s = axis(pod.ready);
  bar.in_endpoints_s = axis(pod.in_endpoints);
  bar.first_request_s = axis(pod.first_request);
  bar.terminating_s = axis(pod.deletion_requested);
  bar.out_of_endpoints_s = axis(pod.out_of_endpoints);
  bar.gone_s = axis(pod.gone);
  bar.restarts = pod.restarts;
  bar.ticks = build_ticks(timeline, pod, axis);
  return bar;
}

}  // namespace

ReplicaSteps replicas_at(const HpaTrack& track, RunTime end, const std::vector<RunTime>& also, const Axis& axis) {
  const Steps<int>& current = track.spec_replicas.empty() ? track.current : track.spec_replicas;
  std::set<RunTime> instants(also.begin(), also.end());
  for (const Steps<int>* steps : {&track.desired, &current, &track.ready}) {
    for (const auto& change : steps->changes()) instants.insert(change.at);
  }
  if (instants.empty()) return {};
  instants.insert(end);
  ReplicaSteps out;
  for (const RunTime t : instants) {
    out.t_s.push_back(axis(t));
    out.desired.push_back(track.desired.at(t));
    out.current.push_back(current.at(t));
    out.ready.push_back(track.ready.at(t));
  }
  return out;
}

HpaReport build_hpa(const Timeline& timeline, const HpaTrack& track, const Axis& axis) {
  HpaReport out;
  out.ns = track.ns;
  out.name = track.name;
  out.target = track.target.kind.empty() ? "" : track.target.kind + "/" + track.target.name;
  out.min_replicas = track.min_replicas.last().value_or(1);
  out.max_replicas = track.max_replicas.last().value_or(0);
  if (track.scale_down_window) out.scale_down_window_s = static_cast<double>(track.scale_down_window->count());
  out.replicas = replicas_at(track, timeline.end, {}, axis);
  // What the run cost: ready pods, summed over the recording.
  double replica_seconds = 0;
  track.ready.each({RunTime{0}, timeline.end}, [&](Interval at, int ready) {
    replica_seconds += ready * std::chrono::duration<double>(at.length()).count();
  });
  if (!track.ready.empty()) out.scores["replica_seconds"] = std::round(replica_seconds);
  for (const MetricTrack& metric : track.metrics) out.metrics.push_back(build_metric(timeline, metric, axis));
  for (const PodLife& pod : timeline.pods) {
    if (pod.hpa == track.name && pod.ns == track.ns) out.pods.push_back(build_pod(timeline, pod, axis));
  }
  return out;
}

std::vector<Gap> build_gaps(const Timeline& timeline, const Axis& axis) {
  std::vector<Gap> out;
  for (const WatchGap& gap : timeline.gaps) {
    // Before the first list nothing can be seen: worth a word only when the load had begun.
    if (gap.kind == WatchState::Kind::synced && gap.interval.end <= axis.origin) continue;
    std::string_view why = "not listed yet";
    if (gap.kind == WatchState::Kind::lost) why = "connection lost";
    if (gap.kind == WatchState::Kind::forbidden) why = "access refused";
    if (gap.kind == WatchState::Kind::missing) why = "not served by this cluster";
    if (gap.resource.starts_with("signals/")) why = "no value";
    out.push_back({gap.resource, gap.message.empty() ? std::string(why) : fmt::format("{}: {}", why, gap.message),
                   axis(gap.interval.begin), axis(gap.interval.end)});
  }
  return out;
}

}  // namespace surgeproof::reports
