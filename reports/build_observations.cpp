// Signals over time, and what was looked for in logs.
#include <algorithm>

#include "analyzers/log_track.h"
#include "analyzers/merge.h"
#include "analyzers/signal_track.h"
#include "reports/build_parts.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostExamples = 20;  // of a text

// The tightest limits of the criteria, and the unit in which they are written.
void add_limits(const Scenario& scenario, SignalSeries& out) {
  const auto tighten = [&](std::optional<double>& limit, const std::optional<SignalValue>& v, bool least) {
    if (!v) return;
    out.unit = name_of(v->unit);
    limit = least ? std::min(limit.value_or(v->value), v->value) : std::max(limit.value_or(v->value), v->value);
  };
  for (const Criterion& c : scenario.criteria) {
    if (const auto* rule = std::get_if<SignalCriterion>(&c.rule); rule != nullptr && rule->signal == out.name) {
      tighten(out.max, rule->max, true);
      tighten(out.min, rule->min, false);
    }
    if (const auto* rule = std::get_if<EventuallyCriterion>(&c.rule); rule != nullptr && rule->signal == out.name) {
      const auto& limit = rule->above ? rule->above : rule->below;
      if (limit && out.unit.empty()) out.unit = name_of(limit->unit);
    }
  }
}

struct Point {
  double t_s = 0;
  std::optional<double> value;
};

SignalSeries build_signal(const Scenario& scenario, const Timeline& timeline, const Signal& signal, const Axis& axis) {
  SignalSeries out;
  out.name = signal.name;
  out.query = signal.query;
  add_limits(scenario, out);
  std::vector<Point> points;
  for (const SignalSample& s : timeline.signals) {
    if (s.name == signal.name) points.push_back({axis(s.observed), s.value});
  }
  // The line breaks where the signal was not known.
  for (const WatchGap& gap : timeline.gaps) {
    if (gap.resource == signal_resource(signal.name)) points.push_back({axis(gap.interval.begin), std::nullopt});
  }
  sort_stably(points, [](const Point& a, const Point& b) { return a.t_s < b.t_s; });
  for (const Point& p : points) {
    out.t_s.push_back(p.t_s);
    out.value.push_back(p.value);
  }
  return out;
}

LogTextRow build_row(const Facts& facts, const LogScope& scope, const LogText& text, std::string wanted,
                     const Axis& axis) {
  LogTextRow row;
  row.pods = describe(scope);
  row.text = text.shown;
  row.wanted = std::move(wanted);
  const LogTrack track(facts, scope);
  const auto lines = track.lines(text, {RunTime::min(), RunTime::max()});
  row.lines = count_lines(lines);
  row.read = track.read_by(facts.timeline.end);
  if (lines.empty()) return row;
  row.first_s = axis(lines.front()->observed);
  row.last_s = axis(lines.back()->observed);
  for (const surgeproof::LogLine* line : lines) {
    if (line->line.empty()) continue;
    if (row.examples.size() == kMostExamples) break;
    row.examples.push_back({axis(line->observed), line->pod, line->container, line->line});
  }
  return row;
}

}  // namespace

std::vector<SignalSeries> build_signals(const Scenario& scenario, const Timeline& timeline, const Axis& axis) {
  std::vector<SignalSeries> out;
  for (const Signal& s : scenario.signals) out.push_back(build_signal(scenario, timeline, s, axis));
  return out;
}

std::vector<LogTextRow> build_log_texts(const Scenario& scenario, const Timeline& timeline, const Axis& axis) {
  const Facts facts{scenario, timeline};
  std::vector<LogTextRow> out;
  for (const Criterion& c : scenario.criteria) {
    if (const auto* logs = std::get_if<LogsCriterion>(&c.rule)) {
      for (const LogText& text : logs->absent) out.push_back(build_row(facts, logs->scope, text, "absent", axis));
      for (const LogText& text : logs->present) out.push_back(build_row(facts, logs->scope, text, "present", axis));
    }
    if (const auto* e = std::get_if<EventuallyCriterion>(&c.rule); e != nullptr && e->log) {
      out.push_back(build_row(facts, e->scope, *e->log, "eventually", axis));
    }
  }
  return out;
}

}  // namespace surgeproof::reports
