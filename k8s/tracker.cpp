#include "k8s/tracker.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostic.h"
#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// ", did you mean …": of the names that exist.
std::string alternatives(const std::string& name, const std::set<std::string>& names) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string close = nearest(name, candidates);
  return fmt::format("{}those that exist: {}", close.empty() ? "" : fmt::format("did you mean \"{}\"? ", close),
                     fmt::join(candidates, ", "));
}

}  // namespace

Tracker::Tracker(std::vector<WatchRequest> requests, WallTime oldest_event, std::vector<LogRequest> logs,
                 std::vector<ServiceRequest> services)
    : events_(oldest_event), logs_(std::move(logs)) {
  std::set<std::string> namespaces;
  for (WatchRequest& request : requests) {
    Watched watched;
    watched.request = std::move(request);
    namespaces.insert(watched.request.ns);
    watched_.push_back(std::move(watched));
  }
  std::set<std::string> of_services;
  for (ServiceRequest& request : services) {
    services_.insert({request.ns, request.service});
    if (!namespaces.contains(request.ns)) of_services.insert(request.ns);
    wanted_services_.push_back({.request = std::move(request)});
  }
  for (const std::string& ns : namespaces) {
    add_feed(hpas_feed(ns));
    add_feed(slices_feed(ns));
    add_feed(events_feed(ns));
  }
  for (const std::string& ns : of_services) add_feed(slices_feed(ns));
  if (!watched_.empty()) add_feed(nodes_feed());
  for (std::size_t i = 0; i < logs_.requests().size(); ++i) {
    const LogRequest& request = logs_.requests()[i];
    if (request.selector.empty()) continue;
    const std::set<std::string> where = request.ns.empty() ? namespaces : std::set{request.ns};
    for (const std::string& ns : where) add_feed(log_pods_feed(ns, i, request.selector));
  }
}

bool Tracker::essential(const Feed& feed) const {
  switch (feed.kind) {
    case Feed::Kind::hpas:
    case Feed::Kind::target:
    case Feed::Kind::pods:
      return true;
    case Feed::Kind::slices:
      return std::ranges::any_of(wanted_services_, [&](const WantedService& w) { return w.request.ns == feed.ns; });
    default:
      return false;
  }
}

std::size_t Tracker::add_feed(Feed feed) {
  feeds_.push_back(std::move(feed));
  states_.emplace_back();
  return feeds_.size() - 1;
}

void Tracker::listed(std::size_t id, std::size_t version, const json::array& items, Page page, RunTime now,
                     Records& out) {
  const Feed& feed = feeds_[id];
  FeedState& state_of_feed = states_[id];
  if (feed.retired) return;
  if (page == Page::only || page == Page::first) {
    state_of_feed.present.clear();
    if (feed.kind == Feed::Kind::hpas) hpa_names_[feed.ns].clear();
  }
  for (const json::value& item : items) {
    if (!feed.polled()) {
      state_of_feed.present.insert(text_at(object_at(as_object(item), "metadata"), "name"));
    }
    changed(id, version, as_object(item), false, now, out);
  }
  if (page != Page::only && page != Page::last) return;
  forget_absent(feed, state_of_feed.present, now, out);
  state_of_feed.present.clear();
  state_of_feed.listed = true;
  state(id, WatchState::Kind::synced, "", now, out);
  log_pods_listed(feed, now, out);
}

void Tracker::changed(std::size_t id, std::size_t version, const json::object& object, bool deleted, RunTime now,
                      Records& out) {
  const Feed& feed = feeds_[id];
  if (feed.retired) return;
  switch (feed.kind) {
    case Feed::Kind::hpas: {
      HpaSample sample = hpa_view(object, static_cast<HpaVersion>(version), now);
      if (sample.ns.empty()) sample.ns = feed.ns;
      sample.deleted = deleted;
      hpa_changed(sample, out);
      break;
    }
    case Feed::Kind::target: {
      Watched& watched = watched_[feed.watched];
      ScaleTargetSample sample = scale_target_view(object, watched.hpa ? watched.hpa->target.kind : "", now);
      sample.deleted = deleted;
      if (watched.hpa && sample.ref.name == watched.hpa->target.name) target_changed(watched, std::move(sample), out);
      break;
    }
    case Feed::Kind::replica_sets: {
      ReplicaSetSample sample = replica_set_view(object, watched_[feed.watched].request.hpa, now);
      sample.deleted = deleted;
      replica_set_changed(watched_[feed.watched], std::move(sample), out);
      break;
    }
    case Feed::Kind::log_pods: {
      PodSample sample = pod_view(object, "", now);
      sample.deleted = deleted;
      log_pod_changed(feed.watched, sample, states_[id], out);
      break;
    }
    case Feed::Kind::nodes: {
      NodeSample sample = node_view(object, now);
      sample.deleted = deleted;
      node_changed(std::move(sample), out);
      break;
    }
    case Feed::Kind::hpa_metric:
      if (auto sample = hpa_metric_view(object, now)) hpa_metric_changed(feed, *std::move(sample), out);
      break;
    case Feed::Kind::pods: {
      PodSample sample = pod_view(object, watched_[feed.watched].request.hpa, now);
      sample.deleted = deleted;
      pod_changed(watched_[feed.watched], std::move(sample), out);
      break;
    }
    case Feed::Kind::slices: {
      EndpointSliceSample sample = endpoint_slice_view(object, now);
      sample.deleted = deleted;
      slice_changed(std::move(sample), out);
      break;
    }
    case Feed::Kind::events:
      // That an event is gone only means that it is an hour old.
      if (!deleted) event_changed(event_view(object, now), out);
      break;
    case Feed::Kind::metrics:
      if (auto sample = pod_metrics_view(object, now)) metrics_changed(feed, *std::move(sample), out);
      break;
  }
}

