// A pod's row: printPod of pkg/printers/internalversion/printers.go.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/age.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/table.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

struct Summary {
  std::string reason;
  int ready = 0;
  std::int64_t restarts = 0;
  std::optional<WallTime> last_restart;
  bool running = false;
};

std::string ended_reason(const json::object& terminated, std::string_view prefix) {
  const auto reason = text_at(terminated, "reason");
  if (!reason.empty()) return fmt::format("{}{}", prefix, reason);
  if (const auto signal = int_at(terminated, "signal").value_or(0); signal != 0)
    return fmt::format("{}Signal:{}", prefix, signal);
  return fmt::format("{}ExitCode:{}", prefix, int_at(terminated, "exitCode").value_or(0));
}

void count_restarts(Summary& s, const json::object& status) {
  s.restarts += int_at(status, "restartCount").value_or(0);
  const auto finished = parse_rfc3339(text_at(status, "lastState.terminated.finishedAt"));
  if (finished && (!s.last_restart || *s.last_restart < *finished)) s.last_restart = finished;
}

bool is_initializing(Summary& s, const json::object& pod) {
  const json::array& statuses = array_at(pod, "status.initContainerStatuses");
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (!statuses[i].is_object()) continue;
    const json::object& status = statuses[i].get_object();
    count_restarts(s, status);
    const json::object& ended = object_at(status, "state.terminated");
    if (!ended.empty() && int_at(ended, "exitCode").value_or(0) == 0) continue;
    if (bool_at(status, "started") && bool_at(status, "ready")) {  // a sidecar that is up
      ++s.ready;
      continue;
    }
    const auto waiting = text_at(status, "state.waiting.reason");
    if (!ended.empty()) {
      s.reason = ended_reason(ended, "Init:");
    } else if (!waiting.empty() && waiting != "PodInitializing") {
      s.reason = fmt::format("Init:{}", waiting);
    } else {
      s.reason = fmt::format("Init:{}/{}", i, statuses.size());
    }
    return true;
  }
  return false;
}

void look_at_containers(Summary& s, const json::object& pod) {
  const json::array& statuses = array_at(pod, "status.containerStatuses");
  for (auto v = statuses.rbegin(); v != statuses.rend(); ++v) {
    if (!v->is_object()) continue;
    const json::object& status = v->get_object();
    count_restarts(s, status);
    const auto waiting = text_at(status, "state.waiting.reason");
    const json::object& ended = object_at(status, "state.terminated");
    if (!waiting.empty()) {
      s.reason = waiting;
    } else if (!ended.empty()) {
      s.reason = ended_reason(ended, "");
    } else if (bool_at(status, "ready") && find_at(status, "state.running") != nullptr) {
      s.running = true;
      ++s.ready;
    }
  }
}

bool is_ready(const json::object& pod) {
  return std::ranges::any_of(array_at(pod, "status.conditions"), [](const json::value& v) {
    return v.is_object() && text_at(v.get_object(), "type") == "Ready" && text_at(v.get_object(), "status") == "True";
  });
}

std::string or_none(std::string_view text) { return text.empty() ? "<none>" : std::string{text}; }

}  // namespace

json::array pod_cells(const json::object& pod, WallTime now) {
  Summary s;
  s.reason = text_at(pod, "status.reason").empty() ? text_at(pod, "status.phase") : text_at(pod, "status.reason");
  if (!is_initializing(s, pod)) {
    s.restarts = 0;
    s.ready = 0;
    for (const json::value& v : array_at(pod, "status.initContainerStatuses")) {
      if (v.is_object() && bool_at(v.get_object(), "ready") && bool_at(v.get_object(), "started")) ++s.ready;
    }
    look_at_containers(s, pod);
    if (s.reason == "Completed" && s.running) s.reason = is_ready(pod) ? "Running" : "NotReady";
  }
  if (find_at(pod, "metadata.deletionTimestamp") != nullptr) s.reason = "Terminating";
  std::size_t total = array_at(pod, "spec.containers").size();
  for (const json::value& v : array_at(pod, "spec.initContainers")) {
    if (v.is_object() && text_at(v.get_object(), "restartPolicy") == "Always") ++total;
  }
  std::string restarts = std::to_string(s.restarts);
  if (s.restarts > 0 && s.last_restart) restarts += fmt::format(" ({} ago)", human_duration(now - *s.last_restart));
  return {text_at(pod, "metadata.name"),
          fmt::format("{}/{}", s.ready, total),
          s.reason,
          restarts,
          age_of(text_at(pod, "metadata.creationTimestamp"), now),
          or_none(text_at(pod, "status.podIP")),
          or_none(text_at(pod, "spec.nodeName")),
          or_none(text_at(pod, "status.nominatedNodeName")),
          "<none>"};
}

}  // namespace surgeproof::demo
