#include "k8s/demo/pod_state.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string container_id(const PodState& s) { return fmt::format("demo://{}-{}", s.spec.uid, s.restarts); }

json::object terminated(const PodState& s, int restart) {
  return {{"terminated", json::object{{"exitCode", s.end->exit.code},
                                      {"reason", s.end->exit.reason},
                                      {"startedAt", format_rfc3339(s.end->started, 0)},
                                      {"finishedAt", format_rfc3339(s.end->finished, 0)},
                                      {"containerID", fmt::format("demo://{}-{}", s.spec.uid, restart)}}}};
}

json::object waiting(std::string_view reason, std::string_view message) {
  json::object w{{"reason", reason}};
  if (!message.empty()) w["message"] = message;
  return {{"waiting", std::move(w)}};
}

json::object container_state(const PodState& s) {
  switch (s.container) {
    case PodState::Container::creating:
      return waiting("ContainerCreating", "");
    case PodState::Container::running:
      return {{"running", json::object{{"startedAt", format_rfc3339(s.started, 0)}}}};
    case PodState::Container::backing_off:
      // The first restart comes at once: until then the end itself shows.
      if (s.restarts == 0) return terminated(s, 0);
      return waiting("CrashLoopBackOff", fmt::format("back-off restarting failed container={} pod={}_{}({})",
                                                     s.spec.container, s.spec.name, s.spec.ns, s.spec.uid));
    case PodState::Container::ended:
      return terminated(s, s.restarts);
  }
  return {};
}

json::object container_status(const PodState& s) {
  const bool running = s.container == PodState::Container::running;
  json::object status{{"name", s.spec.container},
                      {"image", s.spec.image},
                      {"imageID", fmt::format("demo://{}", s.spec.image)},
                      {"ready", s.ready},
                      {"started", running},
                      {"restartCount", s.restarts},
                      {"state", container_state(s)},
                      {"lastState", json::object{}}};
  if (s.container != PodState::Container::creating) status["containerID"] = container_id(s);
  if (s.end && running) status["lastState"] = terminated(s, s.restarts - 1);
  return status;
}

std::string_view phase_of(const PodState& s) {
  switch (s.container) {
    case PodState::Container::creating:
      return "Pending";
    case PodState::Container::running:
    case PodState::Container::backing_off:
      return "Running";
    case PodState::Container::ended:
      return s.end->exit.code == 0 ? "Succeeded" : "Failed";
  }
  return "Unknown";
}

}  // namespace

void write_pod_status(json::object& pod, const PodState& s, WallTime now) {
  const std::string message = s.ready ? "" : fmt::format("containers with unready status: [{}]", s.spec.container);
  const bool ended = s.container == PodState::Container::ended && s.end->exit.code == 0;
  const std::string_view reason = s.ready ? "" : (ended ? "PodCompleted" : "ContainersNotReady");
  json::array conditions;
  conditions.push_back(
      make_condition(pod, "PodReadyToStartContainers", s.container != PodState::Container::creating, "", "", now));
  conditions.push_back(make_condition(pod, "Initialized", true, "", "", now));
  conditions.push_back(make_condition(pod, "Ready", s.ready, reason, message, now));
  conditions.push_back(make_condition(pod, "ContainersReady", s.ready, reason, message, now));
  conditions.push_back(make_condition(pod, "PodScheduled", true, "", "", now));
  json::object status{{"phase", phase_of(s)},
                      {"conditions", std::move(conditions)},
                      {"hostIP", "127.0.0.1"},
                      {"hostIPs", json::array{json::object{{"ip", "127.0.0.1"}}}},
                      {"startTime", format_rfc3339(s.accepted, 0)},
                      {"containerStatuses", json::array{container_status(s)}},
                      {"qosClass", "Burstable"}};
  if (!s.ip.empty()) {
    status["podIP"] = s.ip;
    status["podIPs"] = json::array{json::object{{"ip", s.ip}}};
  }
  pod["status"] = std::move(status);
}

}  // namespace surgeproof::demo
