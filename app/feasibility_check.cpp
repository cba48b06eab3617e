#include "app/feasibility_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "analyzers/whatif/feasibility.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"
#include "k8s/workload/spec_views.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

namespace json = boost::json;
using hpa::field;

const json::value* named(const std::vector<json::value>& objects, const std::string& ns, const std::string& name) {
  const auto found = std::ranges::find_if(objects, [&](const json::value& o) {
    const json::value& meta = field(o, "metadata");
    return hpa::text_of(field(meta, "name")) == name && (ns.empty() || hpa::text_of(field(meta, "namespace")) == ns);
  });
  return found == objects.end() ? nullptr : &*found;
}

}  // namespace

std::vector<FeasibilityFinding> check_feasibility(const Scenario& scenario, const hpa::ObjectHeap& objects,
                                                  const whatif::ControlLoopFlags& flags) {
  std::vector<FeasibilityFinding> findings;
  for (const Criterion& criterion : scenario.criteria) {
    const auto* up = std::get_if<ScaleUpCriterion>(&criterion.rule);
    if (up == nullptr) continue;
    const std::string name = resolve_hpa(scenario, up->hpa);
    const json::value* object = named(objects.of_kind("HorizontalPodAutoscaler"), "", name);
    if (object == nullptr) continue;
    const hpa::Autoscaler autoscaler = hpa::autoscaler_from_json(*object);
    const auto& target = autoscaler.spec.target;
    const json::value* t = named(objects.of_kind(target.kind), autoscaler.ns, target.name);
    std::vector<hpa::Pod> pods;
    std::optional<PodTemplate> pod_template;
    if (t != nullptr && t->is_object()) pod_template = k8s::pod_template_view(t->get_object());
    for (const auto& pod : objects.of_kind("Pod")) {
      hpa::Pod one = hpa::pod_from_json(pod);
      if (one.ns != autoscaler.ns || !one.name.starts_with(target.name + "-")) continue;
      if (!pod_template) pod_template = k8s::pod_template_view(json::object{{"spec", {{"template", pod}}}});
      pods.push_back(std::move(one));
    }
    const auto seen = whatif::pod_start_seen(pods);
    auto q = whatif::question_for(autoscaler.spec, pod_template ? &*pod_template : nullptr, seen, up->to);
    whatif::apply(flags, q);
    const whatif::Feasibility f = whatif::time_to(q);
    FeasibilityFinding finding{describe(scenario, criterion), FeasibilityFinding::Verdict::infeasible,
                               objection(f, up->to, up->within)};
    if (!f.unknown_because.empty()) {
      finding.verdict = FeasibilityFinding::Verdict::unknown;
      finding.sentence = "no time can be said: " + f.unknown_because;
    } else if (finding.sentence.empty()) {
      finding.verdict = FeasibilityFinding::Verdict::feasible;
      finding.sentence = whatif::bounds_sentence(f, up->to, up->within);
      if (!seen) finding.sentence += "; an unknown start of up to 30s before its probe is assumed";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace surgeproof
