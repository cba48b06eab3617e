// `surgeproof load --json`: the result for programs. Layout: reports/load.schema.json.
#include <boost/json.hpp>
#include <ostream>

#include "reports/json_text.h"
#include "reports/load_summary.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

template <typename T>
json::value or_null(const std::optional<T>& v) {
  return v ? json::value(*v) : json::value(nullptr);
}

json::string text(std::string_view s) { return json::string(cleaned(s, true)); }

json::object latency(const LatencySummary& l) {
  json::object out{{"requests", l.requests}, {"mean", or_null(l.mean_ms)}};
  for (const auto& [name, ms] : l.percentiles_ms) out[name] = or_null(ms);
  return out;
}

json::array findings(const std::vector<Finding>& list) {
  json::array out;
  for (const Finding& f : list) {
    out.push_back({{"id", text(f.id)},
                   {"title", text(f.title)},
                   {"status", name_of(f.status)},
                   {"reason", text(f.reason)},
                   {"sentence", text(f.sentence)},
                   {"observed", text(f.observed)},
                   {"limit", text(f.limit)},
                   {"observed_value", or_null(f.observed_value)},
                   {"limit_value", or_null(f.limit_value)},
                   {"unit", text(f.unit)}});
  }
  return out;
}

json::array histogram(const std::vector<HistogramRow>& rows) {
  json::array out;
  for (const HistogramRow& r : rows) {
    out.push_back({{"from_ms", r.from_ms}, {"to_ms", r.to_ms}, {"requests", r.requests}});
  }
  return out;
}

json::object statuses(const std::map<int, std::uint64_t>& counts) {
  json::object out;
  for (const auto& [status, count] : counts) out[std::to_string(status)] = count;
  return out;
}

json::array failures(const std::vector<FailureRow>& rows) {
  json::array out;
  for (const FailureRow& f : rows) {
    out.push_back({{"outcome", name_of(f.outcome)},
                   {"requests", f.count},
                   {"first_s", or_null(f.first_s)},
                   {"example", text(f.example)}});
  }
  return out;
}

json::array slowest(const std::vector<SlowRow>& rows) {
  json::array out;
  for (const SlowRow& r : rows) {
    out.push_back({{"planned_s", r.planned_s},
                   {"latency_ms", r.latency_ms},
                   {"service_time_ms", r.service_ms},
                   {"request", text(r.request)},
                   {"status", r.status},
                   {"address", text(r.peer)},
                   {"pod", text(r.pod)},
                   {"trace_id", text(r.trace_id)}});
  }
  return out;
}

json::array peers(const std::vector<PeerRow>& rows) {
  json::array out;
  for (const PeerRow& p : rows) {
    out.push_back({{"address", text(p.peer)}, {"pod", text(p.pod)}, {"answered_requests", p.answered}});
  }
  return out;
}

json::object generator(const LoadSummary& s) {
  const GeneratorHealth& g = s.generator;
  return {{"schedule_error_p50_ms", or_null(g.schedule_error_p50_ms)},
          {"schedule_error_p99_ms", or_null(g.schedule_error_p99_ms)},
          {"schedule_error_max_ms", or_null(g.schedule_error_max_ms)},
          {"busiest_worker_percent", g.busiest_worker_percent},
          {"cpu_seconds", s.cpu_seconds},
          {"cpu_us_per_request", or_null(s.cpu_us_per_request)},
          {"largest_backlog_requests", g.largest_backlog},
          {"most_in_flight_requests", g.most_in_flight},
          {"most_connections", g.most_connections},
          {"is_bottleneck", s.generator_is_bottleneck},
          {"bottleneck", text(s.bottleneck)}};
}

}  // namespace

void write_load_json(const LoadSummary& s, std::ostream& out) {
  const json::object document{
      {"schema_version", kLoadSchemaVersion},
      {"tool", {{"name", "surgeproof"}, {"version", text(s.tool_version)}}},
      {"run",
       {{"target", text(s.target)},
        {"request", text(s.request)},
        {"mode", s.closed_loop ? "closed_loop" : "open_loop"},
        {"plan", text(s.plan)},
        {"started", text(s.started)},
        {"duration_s", s.seconds},
        {"interrupted", s.interrupted}}},
      {"verdict", {{"status", name_of(s.status)}, {"exit_code", s.exit_code}, {"headline", text(s.headline)}}},
      {"gates", findings(s.gates)},
      {"health", findings(s.health)},
      {"requests",
       {{"planned", s.planned},
        {"sent", s.sent},
        {"answered", s.answered},
        {"ok", s.ok},
        {"errors", s.errors},
        {"dropped", s.dropped},
        {"unsent", s.unsent},
        {"generator_errors", s.generator_errors}}},
      {"rates",
       {{"wanted_per_second", s.wanted_per_second},
        {"sent_per_second", s.sent_per_second},
        {"answered_per_second", s.answered_per_second},
        {"ok_per_second", s.ok_per_second}}},
      {"bytes", {{"received", s.bytes_received}, {"received_per_second", s.bytes_per_second}}},
      {"latency_ms", latency(s.latency)},
      {"service_time_ms", latency(s.service_time)},
      {"latency_histogram", histogram(s.histogram)},
      {"statuses", statuses(s.statuses)},
      {"failures", failures(s.failures)},
      {"slowest", slowest(s.slowest)},
      {"peers", peers(s.peers)},
      {"generator", generator(s)},
  };
  out << pretty_json(document) << '\n';
}

}  // namespace surgeproof::reports
