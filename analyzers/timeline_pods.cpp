#include <algorithm>

#include "analyzers/timeline_parts.h"

namespace surgeproof {
namespace {

const ContainerState* find_container(const PodSample& pod, const std::string& name) {
  const auto it = std::find_if(pod.containers.begin(), pod.containers.end(),
                               [&](const ContainerState& c) { return c.name == name; });
  return it == pod.containers.end() ? nullptr : &*it;
}

bool any_running(const PodSample& pod) {
  return pod.ready || std::any_of(pod.containers.begin(), pod.containers.end(), [](const ContainerState& c) {
           return !c.sidecar && (c.state == "running" || c.state == "terminated");
         });
}

std::optional<WallTime> first_start(const PodSample& pod) {
  std::optional<WallTime> first;
  for (const ContainerState& c : pod.containers) {
    if (!c.sidecar && c.started && (!first || *c.started < *first)) first = c.started;
  }
  return first;
}

bool all_ended(const PodSample& pod) {
  return !pod.containers.empty() && std::all_of(pod.containers.begin(), pod.containers.end(),
                                                [](const ContainerState& c) { return c.state == "terminated"; });
}

std::optional<WallTime> last_finish(const PodSample& pod) {
  std::optional<WallTime> last;
  for (const ContainerState& c : pod.containers) {
    if (c.finished && (!last || *last < *c.finished)) last = c.finished;
  }
  return last;
}

// The same end shows twice: as the state while the container waits for its restart, then as lastState.
void add_end(PodLife& pod, ContainerEnd end) {
  for (const ContainerEnd& known : pod.ends) {
    if (known.container != end.container) continue;
    if (known.finished && end.finished ? known.finished == end.finished : known.restarts == end.restarts) return;
  }
  pod.ends.push_back(std::move(end));
}

void note_ends(PodLife& pod, const PodSample& before, const PodSample& now) {
  for (const ContainerState& c : now.containers) {
    const ContainerState* old = find_container(before, c.name);
    if (old && c.restarts > old->restarts) {
      add_end(pod, {now.at.observed, c.last_finished, c.name, c.last_reason, c.last_exit_code, c.restarts - 1});
    }
    if (c.state == "terminated" && (!old || old->state != "terminated" || old->restarts != c.restarts)) {
      add_end(pod, {now.at.observed, c.finished, c.name, c.reason, c.exit_code, c.restarts});
    }
  }
}

void note_instants(PodLife& pod, const PodSample& s) {
  const RunTime t = s.at.observed;
  if (!pod.created) pod.created = Stamp{t, s.created};
  if (!pod.scheduled && (s.scheduled || !s.node.empty())) pod.scheduled = Stamp{t, s.scheduled};
  if (!pod.started && any_running(s)) pod.started = Stamp{t, first_start(s)};
  if (!pod.ready && s.ready) pod.ready = Stamp{t, s.ready_changed};
  if (!pod.deletion_requested && s.deletion_requested) {
    pod.deletion_requested = Stamp{t, s.deletion_requested};
    pod.deletion_grace = s.deletion_grace;
  }
  if (pod.deletion_requested && !pod.terminated && (all_ended(s) || s.deleted)) {
    pod.terminated = Stamp{t, last_finish(s)};
  }
  if (s.deleted && !pod.gone) pod.gone = t;
  pod.readiness.add(t, s.ready && !s.deleted);
}

void note_state(PodLife& pod, const PodSample& s) {
  PodState state{s.at.observed, s.phase,   s.ready,        s.deletion_requested.has_value(),
                 s.deleted,     s.started, s.ready_changed};
  if (!pod.states.empty()) {
    PodState same = pod.states.back();
    same.at = state.at;
    if (same == state) return;
  }
  pod.states.push_back(std::move(state));
}

}  // namespace

PodLife fold_pod(std::span<const PodSample> samples) {
  PodLife pod;
  const PodSample& first = samples.front();
  pod.ns = first.ns;
  pod.name = first.name;
  pod.uid = first.uid;
  pod.before_watch = any_running(first);
  const PodSample* before = nullptr;
  for (const PodSample& s : samples) {
    note_instants(pod, s);
    note_state(pod, s);
    if (before) note_ends(pod, *before, s);
    if (!s.hpa.empty()) pod.hpa = s.hpa;
    if (!s.node.empty()) pod.node = s.node;
    if (!s.ip.empty()) pod.ip = s.ip;
    if (!s.scheduling_message.empty()) pod.scheduling_message = s.scheduling_message;
    if (!s.containers.empty()) pod.containers = s.containers;
    int restarts = 0;
    for (const ContainerState& c : s.containers) restarts += c.restarts;
    pod.restarts = std::max(pod.restarts, restarts);
    before = &s;
  }
  return pod;
}

}  // namespace surgeproof
