// Criteria and instants in plain words.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

/// 0.1%, 5%, 0.001%.
std::string percent(Ratio r) { return fmt::format("{:.6g}%", r.value * 100); }

std::string subject(const Scenario& scenario, std::string_view hpa) {
  const auto name = resolve_hpa(scenario, hpa);
  return name.empty() ? "the HPA" : name;
}

/// The stage that begins, or ends, at an instant of the plan.
std::string stage_at(const Scenario& scenario, std::chrono::nanoseconds t, bool at_its_end) {
  std::chrono::nanoseconds at{0};
  for (const auto& stage : scenario.load.stages) {
    const auto end = at + stage.duration;
    if ((at_its_end ? end : at) == t) return stage.name;
    at = end;
  }
  return {};
}

std::string from_words(const Scenario& scenario, const std::optional<PlanInstant>& from, std::chrono::nanoseconds start,
                       bool default_is_an_end) {
  if (from) return describe(*from);
  const auto stage = stage_at(scenario, start, default_is_an_end);
  if (stage.empty()) return "the start";
  return default_is_an_end ? "the end of " + stage : stage;
}

std::string span_words(const During& during) {
  return during.kind == During::Kind::all ? std::string{" over the whole run"} : " during " + describe(during);
}

std::string of_request(std::string_view request) {
  return request.empty() ? std::string{} : fmt::format(" of \"{}\"", request);
}

/// "ERROR" or "password=".
std::string quoted(const std::vector<LogText>& texts, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += i + 1 == texts.size() ? fmt::format(" {} ", last) : ", ";
    out += '"' + texts[i].shown + '"';
  }
  return out;
}

struct Describe {
  const Scenario& scenario;

  std::string operator()(const ScaleUpCriterion& c) const {
    return fmt::format("scale up: {} has {} ready pods within {} of {}", subject(scenario, c.hpa), c.to,
                       format_duration(c.within), from_words(scenario, c.from, scale_up_start(scenario, c), false));
  }
  std::string operator()(const ScaleDownCriterion& c) const {
    const auto from = from_words(scenario, c.from, scale_down_start(scenario, c), true);
    const auto who = subject(scenario, c.hpa);
    if (!c.not_before) {
      return fmt::format("scale down: {} is back at {} within {} of {}", who, c.to, format_duration(c.within), from);
    }
    return fmt::format("scale down: {} is back at {} between {} and {} after {}", who, c.to,
                       format_duration(*c.not_before), format_duration(c.within), from);
  }
  std::string operator()(const LatencyCriterion& c) const {
    const auto what =
        c.percentile >= 100 ? std::string{"the longest latency"} : percentile_name(c.percentile) + " latency";
    return fmt::format("{}{} is at most {}{}", what, of_request(c.request), format_duration(c.limit),
                       span_words(c.during));
  }
  std::string operator()(const ErrorRateCriterion& c) const {
    return fmt::format("at most {} of requests{} end in an error{}", percent(c.max), of_request(c.request),
                       span_words(c.during));
  }
  std::string operator()(const DroppedRequestsCriterion& c) const {
    if (c.max == 0) return "no request is dropped" + span_words(c.during);
    return fmt::format("at most {} {} dropped{}", c.max, c.max == 1 ? "request is" : "requests are",
                       span_words(c.during));
  }
  std::string operator()(const ReplicasCriterion& c) const {
    std::string limits;
    const auto add = [&](std::string text) { limits += (limits.empty() ? " " : ", ") + text; };
    if (c.min) add(fmt::format("has at least {} ready pods", *c.min));
    if (c.max) add(fmt::format("wants at most {} replicas", *c.max));
    if (c.max_changes) {
      add(fmt::format("changes its replicas at most {} {}", *c.max_changes, *c.max_changes == 1 ? "time" : "times"));
    }
    return subject(scenario, c.hpa) + limits + span_words(c.during);
  }

