#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analyzers/merge.h"
#include "analyzers/timeline_parts.h"

namespace surgeproof {
namespace {

// The orders of the timeline. Where instants are equal, the content decides, so that the order of arrival does not.
bool before(const PeerWindow& a, const PeerWindow& b) {
  return std::tie(a.begin, a.peer, a.pod) < std::tie(b.begin, b.peer, b.pod);
}
bool before(const RequestFailure& a, const RequestFailure& b) {
  return std::tie(a.planned, a.ended, a.connection, a.request, a.outcome) <
         std::tie(b.planned, b.ended, b.connection, b.request, b.outcome);
}
bool before(const SlowRequest& a, const SlowRequest& b) {
  return std::tie(a.planned, a.ended, a.connection, a.request) < std::tie(b.planned, b.ended, b.connection, b.request);
}
bool before(const FailureOverflow& a, const FailureOverflow& b) {
  return std::tie(a.at, a.outcomes) < std::tie(b.at, b.outcomes);
}
bool before(const GeneratorSample& a, const GeneratorSample& b) { return a.begin < b.begin; }
bool before(const HpaSample& a, const HpaSample& b) {
  return std::tie(a.at.observed, a.deleted) < std::tie(b.at.observed, b.deleted);
}
bool before(const ScaleTargetSample& a, const ScaleTargetSample& b) {
  return std::tie(a.at.observed, a.ref, a.generation) < std::tie(b.at.observed, b.ref, b.generation);
}
bool before(const PodSample& a, const PodSample& b) {
  return std::tie(a.at.observed, a.deleted) < std::tie(b.at.observed, b.deleted);
}
bool before(const EndpointSliceSample& a, const EndpointSliceSample& b) {
  return std::tie(a.at.observed, a.ns, a.service, a.slice) < std::tie(b.at.observed, b.ns, b.service, b.slice);
}
bool before(const ClusterEvent& a, const ClusterEvent& b) {
  return std::tie(a.at.observed, a.uid, a.reason, a.count, a.message) <
         std::tie(b.at.observed, b.uid, b.reason, b.count, b.message);
}
bool before(const PodMetricsSample& a, const PodMetricsSample& b) {
  return std::tie(a.observed, a.ns, a.pod, a.timestamp) < std::tie(b.observed, b.ns, b.pod, b.timestamp);
}
bool before(const WatchState& a, const WatchState& b) {
  return std::tie(a.at, a.resource, a.ns, a.hpa, a.kind) < std::tie(b.at, b.resource, b.ns, b.hpa, b.kind);
}
bool before(const ReplicaSetSample& a, const ReplicaSetSample& b) {
  return std::tie(a.at.observed, a.ns, a.name, a.deleted) < std::tie(b.at.observed, b.ns, b.name, b.deleted);
}
bool before(const NodeSample& a, const NodeSample& b) {
  return std::tie(a.at.observed, a.name, a.deleted) < std::tie(b.at.observed, b.name, b.deleted);
}
bool before(const HpaMetricSample& a, const HpaMetricSample& b) {
  return std::tie(a.observed, a.ns, a.hpa, a.name, a.object, a.labels) <
         std::tie(b.observed, b.ns, b.hpa, b.name, b.object, b.labels);
}
bool before(const SignalSample& a, const SignalSample& b) {
  return std::tie(a.observed, a.name) < std::tie(b.observed, b.name);
}
bool before(const LogLine& a, const LogLine& b) {
  return std::tie(a.observed, a.ns, a.pod, a.container, a.timestamp, a.pattern) <
         std::tie(b.observed, b.ns, b.pod, b.container, b.timestamp, b.pattern);
}

bool before(const ActionSample& a, const ActionSample& b) {
  return std::tie(a.planned, a.name, a.state) < std::tie(b.planned, b.name, b.state);
}

constexpr auto kBefore = [](const auto& a, const auto& b) { return before(a, b); };

// What is in order, and what came since the last build.
template <class T>
struct Store {
  std::vector<T> sorted;
  std::vector<T> fresh;
  [[nodiscard]] bool dirty() const { return !fresh.empty(); }
  void settle() { sort_in(sorted, fresh, kBefore); }
};

template <class T>
using StoreByKey = std::map<std::pair<std::string, std::string>, Store<T>>;  // namespace, name or uid

}  // namespace

struct TimelineBuilder::State {
  explicit State(const Scenario& s) : scenario(s) {}

