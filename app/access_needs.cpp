#include "app/access_needs.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/run/actions.h"
#include "k8s/json_access.h"

namespace surgeproof {

k8s::AccessNeeds access_needs(const Scenario& scenario, const std::string& default_ns) {
  k8s::AccessNeeds needs;
  for (const auto& w : scenario.watch) {
    needs.watched.push_back({w.ns.empty() ? default_ns : w.ns, w.hpa, std::nullopt, std::nullopt});
  }
  if (const auto& direct = scenario.connections.direct) {
    needs.endpoint_namespaces.push_back(direct->ns.empty() ? default_ns : direct->ns);
  }
  for (const auto& wanted : wanted_logs(scenario)) {
    const auto add = [&](const std::string& ns) {
      if (std::ranges::find(needs.log_namespaces, ns) == needs.log_namespaces.end()) needs.log_namespaces.push_back(ns);
    };
    if (!wanted.scope.ns.empty()) {
      add(wanted.scope.ns);
    } else if (scenario.watch.empty()) {
      add(default_ns);
    } else {
      for (const auto& w : needs.watched) add(w.ns);
    }
  }
  for (const auto& request : action_requests(scenario, RunTime{}, default_ns)) {
    using From = k8s::ActionRequest::Kind;
    using To = k8s::ActionNeeds::Kind;
    if (request.kind == From::delete_pod) {
      needs.actions.push_back({To::delete_pod, request.ns, std::nullopt, ""});
      continue;
    }
    needs.actions.push_back({request.kind == From::restart ? To::restart : To::scale, request.ns,
                             k8s::resource_of("apps/v1", request.object_kind), request.object});
  }
  return needs;
}

std::vector<std::string> look_up(k8s::AccessNeeds& needs, const k8s::ApiGet& get) {
  std::vector<std::string> unknown;
  for (auto& w : needs.watched) {
    const auto seen = k8s::read_workload(get, w.ns, w.hpa, {.metrics = false, .bounds = false, .nodes = false});
    if (!seen || !seen->hpa) {
      const auto* part = seen ? seen->unseen_part("horizontalpodautoscalers") : nullptr;
      unknown.push_back(fmt::format("HPA {}/{}: {}", w.ns, w.hpa,
                                    !seen  ? seen.error().message
                                    : part ? part->why
                                           : "there is none of that name"));
      continue;
    }
    const auto spec = k8s::parse_json(seen->hpa->spec_json);
    const auto& ref = k8s::object_at(k8s::as_object(*spec), "scaleTargetRef");
    w.target = k8s::resource_of(k8s::text_at(ref, "apiVersion"), k8s::text_at(ref, "kind"));
    w.metrics = k8s::metric_needs(seen->hpa->spec_json);
  }
  return unknown;
}

}  // namespace surgeproof
