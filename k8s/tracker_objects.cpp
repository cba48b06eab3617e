#include <fmt/format.h>

#include <algorithm>

#include "k8s/tracker.h"
#include "k8s/tracker_samples.h"

namespace surgeproof::k8s {
namespace {

std::string words(const Condition& c) {
  return c.message.empty() ? fmt::format("{} {}", c.type, c.reason)
                           : fmt::format("{} {}: {}", c.type, c.reason, c.message);
}

/// The condition that changed last; at first sight, the one that most likely explains something.
std::string condition_words(const std::optional<HpaSample>& before, const HpaSample& now, std::string otherwise) {
  for (const Condition& c : now.conditions) {
    if (!before) {
      if ((c.type == "ScalingLimited") == (c.status == "True")) return words(c);
      continue;
    }
    const auto same = [&](const Condition& old) {
      return old.type == c.type && old.status == c.status && old.reason == c.reason && old.message == c.message;
    };
    if (std::ranges::none_of(before->conditions, same)) return words(c);
  }
  if (!before && !now.conditions.empty()) return words(now.conditions.front());
  return otherwise;
}

}  // namespace

void Tracker::hpa_changed(const HpaSample& sample, Records& out) {
  if (!sample.deleted) hpa_names_[sample.ns].insert(sample.name);
  for (Watched& watched : watched_) {
    if (watched.request.ns != sample.ns || watched.request.hpa != sample.name) continue;
    if (watched.hpa && !differs(*watched.hpa, sample)) continue;
    watched.condition = condition_words(watched.hpa, sample, watched.condition);
    watched.hpa = sample;
    out.emplace_back(sample);
    for (auto& event : events_.watch({"HorizontalPodAutoscaler", sample.ns, sample.name}))
      out.emplace_back(std::move(event));
    for (auto& event : events_.watch(sample.target)) out.emplace_back(std::move(event));
    if (!sample.deleted) want_target(watched, sample.at.observed, out);
  }
}

void Tracker::pod_changed(Watched& watched, PodSample sample, Records& out) {
  if (!belongs(watched, sample)) return;
  const RunTime now = sample.at.observed;
  const auto known = watched.pods.find(sample.name);
  if (known != watched.pods.end() && known->second.uid != sample.uid) {
    // Another pod under the same name (StatefulSet), whose end was not seen. A late word of the old one is nothing new.
    if (sample.deleted) return;
    out.emplace_back(gone(std::move(known->second), now));
    watched.pods.erase(known);
  } else if (known != watched.pods.end() && !differs(known->second, sample)) {
    return;
  }
  out.emplace_back(sample);
  for (std::size_t i = 0; i < logs_.requests().size(); ++i) {
    if (logs_.requests()[i].selector.empty()) log_pod_changed(i, sample, states_[*watched.pods_feed], out);
  }
  if (sample.deleted) {
    watched.pods.erase(sample.name);
    return;
  }
  learned_pod(sample, now, out);
  watched.pods.insert_or_assign(sample.name, std::move(sample));
}

void Tracker::slice_changed(EndpointSliceSample sample, Records& out) {
  const std::pair key{sample.ns, sample.slice};
  const RunTime now = sample.at.observed;
  const auto known = slices_.find(key);
  if (sample.deleted) {
    if (known == slices_.end()) return;
    if (known->second.recorded) out.emplace_back(std::move(sample));
    slices_.erase(known);
    return;
  }
  for (WantedService& wanted : wanted_services_) {
    wanted.seen |= wanted.request.ns == sample.ns && wanted.request.service == sample.service;
  }
  if (known == slices_.end()) {
    Slice& slice = slices_[key];
    slice.sample = std::move(sample);
    record_slice(slice, now, out);
  } else if (differs(known->second.sample, sample)) {
    known->second.sample = std::move(sample);
    record_slice(known->second, now, out);
  }
}

/// A slice matters if it lists a watched pod, or belongs to a service of which another slice did; also later, when it
/// is empty.
void Tracker::record_slice(Slice& slice, RunTime now, Records& out) {
  const std::pair service{slice.sample.ns, slice.sample.service};
  const bool lists_pod = std::ranges::any_of(slice.sample.endpoints, [&](const Endpoint& e) {
    return !e.pod.empty() && pod_names_.contains({slice.sample.ns, e.pod});
  });
  if (!slice.recorded && !lists_pod && !services_.contains(service)) return;
  slice.recorded = true;
  slice.sample.at.observed = now;
  out.emplace_back(slice.sample);
  if (slice.sample.service.empty() || !services_.insert(service).second) return;
  for (auto& [key, other] : slices_) {
    if (!other.recorded && other.sample.ns == service.first && other.sample.service == service.second) {
      record_slice(other, now, out);
    }
  }
}

void Tracker::event_changed(ClusterEvent event, Records& out) {
  for (auto& taken : events_.take(std::move(event))) out.emplace_back(std::move(taken));
}

void Tracker::metrics_changed(const Feed& feed, PodMetricsSample sample, Records& out) {
  const auto pods = watched_[feed.watched].pods_feed;
  const bool pods_readable = pods && states_[*pods].listed;
  const bool known = pod_names_.contains({sample.ns, sample.pod});
  // Without readable pods the selector alone decides.
  if (!known && (pods_readable || feed.label_selector.empty())) return;
  const auto [last, first] = metric_times_.try_emplace({sample.ns, sample.pod}, sample.timestamp);
  if (!first && last->second == sample.timestamp) return;
  last->second = sample.timestamp;
  out.emplace_back(std::move(sample));
}

HpaState Tracker::live_of(const Watched& watched) const {
  HpaState out;
  out.ns = watched.request.ns;
  out.hpa = watched.request.hpa;
  out.condition = watched.condition;
  if (!watched.hpa) return out;
  out.found = !watched.hpa->deleted;
  out.target = watched.hpa->target.kind + "/" + watched.hpa->target.name;
  out.min = watched.hpa->min_replicas;
  out.max = watched.hpa->max_replicas;
  out.current = watched.hpa->current_replicas;
  out.desired = watched.hpa->desired_replicas;
  for (const HpaMetric& metric : watched.hpa->metrics) {
    if (!metric.target_utilization_percent) continue;
    out.target_percent = metric.target_utilization_percent;
    out.utilization_percent = metric.current_utilization_percent;
    break;
  }
  const bool pods_readable = watched.pods_feed && states_[*watched.pods_feed].listed;
  if (!pods_readable && watched.target && !watched.target->deleted) {
    out.pods = watched.target->status_replicas;
    out.ready = watched.target->ready_replicas;
    return out;
  }
  for (const auto& [name, pod] : watched.pods) {
    if (pod.deletion_requested) {
      ++out.terminating;
    } else if (pod.phase != "Succeeded" && pod.phase != "Failed") {
      ++out.pods;
      out.ready += pod.ready ? 1 : 0;
    }
  }
  return out;
}

LiveState Tracker::live() const {
  LiveState out;
  out.synced = synced();
  for (const Watched& watched : watched_) out.hpas.push_back(live_of(watched));
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    const FeedState& state = states_[i];
    if (!state.kind || *state.kind == WatchState::Kind::synced || feeds_[i].retired) continue;
    if (feeds_[i].kind == Feed::Kind::nodes && !state.listed) continue;
    constexpr std::string_view kWords[] = {"", "lost", "forbidden", "not served"};
    const std::string where = feeds_[i].ns.empty() ? "" : " in " + feeds_[i].ns;
    std::string gap =
        fmt::format("{}{}: {}{}{}", feeds_[i].resource, where, kWords[static_cast<std::size_t>(*state.kind)],
                    state.message.empty() ? "" : ", ", state.message);
    if (std::ranges::find(out.gaps, gap) == out.gaps.end()) out.gaps.push_back(std::move(gap));
  }
  return out;
}

}  // namespace surgeproof::k8s
