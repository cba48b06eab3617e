#include "reports/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <ostream>
#include <utility>
#include <vector>

#include "base/run_time.h"
#include "reports/formats.h"
#include "reports/live.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;
using prometheus::MetricType;

class Families {
 public:
  /// Another sample of the family `name`; the first one brings it into being.
  void gauge(const std::string& name, const std::string& help, double value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.gauge.value = value;
    metric.label = std::move(labels);
    family(name, help, MetricType::Gauge).metric.push_back(std::move(metric));
  }
  void counter(const std::string& name, const std::string& help, std::uint64_t value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.counter.value = static_cast<double>(value);
    metric.label = std::move(labels);
    family(name, help, MetricType::Counter).metric.push_back(std::move(metric));
  }
  [[nodiscard]] std::string text() const { return prometheus::TextSerializer{}.Serialize(families_); }

 private:
  prometheus::MetricFamily& family(const std::string& name, const std::string& help, MetricType type) {
    for (auto& f : families_) {
      if (f.name == name) return f;
    }
    return families_.emplace_back(prometheus::MetricFamily{name, help, type, {}});
  }
  std::vector<prometheus::MetricFamily> families_;
};

/// A label's value: what came from outside has no control characters.
prometheus::ClientMetric::Label label(const char* name, std::string_view value) { return {name, cleaned(value)}; }

void add_status(Families& to, const std::string& name, const std::string& help, Status status, const Labels& labels) {
  for (const Status s : {Status::pass, Status::fail, Status::inconclusive}) {
    Labels all = labels;
    all.push_back(label("status", name_of(s)));
    to.gauge(name, help, s == status ? 1 : 0, std::move(all));
  }
}

constexpr const char* kCriterion = "surgeproof_criterion";
constexpr const char* kCriterionHelp = "1 for the status that the criterion has now, 0 for the others";
constexpr const char* kRequests = "surgeproof_requests_total";
constexpr const char* kRequestsHelp = "Requests that have ended, by outcome";
constexpr const char* kPlanned = "surgeproof_requests_planned_total";
constexpr const char* kPlannedHelp = "Requests that were due";

void add_load(Families& to, const LiveView& view) {
  to.counter(kPlanned, kPlannedHelp, view.planned);
  to.counter(kRequests, kRequestsHelp, view.answered_well, {label("outcome", name_of(Outcome::ok))});
  for (const auto& e : view.errors)
    to.counter(kRequests, kRequestsHelp, e.count, {label("outcome", name_of(e.outcome))});
  to.counter("surgeproof_requests_dropped_total", "Requests that got no valid answer from the service", view.dropped);
  const std::string rate = "surgeproof_requests_per_second";
  const std::string rate_help = "Rate of requests: offered by the plan, sent, and answered, over the last second";
  to.gauge(rate, rate_help, view.offered_per_second, {label("kind", "offered")});
  to.gauge(rate, rate_help, view.sent_per_second, {label("kind", "sent")});
  to.gauge(rate, rate_help, view.served_per_second, {label("kind", "served")});
  const auto percentile = [&](const char* q, const std::optional<std::chrono::microseconds>& value) {
    if (!value) return;
    to.gauge("surgeproof_recent_latency_seconds", "Latency from the planned instant, over the last five seconds",
             to_seconds(*value), {label("percentile", q)});
  };
  percentile("50", view.p50);
  percentile("95", view.p95);
  percentile("99", view.p99);
  to.gauge("surgeproof_requests_in_flight", "Requests sent and not yet answered", static_cast<double>(view.in_flight));
  to.gauge("surgeproof_connections_open", "Open connections to the target", static_cast<double>(view.connections));
}

void add_replicas(Families& to, const std::string& hpa, const char* kind, std::optional<int> value) {
  if (!value) return;
  to.gauge("surgeproof_hpa_replicas", "Replicas of the HPA's target: desired by the HPA, current, and ready", *value,
           {label("hpa", hpa), label("kind", kind)});
}

