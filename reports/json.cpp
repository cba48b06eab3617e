// verdict.json: the result for programs. Layout: reports/verdict.schema.json.
#include <boost/json.hpp>
#include <ostream>

#include "reports/formats.h"
#include "reports/json_text.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

template <typename T>
json::value or_null(const std::optional<T>& v) {
  return v ? json::value(*v) : json::value(nullptr);
}

json::string text(std::string_view s) { return json::string(cleaned(s, true)); }

template <typename Items, typename Function>
json::array array_of(const Items& items, Function to_value) {
  json::array out;
  for (const auto& item : items) out.push_back(to_value(item));
  return out;
}

json::value string_value(const std::string& s) { return json::value(text(s)); }

json::object text_map(const std::map<std::string, std::string>& map) {
  json::object out;
  for (const auto& [key, value] : map) out[cleaned(key)] = text(value);
  return out;
}

json::value cause(const Cause& c) {
  return json::object{{"code", text(c.code)},     {"sentence", text(c.sentence)},
                      {"remedy", text(c.remedy)}, {"confidence", name_of(c.confidence)},
                      {"count", c.count},         {"evidence", array_of(c.evidence, string_value)}};
}

json::value finding(const FindingLine& line) {
  const Finding& f = line.finding;
  return json::object{{"id", text(f.id)},
                      {"title", text(f.title)},
                      {"status", name_of(f.status)},
                      {"reason", text(f.reason)},
                      {"sentence", text(f.sentence)},
                      {"observed", text(f.observed)},
                      {"limit", text(f.limit)},
                      {"margin", text(f.margin)},
                      {"observed_value", or_null(f.observed_value)},
                      {"limit_value", or_null(f.limit_value)},
                      {"unit", text(f.unit)},
                      {"evidence_begin_s", line.begin_s},
                      {"evidence_end_s", line.end_s},
                      {"decided", f.decided},
                      {"scenario_line", f.line},
                      {"causes", array_of(f.causes, cause)}};
}

json::value summary(const SpanSummary& s) {
  const auto range = [](const ReplicaRange& r) -> json::value {
    return json::object{{"hpa", text(r.hpa)}, {"lowest_ready", r.lowest_ready}, {"highest_ready", r.highest_ready}};
  };
  return json::object{{"name", text(s.span.name)},
                      {"begin_s", s.span.begin_s},
                      {"end_s", s.span.end_s},
                      {"planned_requests", s.planned},
                      {"sent_requests", s.sent},
                      {"ok_requests", s.answered_well},
                      {"error_requests", s.errors},
                      {"dropped_requests", s.dropped},
                      {"lost_in_generator_requests", s.lost_here},
                      {"offered_per_second", s.offered_per_second},
                      {"served_per_second", s.served_per_second},
                      {"latency_p50_ms", or_null(s.p50_ms)},
                      {"latency_p95_ms", or_null(s.p95_ms)},
                      {"latency_p99_ms", or_null(s.p99_ms)},
                      {"latency_max_ms", or_null(s.max_ms)},
                      {"replicas", array_of(s.replicas, range)}};
}

json::value pod(const PodBar& p) {
  return json::object{{"name", text(p.name)},
                      {"node", text(p.node)},
                      {"created_s", or_null(p.created_s)},
                      {"scheduled_s", or_null(p.scheduled_s)},
                      {"started_s", or_null(p.started_s)},
                      {"ready_s", or_null(p.ready_s)},
                      {"first_request_s", or_null(p.first_request_s)},
                      {"terminating_s", or_null(p.terminating_s)},
                      {"gone_s", or_null(p.gone_s)},
                      {"restarts", p.restarts}};
}

json::value path_stage(const PathStage& s) {
  return json::object{
      {"code", text(s.code)}, {"name", text(s.name)},         {"begin_s", s.begin_s},        {"end_s", s.end_s},
      {"slowest", s.slowest}, {"evidence", text(s.evidence)}, {"to_shorten", text(s.remedy)}};
}

json::value pod_path(const PodPathRow& p) {
  return json::object{{"pod", text(p.pod)},
                      {"node", text(p.node)},
                      {"scheduling_s", or_null(p.scheduling_s)},
                      {"start_s", or_null(p.start_s)},
                      {"readiness_s", or_null(p.readiness_s)},
                      {"endpoints_s", or_null(p.endpoints_s)},
                      {"first_request_s", or_null(p.first_request_s)}};
}

json::value path(const PathReport& p) {
  return json::object{{"title", text(p.title)},
                      {"sentence", text(p.sentence)},
                      {"stages", array_of(p.stages, path_stage)},
                      {"pods", array_of(p.pods, pod_path)},
                      {"not_seen", array_of(p.unseen, string_value)}};
}

json::value drop_pod(const DropCauseRow::Pod& p) {
  return json::object{{"pod", text(p.pod)},      {"node", text(p.node)}, {"requests", p.count},
                      {"first_s", p.first_s},    {"last_s", p.last_s},   {"example", text(p.example)},
                      {"bursts", text(p.bursts)}};
}

json::value drop_cause(const DropCauseRow& c) {
  return json::object{{"code", text(c.code)},         {"requests", c.count},      {"confidence", text(c.confidence)},
                      {"sentence", text(c.sentence)}, {"remedy", text(c.remedy)}, {"pods", array_of(c.pods, drop_pod)}};
}

json::object drops(const DropSection& d) {
  return json::object{{"requests", d.total},
                      {"causes", array_of(d.causes, drop_cause)},
                      {"lost_in_generator", array_of(d.lost_here, string_value)},
                      {"smallest_safe_prestop_s", or_null(d.prestop_s)},
                      {"prestop", text(d.prestop)}};
}

