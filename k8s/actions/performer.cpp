#include "k8s/actions/performer.h"

#include <fmt/format.h>

#include "base/wall_time.h"
#include "k8s/actions/pod_choice.h"
#include "k8s/api_client.h"
#include "k8s/feed.h"
#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

using State = ActionSample::State;
using Answer = ActionApi::Answer;

/// Names the one who changed the object, in its managedFields.
constexpr std::string_view kManager = "fieldManager=surgeproof";

std::string plural_of_kind(const std::string& kind) {
  if (kind == "StatefulSet") return "statefulsets";
  if (kind == "DaemonSet") return "daemonsets";
  return kind == "ReplicaSet" ? "replicasets" : "deployments";
}

std::string workload_path(const ActionRequest& r) {
  return fmt::format("/apis/apps/v1/namespaces/{}/{}/{}", encode_query(r.ns), plural_of_kind(r.object_kind),
                     encode_query(r.object));
}

ActionOutcome not_done(ObjectRef object, State state, std::string error) {
  return {state, std::move(object), "", std::move(error)};
}

/// What was only read: nothing was changed whatever went wrong.
ActionOutcome not_read(ObjectRef object, const ApiFailure& failure) {
  const bool refused = failure.status == 401 || failure.status == 403;
  return not_done(std::move(object), refused ? State::refused : State::failed, failure.message);
}

/// What was to change something. Without an answer it may have arrived; the same for a server that broke over it.
ActionOutcome not_changed(ObjectRef object, const ApiFailure& failure) {
  using Kind = ApiFailure::Kind;
  const bool never_sent = failure.kind == Kind::configuration || failure.kind == Kind::credentials ||
                          failure.kind == Kind::resolve || failure.kind == Kind::connect || failure.kind == Kind::tls;
  if (never_sent || (failure.kind == Kind::status && failure.status < 500)) {
    return not_read(std::move(object), failure);
  }
  return not_done(std::move(object), State::unknown, failure.message);
}

ObjectRef ref_of(const ActionRequest& r) { return {r.object_kind, r.ns, r.object}; }

ActionOutcome restart(const ActionApi& api, const ActionRequest& r, WallTime now) {
  const std::string path = workload_path(r);
  const auto before = api.get(path);
  if (!before) return not_read(ref_of(r), before.error());
  const auto object = parse_json(*before);
  if (object && flag_at(object_at(as_object(*object), "spec"), "paused").value_or(false)) {
    return not_done(ref_of(r), State::failed, "its rollout is paused, so nothing would be restarted");
  }
  // kubectl rollout restart writes this annotation; a new value is a new pod template.
  const std::string stamp = format_rfc3339(now, 0);
  const std::string body = fmt::format(
      R"({{"spec":{{"template":{{"metadata":{{"annotations":{{"kubectl.kubernetes.io/restartedAt":"{}"}}}}}}}}}})",
      stamp);
  const auto answer = api.patch(fmt::format("{}?{}", path, kManager), body, "application/strategic-merge-patch+json");
  if (!answer) return not_changed(ref_of(r), answer.error());
  return {State::done, ref_of(r), fmt::format("a new rollout began, restartedAt {}", stamp), ""};
}

int replicas_in(const Answer& body) {
  const auto object = body ? parse_json(*body) : std::nullopt;
  return object ? int_at(object_at(as_object(*object), "spec"), "replicas") : 0;
}

ActionOutcome scale(const ActionApi& api, const ActionRequest& r) {
  const std::string path = workload_path(r) + "/scale";
  const auto before = api.get(path);
  if (!before) return not_read(ref_of(r), before.error());
  const auto answer =
      api.patch(fmt::format("{}?{}", path, kManager), fmt::format(R"({{"spec":{{"replicas":{}}}}})", r.replicas),
                "application/merge-patch+json");
  if (!answer) return not_changed(ref_of(r), answer.error());
  return {State::done, ref_of(r), fmt::format("{} → {} replicas", replicas_in(before), replicas_in(answer)), ""};
}

ActionOutcome delete_pod(const ActionApi& api, const ActionRequest& r) {
  const ObjectRef of_hpa{"HorizontalPodAutoscaler", r.ns, r.object};
  const auto seen = read_workload(api.get, r.ns, r.object, {.metrics = false, .bounds = false, .nodes = false});
  if (!seen) return not_read(of_hpa, seen.error());
  if (!seen->unseen.empty()) {
    const auto& part = seen->unseen.front();
    return not_done(of_hpa, part.forbidden ? State::refused : State::failed,
                    fmt::format("{} cannot be read: {}", part.resource, part.why));
  }
  if (!seen->hpa) return not_done(of_hpa, State::failed, fmt::format("there is no HPA {}/{}", r.ns, r.object));
  const PodSample* pod = choose_pod(seen->pods, r.pick, r.seed);
  if (pod == nullptr) return not_done(of_hpa, State::failed, "none of its pods is ready, so none was deleted");
  const ObjectRef victim{"Pod", r.ns, pod->name};
  // With the uid: a StatefulSet's next pod has the same name.
  const std::string options =
      fmt::format(R"({{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{{"uid":"{}"}}}})", pod->uid);
  const auto answer =
      api.remove(fmt::format("/api/v1/namespaces/{}/pods/{}", encode_query(r.ns), encode_query(pod->name)), options);
  if (!answer) return not_changed(victim, answer.error());
  return {State::done, victim, fmt::format("pod {} is being deleted", pod->name), ""};
}

}  // namespace

ActionOutcome perform(const ActionApi& api, const ActionRequest& request, WallTime now) {
  switch (request.kind) {
    case ActionRequest::Kind::restart:
      return restart(api, request, now);
    case ActionRequest::Kind::scale:
      return scale(api, request);
    case ActionRequest::Kind::delete_pod:
      break;
  }
  return delete_pod(api, request);
}

ActionOutcome perform(const ClusterConfig& config, const ActionRequest& request, WallTime now) {
  auto client = ApiClient::connect(config);
  if (!client) return not_read(ref_of(request), client.error());
  const ActionApi api{
      [&](const std::string& path) { return client->get(path); },
      [&](const std::string& path, const std::string& json, const std::string& type) {
        return client->patch(path, json, type);
      },
      [&](const std::string& path, const std::string& options) { return client->remove(path, options); }};
  return perform(api, request, now);
}

}  // namespace surgeproof::k8s
