#include "analyzers/critical_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzers/critical_path_words.h"
#include "analyzers/latency_recovery.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

std::optional<RunTime> observed(const std::optional<Stamp>& stamp) {
  return stamp ? std::optional<RunTime>{stamp->observed} : std::nullopt;
}

bool belongs(const PodLife& pod, const HpaTrack& hpa) { return pod.hpa == hpa.name && pod.ns == hpa.ns; }

// What a scale-up of this surge is measured at: the criterion's goal, else the most pods that became ready.
struct Goal {
  RunTime start{};
  int to = 0;
};

std::optional<Goal> goal_of(const Scenario& scenario, const Timeline& t, const HpaTrack& hpa, Interval surge) {
  for (const Criterion& c : scenario.criteria) {
    const auto* rule = std::get_if<ScaleUpCriterion>(&c.rule);
    if (!rule || t.hpa(resolve_hpa(scenario, rule->hpa)) != &hpa) continue;
    const RunTime start = scale_up_begin(scenario, t, *rule);
    if (surge.contains(start)) return Goal{start, rule->to};
  }
  const auto before = hpa.ready.at(surge.begin);
  const auto range = hpa.ready.range(surge);
  if (!before || !range || range->second <= *before) return std::nullopt;
  return Goal{surge.begin, range->second};
}

class PathBuilder {
 public:
  PathBuilder(const Scenario& scenario, const Timeline& t, const HpaTrack& hpa, Interval look)
      : scenario_(scenario), t_(t), hpa_(hpa), look_(look) {}

  std::optional<CriticalPath> build(const Goal& goal) {
    const ScaleUpPath base = scale_up_path(t_, hpa_, goal.start, goal.to, look_.end);
    if (base.steps.empty()) return std::nullopt;
    CriticalPath path{hpa_.ns, hpa_.name, goal.to, goal.start, base.reached, base.steps, {}, {}, {}};
    const PodLife* pod = find_pod(base.pod);
    for (PathStep& s : path.steps) tell(s, pod);
    if (pod) add_tail(path, *pod);
    for (const PodLife& p : t_.pods) {
      const bool is_new = belongs(p, hpa_) && !p.before_watch && p.created && p.created->observed >= goal.start &&
                          p.created->observed < look_.end;
      if (is_new) path.pods.push_back(path_of(p));
    }
    path.sentence = sentence_of(path, base);
    return path;
  }

 private:
  const PodLife* find_pod(const std::string& name) const {
    const auto it = std::find_if(t_.pods.begin(), t_.pods.end(),
                                 [&](const PodLife& p) { return p.name == name && belongs(p, hpa_); });
    return it == t_.pods.end() ? nullptr : &*it;
  }

  void tell(PathStep& s, const PodLife* pod) const {
    s.evidence = evidence_for(t_, hpa_, pod, s);
    s.remedy = remedy_for(s.code);
  }

  // Appends a step that ends at `end`; nothing after an open one.
  void step(std::vector<PathStep>& steps, const char* code, std::optional<RunTime> end, const PodLife* pod) const {
    if (!steps.empty() && steps.back().open) return;
    const RunTime begin = steps.empty() ? look_.begin : steps.back().interval.end;
    const bool open = !end || *end > look_.end;
    PathStep s{code, std::string{words_for_stage(code)}, {begin, open ? look_.end : std::max(begin, *end)}, open, {},
               {}};
    tell(s, pod);
    steps.push_back(std::move(s));
  }

  void add_tail(CriticalPath& path, const PodLife& pod) const {
    if (t_.services.empty()) {
      path.unseen.emplace_back("in endpoints: no EndpointSlice of a service was seen");
    } else {
      step(path.steps, "endpoints", pod.in_endpoints, &pod);
    }
    if (pod.first_request) {
      step(path.steps, "first_request", pod.first_request, &pod);
    } else {
      path.unseen.emplace_back("first request: which pod answered is not known, set client.pod_header");
    }
    const auto recovery = latency_recovery(scenario_, t_, {path.start, look_.end});
    if (!recovery) {
      path.unseen.emplace_back("latency recovered: no latency before the load step, and no latency criterion");
    } else if (!recovery->ever_bad) {
      path.unseen.push_back(fmt::format("latency recovered: it never left {}{}", format_duration(recovery->limit),
                                        recovery->from_criterion ? "" : " (twice the p95 before)"));
    } else if (path.steps.empty() || !path.steps.back().open) {
      step(path.steps, "recovery", recovery->recovered, &pod);
      path.steps.back().evidence =
          fmt::format("95 % of the requests within {}{} for ten seconds", format_duration(recovery->limit),
                      recovery->from_criterion ? " (the tightest criterion)" : " (twice the p95 before the load step)");
    }
  }

  PodPath path_of(const PodLife& pod) const {
    PodPath path{pod.name, pod.node, {}};
    RunTime at = pod.created->observed;
    const auto add = [&](const char* code, std::optional<RunTime> end) {
      if (!path.steps.empty() && path.steps.back().open) return;
      const bool open = !end || *end > look_.end;
      const RunTime until = open ? std::max(at, look_.end) : std::max(at, *end);
      PathStep s{code, std::string{words_for_stage(code)}, {at, until}, open, {}, {}};
      tell(s, &pod);
      path.steps.push_back(std::move(s));
      at = until;
    };
    add("scheduling", observed(pod.scheduled));
    add("start", observed(pod.started));
    add("readiness", observed(pod.ready));
    if (!t_.services.empty()) add("endpoints", pod.in_endpoints);
    if (pod.first_request) add("first_request", pod.first_request);
    return path;
  }

  std::string sentence_of(const CriticalPath& path, const ScaleUpPath& base) const {
    const PathStep* slowest = path.slowest();
    const RunTime total = path.steps.back().interval.end - path.start;
    if (!slowest || total <= RunTime{}) return {};
    const std::string of_pod = is_of_a_pod(slowest->code) && !base.pod.empty() ? " of pod " + base.pod : "";
    const std::string still = slowest->open ? ", and was not over" : "";
    return fmt::format("{}{} took most of the way: {} of {} ({:.0f} %){}; to shorten it: {}",
                       noun_for_stage(slowest->code), of_pod, format_duration(slowest->interval.length()),
                       format_duration(total), 100 * to_seconds(slowest->interval.length()) / to_seconds(total), still,
                       slowest->remedy);
  }

  const Scenario& scenario_;
  const Timeline& t_;
  const HpaTrack& hpa_;
  Interval look_;
};

}  // namespace

const PathStep* CriticalPath::slowest() const {
  const auto it = std::max_element(steps.begin(), steps.end(), [](const PathStep& a, const PathStep& b) {
    return a.interval.length() < b.interval.length();
  });
  return it == steps.end() ? nullptr : &*it;
}

std::vector<CriticalPath> critical_paths(const Scenario& scenario, const Timeline& timeline) {
  std::vector<CriticalPath> paths;
  if (!timeline.load_started) return paths;
  for (const Interval& surge : timeline.surges) {
    for (const HpaTrack& hpa : timeline.hpas) {
      const Interval seen{surge.begin, std::min(surge.end, timeline.end)};
      if (seen.begin >= seen.end) continue;
      const auto goal = goal_of(scenario, timeline, hpa, seen);
      if (!goal) continue;
      if (auto path = PathBuilder(scenario, timeline, hpa, seen).build(*goal)) paths.push_back(std::move(*path));
    }
  }
  return paths;
}

}  // namespace surgeproof
