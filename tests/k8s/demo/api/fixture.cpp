#include "tests/k8s/demo/api/fixture.h"

#include <fmt/format.h>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;

json::object object_from(std::string_view text) { return json::parse({text.data(), text.size()}).as_object(); }

WallTime fixture_start() { return *parse_rfc3339("2025-06-02T09:00:00Z"); }

namespace {

ClusterHooks make_hooks() {
  ClusterHooks hooks;
  hooks.pod_log = [](const LogQuery& query) {
    std::vector<LogLine> lines;
    if (query.container != "app" || query.previous) return lines;
    for (std::uint64_t i = 1; i <= 5; ++i) {
      lines.push_back({i, fixture_start() + std::chrono::minutes{i}, fmt::format("line {} of {}", i, query.pod)});
    }
    return lines;
  };
  return hooks;
}

constexpr std::string_view kTemplate = R"({"metadata":{"labels":{"app":"backend"}},
  "spec":{"terminationGracePeriodSeconds":30,"containers":[{"name":"app","image":"todo:1",
  "ports":[{"containerPort":8080}],"resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}})";

constexpr std::string_view kPodStatus = R"({"phase":"Running","podIP":"10.0.0.7","hostIP":"192.168.0.1",
  "startTime":"2025-06-02T09:00:00Z",
  "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2025-06-02T09:00:05Z"}],
  "containerStatuses":[{"name":"app","ready":true,"started":true,"restartCount":0,"image":"todo:1","imageID":"",
  "state":{"running":{"startedAt":"2025-06-02T09:00:02Z"}},"lastState":{}}]})";

constexpr std::string_view kHpa = R"({"metadata":{"name":"backend","namespace":"todo"},
  "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"backend"},"minReplicas":2,
  "maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization",
  "averageUtilization":70}}}]},
  "status":{"currentReplicas":2,"desiredReplicas":2,"lastScaleTime":"2025-06-02T09:00:00Z",
  "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":35,
  "averageValue":"35m"}}}],
  "conditions":[{"type":"AbleToScale","status":"True","reason":"ReadyForNewScale","message":"recommended size matches",
  "lastTransitionTime":"2025-06-02T09:00:00Z"}]}})";

constexpr std::string_view kNode = R"({"metadata":{"name":"node-1","labels":{
  "node-role.kubernetes.io/control-plane":""}},
  "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"192.168.0.1"}],
  "capacity":{"cpu":"4","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},
  "nodeInfo":{"kubeletVersion":"v1.32.0","osImage":"Demo","kernelVersion":"6.1","containerRuntimeVersion":"demo://1"}}})";

void add_workload(Store& store) {
  json::object deployment = object_from(R"({"metadata":{"name":"backend","namespace":"todo","labels":{"app":"backend"},
    "annotations":{"deployment.kubernetes.io/revision":"1"}},"spec":{"replicas":2,
    "selector":{"matchLabels":{"app":"backend"}}},"status":{"replicas":2,"readyReplicas":2,"updatedReplicas":2,
    "availableReplicas":2,"observedGeneration":1}})");
  deployment["spec"].as_object()["template"] = object_from(kTemplate);
  const auto owner = *store.create(types::kDeployments, deployment);
  json::object set = deployment;
  set["metadata"] = object_from(R"({"name":"backend-7d4b9c","namespace":"todo","labels":{"app":"backend"}})");
  const auto own = [](json::object& o, const ObjectPtr& by) {
    o["metadata"].as_object()["ownerReferences"] = json::array{json::object{{"apiVersion", "apps/v1"},
                                                                            {"kind", by->at("kind")},
                                                                            {"name", text_at(*by, "metadata.name")},
                                                                            {"uid", text_at(*by, "metadata.uid")},
                                                                            {"controller", true}}};
  };
  own(set, owner);
  const auto stored_set = *store.create(types::kReplicaSets, set);
  for (const auto name : {"backend-7d4b9c-aaaaa", "backend-7d4b9c-bbbbb"}) {
    json::object pod = object_from(kTemplate);
    json::object& metadata = pod["metadata"].as_object();
    metadata["name"] = name;
    metadata["namespace"] = "todo";
    own(pod, stored_set);
    pod["spec"].as_object()["nodeName"] = "node-1";
    pod["status"] = object_from(kPodStatus);
    (void)store.create(types::kPods, pod);
  }
}