  Scenario scenario;
  Timeline timeline;
  // Straight into the timeline's own vectors:
  std::vector<RequestFailure> failures;
  std::vector<SlowRequest> slowest;
  std::vector<FailureOverflow> overflow;
  std::vector<PeerWindow> peers;
  std::vector<GeneratorSample> generator;
  std::vector<ScaleTargetSample> targets;
  std::vector<ClusterEvent> events;
  std::vector<PodMetricsSample> pod_metrics;
  std::vector<WatchState> watch_states;
  std::vector<ReplicaSetSample> replica_sets;
  std::vector<NodeSample> nodes;
  std::vector<HpaMetricSample> hpa_metrics;
  std::vector<SignalSample> signals;
  std::vector<LogLine> log_lines;
  // Folded:
  StoreByKey<HpaSample> hpas;
  StoreByKey<PodSample> pods;
  Store<EndpointSliceSample> slices;
  bool cluster_dirty = false;  // anything but load came since the last build

  void take(LoadMark m);
  void take(const LoadWindow& w) { timeline.windows.add(w); }
  void take(RequestFailure f) { failures.push_back(std::move(f)); }
  void take(SlowRequest r) { slowest.push_back(std::move(r)); }
  void take(FailureOverflow o) { overflow.push_back(o); }
  void take(PeerWindow w) { peers.push_back(std::move(w)); }
  void take(GeneratorSample s) { generator.push_back(std::move(s)); }
  void take(HpaSample s);
  void take(ScaleTargetSample s);
  void take(PodSample s);
  void take(EndpointSliceSample s);
  void take(ClusterEvent e);
  void take(PodMetricsSample s) { pod_metrics.push_back(std::move(s)); }
  void take(WatchState s) { watch_states.push_back(std::move(s)); }
  void take(ReplicaSetSample s) { replica_sets.push_back(std::move(s)); }
  void take(NodeSample s) { nodes.push_back(std::move(s)); }
  void take(HpaMetricSample s) { hpa_metrics.push_back(std::move(s)); }
  void take(SignalSample s) { signals.push_back(std::move(s)); }
  void take(LogLine s) { log_lines.push_back(std::move(s)); }
  void take(ActionSample s);