void Tracker::forget_absent(const Feed& feed, const std::set<std::string>& present, RunTime now, Records& out) {
  const auto forget = [&](auto sample) {
    sample.at = {now, std::nullopt};
    sample.deleted = true;
    out.emplace_back(std::move(sample));
  };
  if (feed.kind == Feed::Kind::hpas) {
    for (Watched& w : watched_) {
      if (w.request.ns != feed.ns || !w.hpa || w.hpa->deleted || present.contains(w.request.hpa)) continue;
      forget(*w.hpa);
      w.hpa->deleted = true;
    }
  } else if (feed.kind == Feed::Kind::target) {
    auto& target = watched_[feed.watched].target;
    if (!target || target->deleted || present.contains(target->ref.name)) return;
    forget(*target);
    target->deleted = true;
  } else if (feed.kind == Feed::Kind::pods) {
    std::erase_if(watched_[feed.watched].pods, [&](const auto& entry) {
      if (present.contains(entry.first)) return false;
      forget(entry.second);
      return true;
    });
  } else if (feed.kind == Feed::Kind::replica_sets) {
    std::erase_if(watched_[feed.watched].replica_sets, [&](const auto& entry) {
      if (present.contains(entry.first)) return false;
      forget(entry.second);
      return true;
    });
  } else if (feed.kind == Feed::Kind::nodes) {
    std::erase_if(nodes_, [&](const auto& entry) {
      if (present.contains(entry.first)) return false;
      forget(entry.second);
      return true;
    });
  } else if (feed.kind == Feed::Kind::slices) {
    std::erase_if(slices_, [&](const auto& entry) {
      if (entry.first.first != feed.ns || present.contains(entry.first.second)) return false;
      if (entry.second.recorded) forget(entry.second.sample);
      return true;
    });
  }
}

void Tracker::state(std::size_t id, WatchState::Kind kind, const std::string& message, RunTime now, Records& out) {
  const Feed& feed = feeds_[id];
  FeedState& state = states_[id];
  const bool unreadable = kind == WatchState::Kind::forbidden || kind == WatchState::Kind::missing;
  const bool news = state.kind != kind;
  // Nodes are a help where they may be read; nobody misses them elsewhere.
  const bool silent = feed.retired || (feed.kind == Feed::Kind::nodes && !state.listed);
  state.kind = kind;
  state.message = message;
  if (news && !silent) out.emplace_back(WatchState{now, feed.resource, kind, message, feed.ns, hpa_of(feed)});
  // Without a right to read the target its pods can still be told by their owners' names.
  if (feed.kind == Feed::Kind::target && unreadable && !feed.retired) want_pods(watched_[feed.watched], "", now, out);
}

std::string Tracker::hpa_of(const Feed& feed) const { return feed.of_one() ? watched_[feed.watched].request.hpa : ""; }

bool Tracker::synced() const {
  if (!std::ranges::all_of(watched_, [](const Watched& w) { return w.hpa && !w.hpa->deleted; })) return false;
  if (!std::ranges::all_of(wanted_services_, &WantedService::seen)) return false;
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].retired) continue;
    if (!states_[i].kind) return false;
    const auto kind = *states_[i].kind;
    if (kind == WatchState::Kind::synced && !states_[i].listed) return false;
    if (kind == WatchState::Kind::lost && !states_[i].listed && essential(feeds_[i])) return false;
  }
  return true;
}

bool Tracker::listed(Feed::Kind kind, const std::string& ns) const {
  const auto feed = std::ranges::find_if(feeds_, [&](const Feed& f) { return f.kind == kind && f.ns == ns; });
  return feed != feeds_.end() && states_[static_cast<std::size_t>(feed - feeds_.begin())].listed;
}

std::optional<WatchError> Tracker::not_found() const {
  for (const Watched& w : watched_) {
    if (auto error = hpa_not_found(w)) return error;
  }
  for (const WantedService& w : wanted_services_) {
    if (auto error = service_not_found(w)) return error;
  }
  return std::nullopt;
}

std::optional<WatchError> Tracker::hpa_not_found(const Watched& w) const {
  if (!listed(Feed::Kind::hpas, w.request.ns)) return std::nullopt;
  const auto names = hpa_names_.find(w.request.ns);
  if (w.hpa || names == hpa_names_.end() || names->second.contains(w.request.hpa)) return std::nullopt;
  return WatchError{
      WatchError::Kind::hpa_not_found,
      fmt::format("there is no HorizontalPodAutoscaler \"{}\" in namespace \"{}\"", w.request.hpa, w.request.ns),
      names->second.empty() ? "the namespace has none; choose another with --namespace"
                            : alternatives(w.request.hpa, names->second)};
}

std::optional<WatchError> Tracker::service_not_found(const WantedService& w) const {
  if (w.seen || !listed(Feed::Kind::slices, w.request.ns)) return std::nullopt;
  std::set<std::string> names;
  for (const auto& [key, slice] : slices_) {
    if (key.first == w.request.ns && !slice.sample.service.empty()) names.insert(slice.sample.service);
  }
  return WatchError{
      WatchError::Kind::service_not_found,
      fmt::format("no EndpointSlice of a Service \"{}\" is in namespace \"{}\"", w.request.service, w.request.ns),
      names.empty() ? "the namespace has none; name another in connections.direct.namespace"
                    : alternatives(w.request.service, names)};
}

}  // namespace surgeproof::k8s
