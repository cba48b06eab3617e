#include "app/run/live_feed.h"

#include <algorithm>

#include "analyzers/moment.h"
#include "app/terminal.h"

namespace surgeproof {
namespace {

constexpr std::size_t kHistory = 120;

template <class T>
void append(std::vector<T>& history, T value) {
  if (history.size() == kHistory) history.erase(history.begin());
  history.push_back(value);
}

}  // namespace

LiveFeed::LiveFeed(const Scenario& scenario, std::string hint) : profile_{scenario.load.stages} {
  view_.name = scenario.name;
  view_.target = scenario.target;
  view_.total = profile_.duration();
  for (std::size_t i = 0; i < scenario.load.stages.size(); ++i) {
    const auto& segment = profile_.segments()[i];
    view_.stages.push_back({scenario.load.stages[i].name, segment.begin, segment.end});
  }
  view_.hint = std::move(hint);
  view_.ascii = !speaks_utf8();
}

void LiveFeed::add(const Moment& moment) {
  view_.elapsed = moment.elapsed;
  view_.state = moment.state;
  add_load(moment);
  add_cluster(moment.cluster);
  if (moment.verdict == nullptr) return;
  view_.criteria.clear();
  for (const auto& f : moment.verdict->findings) {
    view_.criteria.push_back({f.id, f.title, f.status, f.decided, f.observed, f.limit});
  }
}

void LiveFeed::add(const ActionSample& action) {
  using State = ActionSample::State;
  const auto it = std::ranges::find(view_.actions, action.name, &reports::LiveAction::name);
  auto& line = it != view_.actions.end() ? *it : view_.actions.emplace_back();
  line.name = action.name;
  line.words = words_of(action);
  line.is_over = action.state != State::planned && action.state != State::begun;
  line.is_bad = line.is_over && action.state != State::done && action.state != State::left_out;
}

void LiveFeed::add_load(const Moment& moment) {
  const auto& load = moment.load;
  view_.offered_per_second = profile_.rate_at(moment.elapsed).per_second;
  view_.sent_per_second = load.sent_per_second;
  view_.served_per_second = load.answered_per_second;
  append(view_.served_history, load.answered_per_second);
  view_.p50 = load.p50;
  view_.p95 = load.p95;
  view_.p99 = load.p99;
  append(view_.p99_ms_history, load.p99 ? static_cast<double>(load.p99->count()) / 1000 : 0);
  view_.planned = load.planned;
  view_.answered_well = load.count(Outcome::ok);
  view_.dropped = load.dropped();
  view_.unsent = load.count(Outcome::unsent);
  view_.in_flight = load.in_flight;
  view_.connections = load.connections;
  view_.errors.clear();
  for (std::size_t i = 1; i < kOutcomes; ++i) {
    if (load.outcomes[i] > 0) view_.errors.push_back({static_cast<Outcome>(i), load.outcomes[i]});
  }
  std::ranges::sort(view_.errors, [](const auto& a, const auto& b) { return a.count > b.count; });
}

void LiveFeed::add_cluster(const k8s::LiveState& cluster) {
  view_.hpas.resize(cluster.hpas.size());
  for (std::size_t i = 0; i < cluster.hpas.size(); ++i) {
    const auto& from = cluster.hpas[i];
    auto& to = view_.hpas[i];
    to.name = from.hpa;
    to.min_replicas = from.min;
    to.max_replicas = from.max;
    to.desired = from.desired;
    to.current = from.pods;
    to.ready = from.ready;
    append(to.desired_history, from.desired);
    append(to.current_history, from.pods);
    append(to.ready_history, from.ready);
    to.utilization_percent = from.utilization_percent;
    to.target_percent = from.target_percent;
    append(to.utilization_history, static_cast<double>(from.utilization_percent.value_or(0)));
    to.last_message = from.condition;
  }
}

}  // namespace surgeproof
