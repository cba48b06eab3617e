#include "analyzers/moment.h"

#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using State = ActionSample::State;

bool is_open(State state) { return state == State::planned || state == State::begun; }

std::string with_error(std::string words, const ActionSample& action) {
  return action.error.empty() ? words : words + ": " + action.error;
}

RunTime begin(const Scenario& scenario, const Timeline& t, const std::optional<PlanInstant>& from, RunTime planned) {
  const auto moment = from ? moment_of(scenario, t, *from).at : std::nullopt;
  return moment.value_or(*t.load_started + planned);
}

}  // namespace

std::string words_of(const ActionSample& action) {
  switch (action.state) {
    case State::planned:
      return "is still to come";
    case State::begun:
      return "is being carried out";
    case State::done:
      return action.result.empty() ? "was carried out" : "was carried out: " + action.result;
    case State::refused:
      return with_error("was refused", action);
    case State::failed:
      return with_error("failed", action);
    case State::unknown:
      return with_error("got no answer, so whether it was carried out is not known", action);
    case State::left_out:
      return "was left out (--no-actions)";
    case State::missed:
      break;
  }
  return with_error("was not begun", action);
}

Moment moment_of(const Scenario& scenario, const Timeline& t, const PlanInstant& instant) {
  if (instant.action.empty()) return {*t.load_started + resolve(scenario, instant), true, {}, {}};
  const ActionSample* action = t.action(instant.action);
  if (action == nullptr) {
    return {std::nullopt, t.complete, "action_unknown",
            fmt::format("action {} is not in the recording", instant.action)};
  }
  if (action->state == State::done) return {action->begun.value_or(action->planned) + instant.offset, true, {}, {}};
  return {std::nullopt, !is_open(action->state), fmt::format("action_{}", name_of(action->state)),
          fmt::format("action {} {}", action->name, words_of(*action))};
}

Finding without_moment(Finding&& f, const Timeline& t, const Moment& moment) {
  if (!moment.decided) return open_ended(std::move(f), t, moment.why);
  return inconclusive(std::move(f), moment.reason, moment.why + ": there is nothing to count from");
}

RunTime scale_up_begin(const Scenario& scenario, const Timeline& t, const ScaleUpCriterion& rule) {
  return begin(scenario, t, rule.from, scale_up_start(scenario, rule));
}

RunTime scale_down_begin(const Scenario& scenario, const Timeline& t, const ScaleDownCriterion& rule) {
  return begin(scenario, t, rule.from, scale_down_start(scenario, rule));
}

std::vector<Finding> judge_actions(const Scenario& scenario, const Timeline& t) {
  std::vector<Finding> findings;
  for (const Action& planned : scenario.actions) {
    const ActionSample* action = t.action(planned.name);
    if (action == nullptr && !t.load_started) continue;
    Finding f;
    f.id = "action " + planned.name;
    f.title = fmt::format("{} at {}", describe(scenario, planned), describe(planned.at));
    f.line = planned.place.line;
    const State state = action ? action->state : State::missed;
    const bool well = state == State::done || state == State::left_out;
    f.status = well ? Status::pass : Status::inconclusive;
    f.reason = name_of(state);
    f.sentence = fmt::format("action {} {}", planned.name, action ? words_of(*action) : "is not in the recording");
    f.decided = !is_open(state) || t.complete;
    if (action) {
      const RunTime from = action->begun.value_or(action->planned);
      f.evidence = {from, std::max(from, action->ended.value_or(from))};
      if (action->begun && action->ended) f.observed = format_duration(*action->ended - *action->begun);
    }
    findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace surgeproof
