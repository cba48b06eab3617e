// From an HPA to what it scales: the target, its ReplicaSets and pods, and the metrics it scales on.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "k8s/json_access.h"
#include "k8s/tracker.h"
#include "k8s/tracker_samples.h"

namespace surgeproof::k8s {
namespace {

/// Whether pods belong to the target by way of ReplicaSets.
bool has_replica_sets(const std::string& kind) { return kind == "Deployment" || kind == "Rollout"; }

std::string series_key(const HpaMetricSample& s) {
  return fmt::format("{}/{}/{}/{}/{}/{}/{}", s.ns, s.hpa, s.type, s.name, s.object.kind, s.object.name, s.labels);
}

}  // namespace

void Tracker::retire(std::size_t feed) { feeds_[feed].retired = true; }

void Tracker::want_target(Watched& watched, RunTime now, Records& out) {
  const auto index = static_cast<std::size_t>(
      std::ranges::find_if(watched_, [&](const Watched& w) { return &w == &watched; }) - watched_.begin());
  const auto spec = parse_json(watched.hpa->spec_json);
  if (!spec) return;
  const json::object& ref = object_at(as_object(*spec), "scaleTargetRef");
  const std::string identity = json::serialize(ref);
  if (watched.target_ref != identity && !watched.hpa->target.name.empty()) {
    drop_target(watched, now, out);
    watched.target_ref = identity;
    watched.target_feed = add_feed(target_feed(watched.request.ns, index, text_at(ref, "apiVersion"),
                                               watched.hpa->target.kind, watched.hpa->target.name));
  }
  const json::array& metrics = array_at(as_object(*spec), "metrics");
  if (metrics == watched.metrics) return;
  watched.metrics = metrics;
  if (watched.pods_feed) want_metrics(watched);
}

/// The HPA points elsewhere now: what it scaled is no longer its own, and is recorded as gone.
void Tracker::drop_target(Watched& watched, RunTime now, Records& out) {
  if (!watched.target_feed) return;
  drop_pods(watched, now, out);
  retire(*watched.target_feed);
  watched.target_feed.reset();
  if (watched.target && !watched.target->deleted) out.emplace_back(gone(*std::move(watched.target), now));
  watched.target.reset();
}

void Tracker::target_changed(Watched& watched, ScaleTargetSample sample, Records& out) {
  const std::string selector = sample.selector;
  const RunTime now = sample.at.observed;
  const bool deleted = sample.deleted;
  if (!watched.target || differs(*watched.target, sample)) {
    out.emplace_back(sample);
    watched.target = std::move(sample);
  }
  if (!deleted) want_pods(watched, selector, now, out);
}

void Tracker::want_pods(Watched& watched, const std::string& selector, RunTime now, Records& out) {
  // An empty selector means only that nothing better is known.
  if (watched.pods_feed && (selector.empty() || selector == watched.selector)) return;
  drop_pods(watched, now, out);
  const auto index = static_cast<std::size_t>(
      std::ranges::find_if(watched_, [&](const Watched& w) { return &w == &watched; }) - watched_.begin());
  const std::string& ns = watched.request.ns;
  watched.selector = selector;
  watched.pods_by_owner = selector.empty();
  watched.pods_feed = add_feed(pods_feed(ns, index, selector));
  watched.companions.push_back(add_feed(metrics_feed(ns, index, selector)));
  if (watched.hpa && has_replica_sets(watched.hpa->target.kind)) {
    watched.companions.push_back(add_feed(replica_sets_feed(ns, index, selector)));
  }
  want_metrics(watched);
}

void Tracker::drop_pods(Watched& watched, RunTime now, Records& out) {
  if (!watched.pods_feed) return;
  retire(*watched.pods_feed);
  watched.pods_feed.reset();
  for (const std::size_t feed : watched.companions) retire(feed);
  watched.companions.clear();
  for (auto& [name, pod] : watched.pods) out.emplace_back(gone(std::move(pod), now));
  watched.pods.clear();
  for (auto& [name, set] : watched.replica_sets) out.emplace_back(gone(std::move(set), now));
  watched.replica_sets.clear();
}

void Tracker::want_metrics(Watched& watched) {
  for (const std::size_t feed : watched.metric_feeds) retire(feed);
  watched.metric_feeds.clear();
  const auto index = static_cast<std::size_t>(
      std::ranges::find_if(watched_, [&](const Watched& w) { return &w == &watched; }) - watched_.begin());
  for (const json::value& metric : watched.metrics) {
    auto feed = hpa_metric_feed(watched.request.ns, index, as_object(metric), watched.selector);
    if (feed) watched.metric_feeds.push_back(add_feed(*std::move(feed)));
  }
}

void Tracker::replica_set_changed(Watched& watched, ReplicaSetSample sample, Records& out) {
  if (!watched.hpa || sample.owner != watched.hpa->target.kind + "/" + watched.hpa->target.name) return;
  const auto known = watched.replica_sets.find(sample.name);
  if (known != watched.replica_sets.end() && !differs(known->second, sample)) return;
  if (known == watched.replica_sets.end() && sample.deleted) return;
  out.emplace_back(sample);
  if (sample.deleted) {
    watched.replica_sets.erase(known);
    return;
  }
  if (known == watched.replica_sets.end()) {
    for (auto& event : events_.watch({"ReplicaSet", sample.ns, sample.name})) out.emplace_back(std::move(event));
  }
  watched.replica_sets.insert_or_assign(sample.name, std::move(sample));
}

void Tracker::node_changed(NodeSample sample, Records& out) {
  const auto known = nodes_.find(sample.name);
  if (known != nodes_.end() && !differs(known->second, sample)) return;
  if (known == nodes_.end() && sample.deleted) return;
  out.emplace_back(sample);
  if (sample.deleted) {
    nodes_.erase(known);
  } else {
    nodes_.insert_or_assign(sample.name, std::move(sample));
  }
}

void Tracker::hpa_metric_changed(const Feed& feed, HpaMetricSample sample, Records& out) {
  const Watched& watched = watched_[feed.watched];
  sample.ns = watched.request.ns;
  sample.hpa = watched.request.hpa;
  sample.type = feed.metric_type;
  sample.name = feed.name;
  const std::string key = series_key(sample);
  const auto known = hpa_metrics_.find(key);
  if (known != hpa_metrics_.end()) {
    HpaMetricSample before = known->second;
    before.observed = sample.observed;
    if (before == sample) return;
  }
  hpa_metrics_.insert_or_assign(key, sample);
  out.emplace_back(std::move(sample));
}

/// Events and slices that came before the pod did.
void Tracker::learned_pod(const PodSample& pod, RunTime now, Records& out) {
  if (!pod_names_.insert({pod.ns, pod.name}).second) return;
  for (auto& event : events_.watch({"Pod", pod.ns, pod.name})) out.emplace_back(std::move(event));
  if (const auto slash = pod.owner.find('/'); slash != std::string::npos) {
    const ObjectRef owner{pod.owner.substr(0, slash), pod.ns, pod.owner.substr(slash + 1)};
    for (auto& event : events_.watch(owner)) out.emplace_back(std::move(event));
  }
  for (auto& [key, slice] : slices_) {
    if (key.first != pod.ns || slice.recorded) continue;
    const bool lists =
        std::ranges::any_of(slice.sample.endpoints, [&](const Endpoint& e) { return e.pod == pod.name; });
    if (lists) record_slice(slice, now, out);
  }
}

/// "ReplicaSet/backend-5d8f6c" is Deployment backend's, "StatefulSet/db" is StatefulSet db's.
bool Tracker::belongs(const Watched& watched, const PodSample& pod) const {
  if (!watched.pods_by_owner) return true;
  if (!watched.hpa) return false;
  const ObjectRef& target = watched.hpa->target;
  if (!has_replica_sets(target.kind)) return pod.owner == target.kind + "/" + target.name;
  return pod.owner.substr(0, pod.owner.rfind('-')) == "ReplicaSet/" + target.name;
}

}  // namespace surgeproof::k8s