  std::string operator()(const SignalCriterion& c) const {
    const auto least = c.min ? " at least " + format_value(*c.min) : "";
    const auto most = c.max ? " at most " + format_value(*c.max) : "";
    return fmt::format("{} is{}{}{}{}", c.signal, least, c.min && c.max ? " and" : "", most, span_words(c.during));
  }
  std::string operator()(const LogsCriterion& c) const {
    std::string text;
    if (!c.absent.empty()) text = fmt::format("{} in no line", quoted(c.absent, "or"));
    if (!c.present.empty())
      text += fmt::format("{}{} in some line", text.empty() ? "" : ", ", quoted(c.present, "and"));
    return fmt::format("{} of the logs of {}{}", text, describe(c.scope), span_words(c.during));
  }
  std::string operator()(const EventuallyCriterion& c) const {
    const std::string from = c.after ? describe(*c.after) : "the start";
    const std::string time = fmt::format(" within {} of {}", format_duration(c.within), from);
    if (c.log) return fmt::format("\"{}\" comes up in the logs of {}{}", c.log->shown, describe(c.scope), time);
    const auto limit = c.above ? "above " + format_value(*c.above) : c.below ? "below " + format_value(*c.below) : "";
    return fmt::format("{} is {}{}", c.signal, limit, time);
  }
};

/// The part of an id that tells one rule from another of its kind.
std::string span_id(const During& during) { return during.kind == During::Kind::all ? "" : " " + during.name; }
std::string word_id(const std::string& word) { return word.empty() ? "" : " " + word; }

struct Identify {
  const Scenario& scenario;
  std::string operator()(const ScaleUpCriterion& c) const { return "scale_up" + word_id(resolve_hpa(scenario, c.hpa)); }
  std::string operator()(const ScaleDownCriterion& c) const {
    return "scale_down" + word_id(resolve_hpa(scenario, c.hpa));
  }
  std::string operator()(const LatencyCriterion& c) const {
    return "latency " + percentile_name(c.percentile) + span_id(c.during) + word_id(c.request);
  }
  std::string operator()(const ErrorRateCriterion& c) const {
    return "error_rate" + span_id(c.during) + word_id(c.request);
  }
  std::string operator()(const DroppedRequestsCriterion& c) const { return "dropped_requests" + span_id(c.during); }
  std::string operator()(const ReplicasCriterion& c) const {
    return "replicas" + word_id(resolve_hpa(scenario, c.hpa)) + span_id(c.during);
  }
  std::string operator()(const SignalCriterion& c) const { return "signal " + c.signal + span_id(c.during); }
  std::string operator()(const LogsCriterion& c) const {
    return "logs" + word_id(c.scope.ns) + word_id(c.scope.pods) + span_id(c.during);
  }
  std::string operator()(const EventuallyCriterion& c) const {
    return "eventually" + word_id(c.log ? "\"" + c.log->shown + "\"" : c.signal);
  }
};

}  // namespace

std::string describe(const PlanInstant& instant) {
  const auto stage = !instant.action.empty() ? "action " + instant.action
                     : instant.stage.empty() ? std::string{"the start"}
                                             : instant.stage;
  return instant.offset.count() == 0 ? stage : fmt::format("{} + {}", stage, format_duration(instant.offset));
}

std::string describe(const During& during) {
  switch (during.kind) {
    case During::Kind::all:
      return "all";
    case During::Kind::stage:
      return during.name.starts_with("stage ") ? during.name : "stage " + during.name;
    case During::Kind::phase:
      return fmt::format("the {} phase", during.name);
  }
  return {};
}

std::string describe(const WorkloadRef& workload) {
  constexpr std::array<std::string_view, 4> kKinds{"deployment", "statefulset", "daemonset", "replicaset"};
  return fmt::format("{}/{}", kKinds.at(static_cast<std::size_t>(workload.kind)), workload.name);
}

std::string describe(const Scenario& scenario, const Action& action) {
  if (const auto* restart = std::get_if<RestartAction>(&action.what)) return "restart " + describe(restart->target);
  if (const auto* scale = std::get_if<ScaleAction>(&action.what)) {
    return fmt::format("scale {} to {}", describe(scale->target), scale->replicas);
  }
  const auto& deletion = std::get<DeletePodAction>(action.what);
  constexpr std::array<std::string_view, 3> kPicks{"the oldest", "the newest", "a random"};
  return fmt::format("delete {} pod of {}", kPicks.at(static_cast<std::size_t>(deletion.pick)),
                     subject(scenario, deletion.hpa));
}

std::string percentile_name(double percentile) {
  return percentile >= 100 ? std::string{"max"} : fmt::format("p{:g}", percentile);
}

std::string describe(const Scenario& scenario, const Criterion& criterion) {
  return std::visit(Describe{scenario}, criterion.rule);
}

std::string criterion_id(const Scenario& scenario, const Criterion& criterion) {
  return std::visit(Identify{scenario}, criterion.rule);
}

}  // namespace surgeproof
