#include <zlib.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "reports/html_parts.h"
#include "reports/json_text.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

template <typename T>
json::array column(const std::vector<T>& values) {
  return json::array(values.begin(), values.end());
}

template <typename T>
json::array column(const std::vector<std::optional<T>>& values) {
  json::array out;
  for (const auto& v : values) out.push_back(v ? json::value(*v) : json::value(nullptr));
  return out;
}

json::array spans(const std::vector<Span>& list) {
  json::array out;
  for (const Span& s : list) {
    out.push_back(
        {{"name", cleaned(s.name)}, {"detail", cleaned(s.detail)}, {"begin_s", s.begin_s}, {"end_s", s.end_s}});
  }
  return out;
}

json::object heat(const LoadSeries::Heat& h) {
  json::array bin;
  json::array row;
  json::array count;
  for (const auto& cell : h.cells) {
    bin.push_back(cell.bin);
    row.push_back(cell.row);
    count.push_back(cell.count);
  }
  return {{"bin_s", h.bin_s},
          {"row_ms", column(h.row_ms)},
          {"cells", {{"bin", std::move(bin)}, {"row", std::move(row)}, {"count", std::move(count)}}}};
}

json::object load(const LoadSeries& l) {
  json::array errors;
  for (const auto& e : l.errors)
    errors.push_back({{"name", words_for(e.outcome)}, {"per_second", column(e.per_second)}});
  return {{"bin_s", l.bin_s},
          {"t_s", column(l.t_s)},
          {"offered", column(l.offered)},
          {"sent", column(l.sent)},
          {"served", column(l.served)},
          {"unsent", column(l.unsent)},
          {"p50_ms", column(l.p50_ms)},
          {"p95_ms", column(l.p95_ms)},
          {"p99_ms", column(l.p99_ms)},
          {"errors", std::move(errors)},
          {"heat", heat(l.heat)}};
}

json::object metric(const MetricSeries& m) {
  return {{"name", cleaned(m.name)}, {"unit", m.unit},         {"t_s", column(m.t_s)},    {"value", column(m.value)},
          {"target", m.target},      {"band_low", m.band_low}, {"band_high", m.band_high}};
}

json::object signal(const SignalSeries& s) {
  json::object out{{"name", cleaned(s.name)}, {"unit", s.unit}, {"t_s", column(s.t_s)}, {"value", column(s.value)}};
  if (s.min) out["min"] = *s.min;
  if (s.max) out["max"] = *s.max;
  return out;
}

json::object pod(const PodBar& p) {
  json::object out{
      {"name", cleaned(p.name)}, {"node", cleaned(p.node)}, {"before_watch", p.before_watch}, {"restarts", p.restarts}};
  const auto add = [&](const char* name, const std::optional<double>& t) {
    if (t) out[name] = *t;
  };
  add("created_s", p.created_s);
  add("scheduled_s", p.scheduled_s);
  add("started_s", p.started_s);
  add("ready_s", p.ready_s);
  add("in_endpoints_s", p.in_endpoints_s);
  add("first_request_s", p.first_request_s);
  add("terminating_s", p.terminating_s);
  add("out_of_endpoints_s", p.out_of_endpoints_s);
  add("gone_s", p.gone_s);
  json::array ticks;
  for (const auto& t : p.ticks) ticks.push_back({{"t_s", t.t_s}, {"warning", t.warning}, {"text", cleaned(t.text)}});
  out["ticks"] = std::move(ticks);
  return out;
}

json::object hpa(const HpaReport& h) {
  json::array metrics;
  for (const MetricSeries& m : h.metrics) metrics.push_back(metric(m));
  json::array pods;
  for (const PodBar& p : h.pods) pods.push_back(pod(p));
  const ReplicaSteps& r = h.replicas;
  json::object replicas{{"t_s", column(r.t_s)},
                        {"desired", column(r.desired)},
                        {"current", column(r.current)},
                        {"ready", column(r.ready)}};
  if (!r.simulated.empty()) replicas["simulated"] = column(r.simulated);
  return {{"name", cleaned(h.name)},        {"target", cleaned(h.target)},     {"min_replicas", h.min_replicas},
          {"max_replicas", h.max_replicas}, {"replicas", std::move(replicas)}, {"metrics", std::move(metrics)},
          {"pods", std::move(pods)}};
}

std::string deflated(const std::string& text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  // Cannot fail: the buffer is large enough by the bound, and memory exhaustion throws before.
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
            static_cast<uLong>(text.size()), Z_BEST_COMPRESSION);
  out.resize(size);
  return out;
}

}  // namespace

std::string html_data(const Report& r) {
  json::array hpas;
  for (const HpaReport& h : r.hpas) hpas.push_back(hpa(h));
  json::array gaps;
  for (const Gap& g : r.gaps) {
    gaps.push_back({{"resource", cleaned(g.resource)}, {"begin_s", g.begin_s}, {"end_s", g.end_s}});
  }
  json::array actions;
  for (const ActionMark& a : r.actions) {
    if (!a.begun_s) continue;
    actions.push_back({{"t_s", *a.begun_s}, {"name", cleaned(a.name)}, {"well", a.state == "done"}});
  }
  json::object data{
      {"begin_s", r.begin_s},      {"end_s", r.end_s},          {"load_started_unix_ms", r.load_started_unix_ms},
      {"stages", spans(r.stages)}, {"phases", spans(r.phases)}, {"load", load(r.load)},
      {"hpas", std::move(hpas)},   {"gaps", std::move(gaps)}};
  if (!actions.empty()) data["actions"] = std::move(actions);
  if (r.without_load) data["without_load"] = true;
  if (!r.signals.empty()) {
    json::array signals;
    for (const SignalSeries& s : r.signals) signals.push_back(signal(s));
    data["signals"] = std::move(signals);
  }
  if (r.latency_limit_ms) data["latency_limit_ms"] = *r.latency_limit_ms;
  return encode_base64(deflated(compact_json(data, 7)));
}

}  // namespace surgeproof::reports