void add_services(Store& store) {
  (void)store.create(types::kServices, object_from(R"({"metadata":{"name":"backend","namespace":"todo"},
    "spec":{"type":"ClusterIP","clusterIP":"10.96.0.10","selector":{"app":"backend"},
    "ports":[{"port":80,"targetPort":8080,"protocol":"TCP"}]}})"));
  (void)store.create(types::kEndpointSlices, object_from(R"({"metadata":{"name":"backend-x1","namespace":"todo",
    "labels":{"kubernetes.io/service-name":"backend"}},"addressType":"IPv4","ports":[{"port":8080,"protocol":"TCP"}],
    "endpoints":[{"addresses":["10.0.0.7"],"conditions":{"ready":true}}]})"));
  (void)store.create(types::kEvents, object_from(R"({"metadata":{"name":"backend.1","namespace":"todo"},
    "involvedObject":{"kind":"HorizontalPodAutoscaler","namespace":"todo","name":"backend","apiVersion":"autoscaling/v2"},
    "reason":"SuccessfulRescale","message":"New size: 2; reason: cpu","type":"Normal","count":3,
    "source":{"component":"horizontal-pod-autoscaler"},"firstTimestamp":"2025-06-02T09:00:00Z",
    "lastTimestamp":"2025-06-02T09:08:00Z"})"));
  for (const auto name : {"backend-7d4b9c-aaaaa", "backend-7d4b9c-bbbbb"}) {
    json::object metrics = object_from(R"({"metadata":{"namespace":"todo","labels":{"app":"backend"}},
      "timestamp":"2025-06-02T09:09:50Z","window":"15s",
      "containers":[{"name":"app","usage":{"cpu":"35000000n","memory":"20480Ki"}}]})");
    metrics["metadata"].as_object()["name"] = name;
    (void)store.put(types::kPodMetrics, metrics);
  }
  (void)store.put(types::kNodeMetrics, object_from(R"({"metadata":{"name":"node-1"},"timestamp":"2025-06-02T09:09:50Z",
    "window":"15s","usage":{"cpu":"70000000n","memory":"40960Ki"}})"));
}

}  // namespace

Fixture::Fixture(Store::Options options) : store([this] { return now; }, options), handler(store, make_hooks()) {}

Fixture& Fixture::with_cluster() {
  for (const auto name : {"default", "todo"}) {
    (void)store.create(types::kNamespaces, json::object{{"metadata", json::object{{"name", name}}},
                                                        {"status", json::object{{"phase", "Active"}}}});
  }
  (void)store.create(types::kNodes, object_from(kNode));
  add_workload(store);
  (void)store.create(types::kHpas, object_from(kHpa));
  add_services(store);
  now += std::chrono::minutes{10};
  return *this;
}

std::string Fixture::Answer::text(std::string_view path) const {
  return body.is_object() ? std::string{text_at(body.get_object(), path)} : std::string{};
}

std::int64_t Fixture::Answer::number(std::string_view path) const {
  return body.is_object() ? int_at(body.get_object(), path).value_or(-1) : -1;
}

Fixture::Answer Fixture::call(std::string method, std::string target, std::string body, std::string content_type,
                              std::string accept) {
  const ApiAnswer answer = handler.handle(
      {std::move(method), std::move(target), std::move(accept), std::move(content_type), std::move(body)});
  const auto* response = std::get_if<ApiResponse>(&answer);
  if (response == nullptr) return {};
  if (response->content_type != "application/json") return {response->status, json::value(response->body)};
  return {response->status, json::parse(response->body)};
}

std::unique_ptr<ApiStream> Fixture::watch(std::string target, std::string accept) {
  ApiAnswer answer = handler.handle({"GET", std::move(target), std::move(accept), {}, {}});
  auto* stream = std::get_if<std::unique_ptr<ApiStream>>(&answer);
  return stream == nullptr ? nullptr : std::move(*stream);
}

}  // namespace surgeproof::demo