  void settle_sequences();
  void fold_cluster();
  void order_hpas();
};

void TimelineBuilder::State::take(LoadMark m) {
  switch (m.kind) {
    case LoadMark::Kind::started:
      timeline.load_started = m.at;
      break;
    case LoadMark::Kind::interrupted:
      timeline.interrupted = true;
      [[fallthrough]];
    case LoadMark::Kind::finished:
      timeline.load_finished = std::max(m.at, timeline.load_finished.value_or(m.at));
      break;
  }
}

// Only the last word on each counts; its states come in the order of the enumerators.
void TimelineBuilder::State::take(ActionSample s) {
  auto& known = timeline.actions;
  const auto it = std::find_if(known.begin(), known.end(), [&](const ActionSample& a) { return a.name == s.name; });
  if (it == known.end()) {
    known.insert(std::upper_bound(known.begin(), known.end(), s, kBefore), std::move(s));
  } else if (it->state < s.state) {
    *it = std::move(s);
  }
}

void TimelineBuilder::State::take(HpaSample s) {
  cluster_dirty = true;
  auto& store = hpas[{s.ns, s.name}];
  store.fresh.push_back(std::move(s));
}

void TimelineBuilder::State::take(ScaleTargetSample s) {
  cluster_dirty = true;
  targets.push_back(std::move(s));
}

void TimelineBuilder::State::take(PodSample s) {
  cluster_dirty = true;
  auto& store = pods[{s.ns, s.uid.empty() ? s.name : s.uid}];
  store.fresh.push_back(std::move(s));
}

void TimelineBuilder::State::take(EndpointSliceSample s) {
  cluster_dirty = true;
  slices.fresh.push_back(std::move(s));
}

void TimelineBuilder::State::take(ClusterEvent e) {
  cluster_dirty = true;
  events.push_back(std::move(e));
}

void TimelineBuilder::State::settle_sequences() {
  timeline.windows.settle();
  sort_in(timeline.failures, failures, kBefore);
  sort_in(timeline.slowest, slowest, kBefore);
  sort_in(timeline.overflow, overflow, kBefore);
  sum_in(timeline.peers, peers, kBefore);
  sort_in(timeline.generator, generator, kBefore);
  sort_in(timeline.targets, targets, kBefore);
  sort_in(timeline.events, events, kBefore);
  sort_in(timeline.pod_metrics, pod_metrics, kBefore);
  sort_in(timeline.watch_states, watch_states, kBefore);
  sort_in(timeline.replica_sets, replica_sets, kBefore);
  sort_in(timeline.nodes, nodes, kBefore);
  sort_in(timeline.hpa_metrics, hpa_metrics, kBefore);
  sort_in(timeline.signals, signals, kBefore);
  sort_in(timeline.log_lines, log_lines, kBefore);
}

// As the scenario names them; others after, by name.
void TimelineBuilder::State::order_hpas() {
  const auto rank = [&](const HpaTrack& hpa) {
    const auto it = std::find_if(scenario.watch.begin(), scenario.watch.end(), [&](const WatchTarget& w) {
      return w.hpa == hpa.name && (w.ns.empty() || w.ns == hpa.ns);
    });
    return it - scenario.watch.begin();
  };
  sort_stably(timeline.hpas, [&](const HpaTrack& a, const HpaTrack& b) { return rank(a) < rank(b); });
}

void TimelineBuilder::State::fold_cluster() {
  timeline.pods.clear();
  for (auto& [key, store] : pods) {
    store.settle();
    timeline.pods.push_back(fold_pod(store.sorted));
  }
  sort_stably(timeline.pods, [](const PodLife& a, const PodLife& b) {
    return std::tie(a.created->observed, a.ns, a.name) < std::tie(b.created->observed, b.ns, b.name);
  });
  timeline.hpas.clear();
  for (auto& [key, store] : hpas) {
    store.settle();
    timeline.hpas.push_back(fold_hpa(store.sorted));
    join_target(timeline.hpas.back(), timeline.targets, timeline.pods);
  }
  order_hpas();
  slices.settle();
  join_endpoints(timeline, slices.sorted);
  timeline.server_zero = estimate_server_zero(timeline);
}

TimelineBuilder::TimelineBuilder(const Scenario& scenario) : state_(std::make_unique<State>(scenario)) {}
TimelineBuilder::~TimelineBuilder() = default;
TimelineBuilder::TimelineBuilder(TimelineBuilder&&) noexcept = default;
TimelineBuilder& TimelineBuilder::operator=(TimelineBuilder&&) noexcept = default;

void TimelineBuilder::add(const Record& record) {
  std::visit([this](const auto& r) { state_->take(r); }, record);
}

void TimelineBuilder::add(Record&& record) {
  std::visit([this](auto&& r) { state_->take(std::forward<decltype(r)>(r)); }, std::move(record));
}

const Timeline& TimelineBuilder::build(RunTime end, bool complete) {
  Timeline& t = state_->timeline;
  t.end = end;
  t.complete = complete;
  state_->settle_sequences();
  if (std::exchange(state_->cluster_dirty, false)) state_->fold_cluster();
  join_peers(t);
  t.gaps = find_gaps(t);
  place_stages(t, state_->scenario);
  t.phases = find_phases(t);
  return t;
}

}  // namespace surgeproof
