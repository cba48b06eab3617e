#include "app/run/live_feed.h"

#include <algorithm>

#include "analyzers/moment.h"
#include "app/terminal.h"

namespace surgeproof {
namespace {

/// The p99 line of the chart; limits of other percentiles are not its.
std::optional<double> p99_limit_ms(const Scenario& scenario) {
  std::optional<double> limit;
  for (const Criterion& c : scenario.criteria) {
    const auto* latency = std::get_if<LatencyCriterion>(&c.rule);
    if (latency == nullptr || latency->percentile != 99) continue;
    const double ms = std::chrono::duration<double, std::milli>(latency->limit).count();
    limit = std::min(limit.value_or(ms), ms);
  }
  return limit;
}

/// The lower rate of the last two seconds: what was sent is counted in whole seconds, the last of which may have begun
/// before the last step of the plan. Nothing that came with the step is missing yet.
double offered_lately(const LoadProfile& profile, std::chrono::nanoseconds t) {
  const auto mean = [&](std::chrono::nanoseconds end) {
    return profile.expected_until(end) - profile.expected_until(end - std::chrono::seconds{1});
  };
  return std::max(0.0, std::min(mean(t), mean(t - std::chrono::seconds{1})));
}

}  // namespace

LiveFeed::LiveFeed(const Scenario& scenario, std::string hint) : profile_{scenario.load.stages} {
  view_.name = scenario.name;
  view_.target = scenario.target;
  view_.total = profile_.duration();
  view_.p99_limit_ms = p99_limit_ms(scenario);
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
  add_cluster(moment.cluster, moment);
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
  const auto counted = moment.elapsed - std::chrono::seconds{1};  // rates are those of the last whole second
  view_.offered_history.add(counted, offered_lately(profile_, moment.elapsed));
  view_.served_history.add(counted, load.answered_per_second);
  view_.p50 = load.p50;
  view_.p95 = load.p95;
  view_.p99 = load.p99;
  view_.p99_ms_history.add(moment.elapsed, load.p99 ? static_cast<double>(load.p99->count()) / 1000 : 0);
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
  const std::uint64_t failed = load.ended() - load.count(Outcome::ok);
  const double seconds = std::chrono::duration<double>(moment.elapsed - moment_before_).count();
  if (seconds > 0) {
    const std::uint64_t more = failed > failed_before_ ? failed - failed_before_ : 0;
    view_.failed_history.add(moment.elapsed, static_cast<double>(more) / seconds);
    failed_before_ = failed;
    moment_before_ = moment.elapsed;
  }
}

void LiveFeed::add_cluster(const k8s::LiveState& cluster, const Moment& moment) {
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
    to.desired_history.add(moment.elapsed, from.desired);
    to.current_history.add(moment.elapsed, from.pods);
    to.ready_history.add(moment.elapsed, from.ready);
    to.utilization_percent = from.utilization_percent;
    to.target_percent = from.target_percent;
    if (from.utilization_percent) to.utilization_history.add(moment.elapsed, *from.utilization_percent);
    to.last_message = from.condition;
    if (const auto d = decisions_.last(from.ns, from.hpa)) {
      to.decision = reports::LiveDecision{d->at - moment.load_start, d->from, d->to, d->why};
    }
  }
}

}  // namespace surgeproof
