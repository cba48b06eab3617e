#include <algorithm>
#include <map>
#include <tuple>

#include "analyzers/timeline_parts.h"

namespace surgeproof {
namespace {

using SliceKey = std::tuple<std::string, std::string, std::string>;  // namespace, service, slice
using Addresses = std::map<std::string, Endpoint>;

Addresses addresses_of(const EndpointSliceSample& s) {
  Addresses a;
  if (s.deleted) return a;
  for (const Endpoint& e : s.endpoints) a.emplace(e.address, e);
  return a;
}

EndpointChange change_of(const EndpointSliceSample& s, const Endpoint& e, bool listed) {
  return {s.at.observed,
          s.ns,
          s.service,
          e.pod,
          e.address,
          listed,
          listed && e.ready && !e.terminating,
          listed && e.serving,
          e.terminating,
          s.change_trigger};
}

void diff(const EndpointSliceSample& s, const Addresses& before, const Addresses& now,
          std::vector<EndpointChange>& changes) {
  for (const auto& [address, e] : now) {
    const auto old = before.find(address);
    if (old == before.end() || !(old->second == e)) changes.push_back(change_of(s, e, true));
  }
  for (const auto& [address, e] : before) {
    if (!now.contains(address)) changes.push_back(change_of(s, e, false));
  }
}

ServiceTrack& track_for(std::vector<ServiceTrack>& services, const EndpointSliceSample& s) {
  for (ServiceTrack& t : services) {
    if (t.ns == s.ns && t.service == s.service) return t;
  }
  services.push_back({s.ns, s.service, {}, {}});
  return services.back();
}

// Counts over all slices of the service.
void count(ServiceTrack& track, RunTime at, const std::map<SliceKey, Addresses>& slices) {
  int ready = 0;
  int serving = 0;
  for (const auto& [key, addresses] : slices) {
    if (std::get<0>(key) != track.ns || std::get<1>(key) != track.service) continue;
    for (const auto& [address, e] : addresses) {
      ready += e.ready && !e.terminating ? 1 : 0;
      serving += e.serving ? 1 : 0;
    }
  }
  track.ready.add(at, ready);
  track.serving.add(at, serving);
}

std::map<std::string, PodLife*> pods_by_name(Timeline& timeline) {
  std::map<std::string, PodLife*> by_name;  // of several with one name (StatefulSet) the last created
  for (PodLife& pod : timeline.pods) by_name[pod.name] = &pod;
  return by_name;
}

void note_pod_endpoints(Timeline& timeline) {
  auto by_name = pods_by_name(timeline);
  std::map<std::string, bool> ready;
  for (const EndpointChange& c : timeline.endpoint_changes) {
    const auto pod = by_name.find(c.pod);
    if (pod == by_name.end()) continue;
    bool& was_ready = ready[c.pod];
    if (c.ready && !pod->second->in_endpoints) pod->second->in_endpoints = c.at;
    if (was_ready && !c.ready) pod->second->out_of_endpoints = c.at;
    was_ready = c.ready;
  }
}

}  // namespace

void join_endpoints(Timeline& timeline, std::span<const EndpointSliceSample> slices) {
  timeline.endpoint_changes.clear();
  timeline.services.clear();
  std::map<SliceKey, Addresses> known;
  for (const EndpointSliceSample& s : slices) {
    Addresses& before = known[SliceKey{s.ns, s.service, s.slice}];
    Addresses now = addresses_of(s);
    diff(s, before, now, timeline.endpoint_changes);
    before = std::move(now);
    count(track_for(timeline.services, s), s.at.observed, known);
  }
  note_pod_endpoints(timeline);
}

void join_peers(Timeline& timeline) {
  auto by_name = pods_by_name(timeline);
  for (const PeerWindow& w : timeline.peers) {
    const auto pod = w.answered == 0 ? by_name.end() : by_name.find(w.pod);
    if (pod == by_name.end()) continue;
    PodLife& life = *pod->second;
    if (!life.first_request) life.first_request = w.begin;
    life.last_request = std::max(life.last_request.value_or(RunTime{}), w.begin + w.length);
  }
}

}  // namespace surgeproof
