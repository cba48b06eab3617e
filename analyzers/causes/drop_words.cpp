#include "analyzers/causes/drop_words.h"

#include <algorithm>
#include <iterator>

namespace surgeproof {
namespace {

constexpr DropWords kWords[] = {
    {"termination_race", "were sent to pods that were being deleted",
     "add a preStop sleep, so that a pod serves until every balancer has taken it out"},
    {"keep_alive_reset", "broke on a kept-alive connection to a pod that was being deleted",
     "drain on SIGTERM: answer with `Connection: close`, keep serving during preStop, idle timeout above the client's"},
    {"idle_timeout_race", "broke on a kept-alive connection while no pod came or went",
     "the server closes idle connections before the client does: raise its keep-alive timeout above the client's and "
     "the balancer's"},
    {"killed_in_flight", "were cut off when their pod was killed",
     "finish requests on SIGTERM, and give them time: terminationGracePeriodSeconds above preStop + the slowest "
     "request"},
    {"load_balancer_lag", "were sent to a node that had no ready pod any more",
     "shorter health checks of the load balancer (interval × threshold), a preStop sleep above them, or "
     "externalTrafficPolicy: Cluster"},
    {"node_trouble", "met a node that was going away or had failed",
     "drain nodes in order: a PodDisruptionBudget, graceful node shutdown, replicas spread over nodes"},
    {"premature_ready", "reached pods that were ready by name only",
     "make the readiness probe answer only when the pod can serve (and after warm-up)"},
    {"container_crashed", "met a pod whose container had crashed",
     "read the container's last log (`kubectl logs --previous`); memory limit, liveness probe"},
    {"no_endpoints", "came while the service had no endpoint",
     "keep pods ready: minReplicas, a PodDisruptionBudget, maxUnavailable of the rollout"},
    {"saturation", "waited too long for pods that had all they could do",
     "more or larger pods earlier: a lower target, more replicas, faster scale-up"},
    {"unknown", "have no cause that the recording shows", ""},
};

}  // namespace

const DropWords& words_for_drop(std::string_view code) {
  const auto* it =
      std::find_if(std::begin(kWords), std::end(kWords), [&](const DropWords& w) { return w.code == code; });
  return it == std::end(kWords) ? *std::prev(std::end(kWords)) : *it;
}

std::string of_one(std::string_view what) {
  if (what.starts_with("were ")) return "was " + std::string{what.substr(5)};
  if (what.starts_with("have ")) return "has " + std::string{what.substr(5)};
  return std::string{what};
}

}  // namespace surgeproof
