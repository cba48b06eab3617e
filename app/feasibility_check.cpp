#include "app/feasibility_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "analyzers/whatif/feasibility.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using hpa::field;

/// The CPU of all containers of a pod spec: requests, and limits when every container has one.
void read_resources(const json::value& pod_spec, whatif::FeasibilityQuestion& q) {
  double limit = 0;
  bool limited = true;
  for (const auto& c : hpa::items_of(field(pod_spec, "containers"))) {
    const auto request = hpa::milli_of(field(field(field(c, "resources"), "requests"), "cpu"));
    const auto most = hpa::milli_of(field(field(field(c, "resources"), "limits"), "cpu"));
    q.cpu_request_millicores += request.value_or(most.value_or(0));  // a limit alone is the request, too
    limited = limited && most;
    limit += static_cast<double>(most.value_or(0));
  }
  if (limited && limit > 0) q.cpu_limit_millicores = limit;
}

/// What the readiness probes alone take: the delay, and up to a period more.
whatif::TimeRange probe_time(const json::value& pod_spec) {
  whatif::TimeRange range{};
  for (const auto& c : hpa::items_of(field(pod_spec, "containers"))) {
    const json::value& probe = field(c, "readinessProbe");
    if (!probe.is_object()) continue;
    const std::chrono::seconds delay{hpa::int_of(field(probe, "initialDelaySeconds")).value_or(0)};
    const std::chrono::seconds period{hpa::int_of(field(probe, "periodSeconds")).value_or(10)};
    range.least = std::max<RunTime>(range.least, delay);
    range.most = std::max<RunTime>(range.most, delay + period);
  }
  return range;
}

const json::value* named(const std::vector<json::value>& objects, const std::string& ns, const std::string& name) {
  const auto found = std::ranges::find_if(objects, [&](const json::value& o) {
    const json::value& meta = field(o, "metadata");
    return hpa::text_of(field(meta, "name")) == name && (ns.empty() || hpa::text_of(field(meta, "namespace")) == ns);
  });
  return found == objects.end() ? nullptr : &*found;
}

}  // namespace

std::vector<FeasibilityFinding> check_feasibility(const Scenario& scenario, const hpa::ObjectHeap& objects,
                                                  const hpa::Settings& settings) {
  std::vector<FeasibilityFinding> findings;
  for (const Criterion& criterion : scenario.criteria) {
    const auto* up = std::get_if<ScaleUpCriterion>(&criterion.rule);
    if (up == nullptr) continue;
    const std::string name = resolve_hpa(scenario, up->hpa);
    const json::value* object = named(objects.of_kind("HorizontalPodAutoscaler"), "", name);
    if (object == nullptr) continue;
    const hpa::Autoscaler autoscaler = hpa::autoscaler_from_json(*object);
    whatif::FeasibilityQuestion q;
    q.spec = autoscaler.spec;
    q.settings = settings;
    q.from = std::max(1, autoscaler.spec.min_replicas.value_or(1));
    q.to = up->to;
    std::string assumed;
    const auto& target = autoscaler.spec.target;
    if (const json::value* t = named(objects.of_kind(target.kind), autoscaler.ns, target.name)) {
      const json::value& pod_spec = field(field(field(*t, "spec"), "template"), "spec");
      read_resources(pod_spec, q);
      const whatif::TimeRange probe = probe_time(pod_spec);
      q.pod_start = {std::max<RunTime>(probe.least, 1s), probe.most + 30s};
      assumed = "; an unknown start of up to 30s before its probe is assumed";
    }
    std::vector<hpa::Pod> pods;
    for (const auto& pod : objects.of_kind("Pod")) {
      hpa::Pod one = hpa::pod_from_json(pod);
      if (one.ns != autoscaler.ns || !one.name.starts_with(target.name + "-")) continue;
      if (pods.empty() && q.cpu_request_millicores == 0) read_resources(field(pod, "spec"), q);
      pods.push_back(std::move(one));
    }
    if (const auto seen = whatif::pod_start_seen(pods)) {
      q.pod_start = {std::max<RunTime>(seen->least, 1s), std::max<RunTime>(seen->most, 1s)};
      assumed.clear();
    }
    const whatif::Feasibility f = whatif::time_to(q);
    FeasibilityFinding finding{describe(scenario, criterion), true, objection(f, up->to, up->within)};
    finding.feasible = finding.sentence.empty();
    if (finding.feasible) {
      finding.sentence = fmt::format("{} ready pods come {}{}", up->to, whatif::span_words(f), assumed);
      if (f.latest && *f.latest > up->within) finding.sentence += ", so it depends on the moment";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace surgeproof
