#include "app/run/actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/access_needs.h"
#include "k8s/access/review.h"
#include "k8s/api_client.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

std::string namespace_of_hpa(const Scenario& scenario, const std::string& hpa) {
  const auto it = std::ranges::find_if(scenario.watch, [&](const WatchTarget& watched) { return watched.hpa == hpa; });
  return it == scenario.watch.end() ? std::string{} : it->ns;
}

struct Fill {
  const Scenario& scenario;
  k8s::ActionRequest& request;

  void workload(const WorkloadRef& target) const {
    request.object_kind = kind_name(target.kind);
    request.object = target.name;
  }
  void operator()(const RestartAction& a) const {
    request.kind = k8s::ActionRequest::Kind::restart;
    workload(a.target);
  }
  void operator()(const ScaleAction& a) const {
    request.kind = k8s::ActionRequest::Kind::scale;
    request.replicas = a.replicas;
    workload(a.target);
  }
  void operator()(const DeletePodAction& a) const {
    request.kind = k8s::ActionRequest::Kind::delete_pod;
    request.object = resolve_hpa(scenario, a.hpa);
    request.ns = namespace_of_hpa(scenario, request.object);
    request.pick = a.pick == DeletePodAction::Pick::oldest   ? k8s::PodPick::oldest
                   : a.pick == DeletePodAction::Pick::newest ? k8s::PodPick::newest
                                                             : k8s::PodPick::random;
  }
};

}  // namespace

std::vector<std::string> missing_rights(const Scenario& scenario, const k8s::ClusterConfig& cluster,
                                        const std::string& default_ns) {
  std::vector<std::string> missing;
  auto client = k8s::ApiClient::connect(cluster);
  if (!client) return missing;
  k8s::AccessNeeds needs;
  needs.actions = access_needs(scenario, default_ns).actions;
  const auto permissions = k8s::permissions_for(needs);
  for (const auto& question : k8s::questions_for(permissions)) {
    const auto body = client->post(k8s::kReviewPath, question.body());
    const auto answer = body ? k8s::read_answer(*body) : std::unexpected{body.error().message};
    if (!answer || answer->allowed) continue;
    missing.push_back(fmt::format("{} will be refused: no right to {} {} in {}", question.about->purpose, question.verb,
                                  question.resource_words(), question.about->ns));
  }
  return missing;
}

std::string kind_name(WorkloadRef::Kind kind) {
  switch (kind) {
    case WorkloadRef::Kind::deployment:
      return "Deployment";
    case WorkloadRef::Kind::stateful_set:
      return "StatefulSet";
    case WorkloadRef::Kind::daemon_set:
      return "DaemonSet";
    case WorkloadRef::Kind::replica_set:
      break;
  }
  return "ReplicaSet";
}

std::vector<k8s::ActionRequest> action_requests(const Scenario& scenario, RunTime load_start,
                                                const std::string& default_ns) {
  std::vector<k8s::ActionRequest> requests;
  for (const auto& action : scenario.actions) {
    auto& r = requests.emplace_back();
    r.name = action.name;
    r.what = describe(scenario, action);
    r.due = load_start + resolve(scenario, action.at);
    r.ns = action.ns;
    r.seed = scenario.load.seed + requests.size();  // two of a kind do not pick the same
    std::visit(Fill{scenario, r}, action.what);
    if (r.ns.empty()) r.ns = default_ns;
  }
  return requests;
}

}  // namespace surgeproof