void add_hpa(Families& to, const LiveHpa& hpa) {
  add_replicas(to, hpa.name, "desired", hpa.desired);
  add_replicas(to, hpa.name, "current", hpa.current);
  add_replicas(to, hpa.name, "ready", hpa.ready);
  const std::string limit = "surgeproof_hpa_replica_limit";
  to.gauge(limit, "The HPA's bounds", hpa.min_replicas, {label("hpa", hpa.name), label("bound", "min")});
  to.gauge(limit, "The HPA's bounds", hpa.max_replicas, {label("hpa", hpa.name), label("bound", "max")});
  const Labels labels{label("hpa", hpa.name), label("metric", hpa.metric)};
  if (hpa.utilization_percent) {
    to.gauge("surgeproof_hpa_utilization_ratio", "Utilization of what the pods request, as the HPA sees it",
             *hpa.utilization_percent / 100, labels);
  }
  if (hpa.target_percent) {
    to.gauge("surgeproof_hpa_target_utilization_ratio", "The utilization that the HPA aims at",
             *hpa.target_percent / 100, labels);
  }
}

}  // namespace

std::string metrics_text(const LiveView& view) {
  Families families;
  families.gauge("surgeproof_run_info", "The run that goes on", 1,
                 {label("scenario", view.name), label("version", SURGEPROOF_VERSION)});
  families.gauge("surgeproof_run_elapsed_seconds", "Time since the load began; negative before it",
                 to_seconds(view.elapsed));
  families.gauge("surgeproof_load_duration_seconds", "Length of the load plan", to_seconds(view.total));
  add_load(families, view);
  for (const auto& hpa : view.hpas) add_hpa(families, hpa);
  for (const auto& c : view.criteria) {
    add_status(families, kCriterion, kCriterionHelp, c.status, {label("criterion", c.id)});
    families.gauge("surgeproof_criterion_decided", "1 when more time cannot change the criterion's status",
                   c.decided ? 1 : 0, {label("criterion", c.id)});
  }
  return families.text();
}

void write_prometheus(const Report& report, std::ostream& out) { out << metrics_text(report); }

std::string metrics_text(const Report& r) {
  Families families;
  families.gauge("surgeproof_run_info", "The last run", 1,
                 {label("scenario", r.name), label("version", r.tool_version)});
  add_status(families, "surgeproof_verdict", "1 for the verdict of the run, 0 for the others", r.status, {});
  families.gauge("surgeproof_exit_code", "Exit code of the run", r.exit_code);
  families.gauge("surgeproof_run_start_timestamp_seconds", "When the load began, in Unix time",
                 static_cast<double>(r.load_started_unix_ms) / 1000);
  families.gauge("surgeproof_run_duration_seconds", "Length of the recording", r.end_s - r.begin_s);
  families.counter(kPlanned, kPlannedHelp, r.total.planned);
  families.counter(kRequests, kRequestsHelp, r.total.answered_well, {label("outcome", name_of(Outcome::ok))});
  for (const auto& f : r.failures) {
    if (f.outcome != Outcome::ok)
      families.counter(kRequests, kRequestsHelp, f.count, {label("outcome", name_of(f.outcome))});
  }
  families.counter("surgeproof_requests_dropped_total", "Requests that got no valid answer from the service",
                   r.total.dropped);
  const auto percentile = [&](const char* q, const std::optional<double>& ms) {
    if (!ms) return;
    families.gauge("surgeproof_latency_seconds", "Latency from the planned instant, over the whole run", *ms / 1000,
                   {label("percentile", q)});
  };
  percentile("50", r.total.p50_ms);
  percentile("95", r.total.p95_ms);
  percentile("99", r.total.p99_ms);
  percentile("100", r.total.max_ms);
  for (const auto& c : r.criteria) {
    const Labels labels{label("criterion", c.finding.id)};
    add_status(families, kCriterion, kCriterionHelp, c.finding.status, labels);
    const auto value = [&](const char* name, const char* help, const std::optional<double>& v) {
      if (v) families.gauge(name, help, *v, {label("criterion", c.finding.id), label("unit", c.finding.unit)});
    };
    value("surgeproof_criterion_observed", "What was measured for the criterion, in its unit",
          c.finding.observed_value);
    value("surgeproof_criterion_limit", "The criterion's limit, in its unit", c.finding.limit_value);
  }
  for (const auto& hpa : r.hpas) {
    for (const auto& [name, value] : hpa.scores) {
      families.gauge("surgeproof_hpa_score", "Figures of the scaling, by name", value,
                     {label("hpa", hpa.name), label("score", name)});
    }
  }
  return families.text();
}

}  // namespace surgeproof::reports