json::object decisions(const Decisions& d) {
  const auto row = [](const DecisionRow& r) -> json::value {
    return json::object{
        {"t_s", r.t_s}, {"from", r.from}, {"to", r.to}, {"explained", r.explained}, {"why", text(r.text)}};
  };
  return json::object{{"syncs_seen", d.syncs_seen},
                      {"equal", d.equal},
                      {"unexplained", d.unexplained},
                      {"rows", array_of(d.rows, row)}};
}

json::value own_simulation(const std::optional<OwnSimulation>& s) {
  if (!s) return nullptr;
  return json::object{{"syncs", s->syncs}, {"equal", s->equal}};
}

json::value hpa(const HpaReport& h) {
  json::object scores;
  for (const auto& [name, value] : h.scores) scores[cleaned(name)] = value;
  return json::object{{"namespace", text(h.ns)},
                      {"name", text(h.name)},
                      {"target", text(h.target)},
                      {"min_replicas", h.min_replicas},
                      {"max_replicas", h.max_replicas},
                      {"scale_down_window_s", or_null(h.scale_down_window_s)},
                      {"critical_paths", array_of(h.paths, path)},
                      {"decisions", decisions(h.decisions)},
                      {"own_simulation", own_simulation(h.own_simulation)},
                      {"scores", std::move(scores)},
                      {"demand_from", text(h.demand_from)},
                      {"pods", array_of(h.pods, pod)}};
}

json::value failure(const FailureRow& f) {
  return json::object{{"outcome", name_of(f.outcome)},
                      {"requests", f.count},
                      {"first_s", or_null(f.first_s)},
                      {"last_s", or_null(f.last_s)},
                      {"example", text(f.example)}};
}

json::value action(const ActionMark& a) {
  return json::object{{"name", text(a.name)},          {"what", text(a.what)},         {"state", text(a.state)},
                      {"object", text(a.object)},      {"sentence", text(a.sentence)}, {"planned_s", a.planned_s},
                      {"begun_s", or_null(a.begun_s)}, {"ended_s", or_null(a.ended_s)}};
}

json::value gap(const Gap& g) {
  return json::object{{"resource", text(g.resource)}, {"why", text(g.why)}, {"begin_s", g.begin_s}, {"end_s", g.end_s}};
}

json::object generator(const GeneratorHealth& g) {
  return json::object{{"schedule_error_p50_ms", or_null(g.schedule_error_p50_ms)},
                      {"schedule_error_p99_ms", or_null(g.schedule_error_p99_ms)},
                      {"schedule_error_max_ms", or_null(g.schedule_error_max_ms)},
                      {"busiest_worker_percent", g.busiest_worker_percent},
                      {"largest_backlog_requests", g.largest_backlog},
                      {"most_in_flight_requests", g.most_in_flight},
                      {"most_connections", g.most_connections}};
}

json::value signal(const SignalSeries& s) {
  return json::object{{"name", text(s.name)},
                      {"query", text(s.query)},
                      {"unit", text(s.unit)},
                      {"min", or_null(s.min)},
                      {"max", or_null(s.max)},
                      {"t_s", json::array(s.t_s.begin(), s.t_s.end())},
                      {"value", array_of(s.value, [](const auto& v) { return or_null(v); })}};
}

json::value log_text(const LogTextRow& row) {
  const auto example = [](const LogTextRow::Example& e) -> json::value {
    return json::object{{"t_s", e.t_s}, {"pod", text(e.pod)}, {"container", text(e.container)}, {"line", text(e.line)}};
  };
  return json::object{{"text", text(row.text)},
                      {"pods", text(row.pods)},
                      {"wanted", text(row.wanted)},
                      {"read", row.read},
                      {"lines", row.lines},
                      {"first_s", or_null(row.first_s)},
                      {"last_s", or_null(row.last_s)},
                      {"examples", array_of(row.examples, example)}};
}

json::object run(const Report& r) {
  return json::object{{"name", text(r.name)},        {"scenario_file", text(r.scenario_file)},
                      {"target", text(r.target)},    {"load_started", text(r.load_started)},
                      {"begin_s", r.begin_s},        {"end_s", r.end_s},
                      {"interrupted", r.interrupted}};
}

}  // namespace

void write_json(const Report& r, std::ostream& out) {
  const json::object document{
      {"schema_version", kVerdictSchemaVersion},
      {"tool", {{"name", "surgeproof"}, {"version", text(r.tool_version)}}},
      {"run", run(r)},
      {"verdict", {{"status", name_of(r.status)}, {"exit_code", r.exit_code}, {"headline", text(r.headline)}}},
      {"criteria", array_of(r.criteria, finding)},
      {"health", array_of(r.health, finding)},
      {"causes", array_of(r.causes, cause)},
      {"summary",
       {{"total", summary(r.total)},
        {"by_phase", array_of(r.by_phase, summary)},
        {"by_stage", array_of(r.by_stage, summary)}}},
      {"actions", array_of(r.actions, action)},
      {"hpas", array_of(r.hpas, hpa)},
      {"signals", array_of(r.signals, signal)},
      {"logs", array_of(r.log_texts, log_text)},
      {"failures", array_of(r.failures, failure)},
      {"drops", drops(r.drops)},
      {"generator", generator(r.generator)},
      {"gaps", array_of(r.gaps, gap)},
      {"environment", text_map(r.environment)},
      {"notes", array_of(r.notes, string_value)},
  };
  out << pretty_json(document) << '\n';
}

}  // namespace surgeproof::reports
