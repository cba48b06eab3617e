#include "analyzers/judge.h"
#include "analyzers/moment.h"
#include "base/duration.h"
#include "base/wall_time.h"
#include "reports/build_parts.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {
namespace {

FindingLine line_of(const Finding& finding, const Axis& axis) {
  FindingLine line{finding, axis(finding.evidence.begin), axis(finding.evidence.end), std::nullopt};
  if (finding.observed_value && finding.limit_value && *finding.limit_value > 0 && *finding.observed_value >= 0) {
    line.share_of_limit = *finding.observed_value / *finding.limit_value;
  }
  return line;
}

std::string rate_words(const StageSpan& stage) {
  const std::string length = format_duration(stage.interval.length());
  if (stage.rate_end <= 0 && stage.rate_begin <= 0) return fmt::format("no load for {}", length);
  if (stage.rate_begin == stage.rate_end) return fmt::format("{:.4g}/s for {}", stage.rate_end, length);
  return fmt::format("{:.4g}/s to {:.4g}/s over {}", stage.rate_begin, stage.rate_end, length);
}

// What a criterion of the scenario puts into the latency chart: the tightest limit over all requests.
std::optional<double> tightest_latency_limit(const Scenario& scenario) {
  std::optional<double> limit_ms;
  for (const Criterion& criterion : scenario.criteria) {
    if (const auto* latency = std::get_if<LatencyCriterion>(&criterion.rule)) {
      const double ms = std::chrono::duration<double, std::milli>(latency->limit).count();
      limit_ms = std::min(limit_ms.value_or(ms), ms);
    }
  }
  return limit_ms;
}

void add_run(const RunInfo& info, const Timeline& timeline, const Axis& axis, Report& r) {
  r.name = info.name;
  r.scenario_file = info.scenario_file;
  r.target = info.target;
  r.tool_version = info.tool_version;
  const WallTime load_started = info.started + axis.origin;
  r.load_started = format_rfc3339(load_started, 3);
  r.load_started_unix_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(load_started.time_since_epoch()).count();
  r.begin_s = axis(RunTime{0});
  r.end_s = axis(timeline.end);
  r.duration = format_duration(timeline.end);
  r.interrupted = timeline.interrupted;
  r.environment = info.environment;
  r.notes = info.notes;
}

void add_verdict(const Verdict& verdict, const Axis& axis, Report& r) {
  r.status = verdict.status;
  r.exit_code = verdict.exit_code();
  r.headline = headline(verdict);
  for (const Finding& f : verdict.findings) r.criteria.push_back(line_of(f, axis));
  for (const Finding& f : verdict.health) r.health.push_back(line_of(f, axis));
  r.causes = verdict.causes;
}

void add_spans(const Timeline& timeline, const Axis& axis, Report& r) {
  for (const StageSpan& stage : timeline.stages) {
    const Span span{stage.name, rate_words(stage), axis(stage.interval.begin), axis(stage.interval.end)};
    r.stages.push_back(span);
    r.by_stage.push_back(summarize(timeline, axis, stage.interval, stage.name));
    r.by_stage.back().span = span;
  }
  for (const Phase& phase : timeline.phases) {
    const Span span{phase.name(), "", axis(phase.interval.begin), axis(phase.interval.end)};
    r.phases.push_back(span);
    r.by_phase.push_back(summarize(timeline, axis, phase.interval, ""));
    r.by_phase.back().span = span;
  }
  for (const ActionSample& a : timeline.actions) {
    const std::string ns = a.object.ns.empty() ? "" : a.object.ns + "/";
    r.actions.push_back({a.name, a.what, std::string{name_of(a.state)},
                         fmt::format("{}/{}{}", a.object.kind, ns, a.object.name), words_of(a), axis(a.planned),
                         axis(a.begun), axis(a.ended)});
  }
  r.total = summarize(timeline, axis, {axis.origin, std::max(timeline.end, axis.origin)}, "");
  r.total.span.name = "whole run";
}

int changes_of(const Steps<int>& steps) {
  const auto& changes = steps.changes();
  return changes.empty() ? 0 : static_cast<int>(changes.size()) - 1;
}

// Nothing was meant to be judged: what was seen, in a sentence.
void add_watched_only(const Timeline& timeline, Report& r) {
  r.watched_only = true;
  r.exit_code = 0;
  int decisions = 0;
  for (const HpaTrack& hpa : timeline.hpas) decisions += changes_of(hpa.wanted());
  const auto warnings = std::ranges::count_if(r.log, [](const LogLine& l) { return l.warning && !l.before; });
  const auto many = [](auto n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); };
  r.headline = fmt::format("Watched for {}: {} of replicas, {}", r.duration, many(decisions, "change"),
                           many(warnings, "warning"));
}

}  // namespace

Report build_report(const RunInfo& info, const Scenario& scenario, const Timeline& timeline, const Verdict& verdict,
                    std::string scenario_text) {
  const Axis axis{timeline.load_started.value_or(RunTime{0})};
  Report r;
  add_run(info, timeline, axis, r);
  add_verdict(verdict, axis, r);
  add_spans(timeline, axis, r);
  r.load = build_load_series(timeline, axis);
  r.latency_limit_ms = tightest_latency_limit(scenario);
  for (const HpaTrack& hpa : timeline.hpas) {
    r.hpas.push_back(build_hpa(timeline, hpa, axis));
    add_analysis(verdict, hpa, axis, r.hpas.back());
    r.hpas.back().decisions = build_decisions(timeline, hpa, info.started, axis);
    add_own_simulation(timeline, scenario, hpa, info.started, axis, r.hpas.back());
  }
  r.log = build_log(timeline, axis, info.started);
  r.signals = build_signals(scenario, timeline, axis);
  r.log_texts = build_log_texts(scenario, timeline, axis);
  r.without_load = scenario.load.none() && !scenario.watch.empty();
  if (r.without_load && scenario.criteria.empty()) add_watched_only(timeline, r);
  r.gaps = build_gaps(timeline, axis);
  r.failures = build_failures(timeline, axis);
  r.drops = build_drops(verdict.drops, axis);
  r.failure_examples = build_failure_examples(timeline, axis);
  r.peers = build_peers(timeline, axis);
  r.generator = build_generator_health(timeline);
  r.scenario_text = std::move(scenario_text);
  return r;
}

}  // namespace surgeproof::reports
