#include <algorithm>
#include <utility>

#include "analyzers/timeline_parts.h"

namespace surgeproof {
namespace {

std::string track_name(const HpaMetric& m) {
  return m.container.empty() ? m.name : m.name + " of container " + m.container;
}

double from_milli(std::int64_t milli) { return static_cast<double>(milli) / 1000.0; }

std::optional<double> value_of(const HpaMetric& m) {
  if (m.target_utilization_percent) {
    return m.current_utilization_percent ? std::optional<double>{*m.current_utilization_percent} : std::nullopt;
  }
  const auto& milli = m.target_value_milli ? m.current_value_milli : m.current_average_milli;
  return milli ? std::optional<double>{from_milli(*milli)} : std::nullopt;
}

std::optional<double> target_of(const HpaMetric& m) {
  if (m.target_utilization_percent) return *m.target_utilization_percent;
  if (m.target_value_milli) return from_milli(*m.target_value_milli);
  return m.target_average_milli ? std::optional<double>{from_milli(*m.target_average_milli)} : std::nullopt;
}

MetricTrack& track_for(HpaTrack& hpa, const HpaMetric& m) {
  const std::string name = track_name(m);
  for (MetricTrack& t : hpa.metrics) {
    if (t.name == name && t.type == m.type) return t;
  }
  hpa.metrics.push_back({name, m.type, m.target_utilization_percent.has_value(), {}, {}});
  return hpa.metrics.back();
}

// A deleted HPA has no metric any more: its last value tells nothing of later.
void note_deletion(HpaTrack& hpa, RunTime t) {
  for (MetricTrack& track : hpa.metrics) track.current.add(t, std::nullopt);
}

void note_sample(HpaTrack& hpa, const HpaSample& s) {
  const RunTime t = s.at.observed;
  hpa.target = s.target;
  if (hpa.target.ns.empty()) hpa.target.ns = s.ns;
  hpa.scale_down_window = s.scale_down_window;
  hpa.min_replicas.add(t, s.min_replicas);
  hpa.max_replicas.add(t, s.max_replicas);
  hpa.desired.add(t, s.desired_replicas);
  hpa.current.add(t, s.current_replicas);
  for (const HpaMetric& m : s.metrics) {
    MetricTrack& track = track_for(hpa, m);
    track.current.add(t, value_of(m));
    if (const auto target = target_of(m)) track.target.add(t, *target);
  }
  if (hpa.conditions.empty() || hpa.conditions.back().conditions != s.conditions) {
    hpa.conditions.push_back({t, s.conditions});
  }
}

using Deltas = std::vector<std::pair<RunTime, int>>;

Steps<int> sum_up(Deltas deltas) {
  std::sort(deltas.begin(), deltas.end());
  Steps<int> steps;
  int n = 0;
  for (const auto& [at, delta] : deltas) steps.add(at, n += delta);
  return steps;
}

// Ready=True counts until the deletion is requested, as in a ReplicaSet's readyReplicas.
void add_ready(Deltas& deltas, const PodLife& pod) {
  bool counted = false;
  const std::optional<RunTime> end =
      pod.deletion_requested ? std::optional<RunTime>{pod.deletion_requested->observed} : pod.gone;
  for (const auto& change : pod.readiness.changes()) {
    const bool counts = change.value && !(end && change.at >= *end);
    if (end && change.at >= *end) break;
    if (counts != counted) deltas.emplace_back(change.at, counts ? 1 : -1);
    counted = counts;
  }
  if (counted && end) deltas.emplace_back(*end, -1);
}

}  // namespace

HpaTrack fold_hpa(std::vector<HpaSample> samples) {
  HpaTrack hpa;
  hpa.ns = samples.front().ns;
  hpa.name = samples.front().name;
  for (const HpaSample& s : samples) {
    if (s.deleted) {
      note_deletion(hpa, s.at.observed);
    } else {
      note_sample(hpa, s);
    }
  }
  hpa.samples = std::move(samples);
  return hpa;
}

void join_target(HpaTrack& hpa, std::span<const ScaleTargetSample> targets, std::span<const PodLife> pods) {
  Steps<int> target_ready;
  for (const ScaleTargetSample& s : targets) {
    if (s.deleted || s.ref.kind != hpa.target.kind || s.ref.name != hpa.target.name) continue;
    if (!s.ref.ns.empty() && s.ref.ns != hpa.ns) continue;
    hpa.spec_replicas.add(s.at.observed, s.spec_replicas);
    target_ready.add(s.at.observed, s.ready_replicas);
  }
  Deltas ready;
  Deltas there;
  for (const PodLife& pod : pods) {
    if (pod.hpa != hpa.name || pod.ns != hpa.ns || !pod.created) continue;
    add_ready(ready, pod);
    there.emplace_back(pod.created->observed, 1);
    if (pod.gone) there.emplace_back(*pod.gone, -1);
  }
  // The first pod seen says that pods are seen: none ready yet is a known zero.
  if (!there.empty()) ready.emplace_back(std::min_element(there.begin(), there.end())->first, 0);
  hpa.ready = there.empty() ? target_ready : sum_up(std::move(ready));
  hpa.pods = sum_up(std::move(there));
}

}  // namespace surgeproof
