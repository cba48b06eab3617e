// A workload read from scripted answers: all there, in parts forbidden, of an old API, or not there at all.
#include "k8s/workload/read_workload.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace surgeproof::k8s {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHpa = R"({"metadata":{"name":"web","namespace":"todo"},
  "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"minReplicas":2,"maxReplicas":5,
    "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]},
  "status":{"currentReplicas":2,"desiredReplicas":2}})";

constexpr const char* kHpaV1 = R"({"metadata":{"name":"web","namespace":"todo"},
  "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"minReplicas":2,"maxReplicas":5,
    "targetCPUUtilizationPercentage":70},"status":{"currentReplicas":2,"desiredReplicas":2}})";

constexpr const char* kDeployment = R"({"metadata":{"name":"web","namespace":"todo","annotations":{
    "kubectl.kubernetes.io/last-applied-configuration":"{\"spec\":{\"replicas\":3}}"}},
  "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
    "template":{"metadata":{"labels":{"app":"web","tier":"front"}},"spec":{
      "terminationGracePeriodSeconds":40,"nodeSelector":{"pool":"web"},
      "tolerations":[{"key":"gpu","operator":"Exists"}],
      "affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
        {"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"web"}}}]}},
      "topologySpreadConstraints":[{"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}],
      "initContainers":[{"name":"migrate","resources":{"requests":{"cpu":"50m"}}},
                        {"name":"daprd","restartPolicy":"Always"}],
      "containers":[{"name":"app","resources":{"requests":{"cpu":"200m","memory":"64Mi"},"limits":{"cpu":"1"}},
        "readinessProbe":{"initialDelaySeconds":3,"periodSeconds":5},
        "lifecycle":{"preStop":{"exec":{"command":["/bin/sh","-c","sleep 15 && nginx -s quit"]}}}}]}}},
  "status":{"replicas":2,"readyReplicas":2,"updatedReplicas":2}})";

std::string list(const std::string& items) { return fmt::format(R"({{"items":[{}],"metadata":{{}}}})", items); }

/// Answers by path, without the query; what is not there is 404.
struct Script {
  std::map<std::string, std::string> bodies;
  std::map<std::string, int> refusals;
  std::vector<std::string> asked;

  ApiGet get() {
    return [this](const std::string& path) -> std::expected<std::string, ApiFailure> {
      asked.push_back(path);
      const auto plain = path.substr(0, path.find('?'));
      if (const auto it = refusals.find(plain); it != refusals.end()) {
        if (it->second == 0) return std::unexpected{ApiFailure{ApiFailure::Kind::connect, 0, "refused", {}}};
        return std::unexpected{
            ApiFailure{ApiFailure::Kind::status, it->second, fmt::format("HTTP {}", it->second), {}}};
      }
      if (const auto it = bodies.find(plain); it != bodies.end()) return it->second;
      return std::unexpected{ApiFailure{ApiFailure::Kind::status, 404, "HTTP 404", {}}};
    };
  }
};

constexpr const char* kHpas = "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers";
constexpr const char* kTarget = "/apis/apps/v1/namespaces/todo/deployments/web";

Script usual() {
  Script s;
  s.bodies[kHpas] = list(kHpa);
  s.bodies[kTarget] = kDeployment;
  s.bodies["/api/v1/namespaces/todo/pods"] =
      list(R"({"metadata":{"name":"web-a","namespace":"todo"},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}})");
  s.bodies["/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods"] = list(
      R"({"metadata":{"name":"web-a","namespace":"todo"},"timestamp":"2026-01-01T00:00:00Z","window":"15s","containers":[]})");
  s.bodies["/api/v1/namespaces/todo/resourcequotas"] = list(R"({"metadata":{"name":"q"},"spec":{"hard":{"pods":"9"}},
               "status":{"hard":{"pods":"10","requests.cpu":"2"},"used":{"pods":"4","requests.cpu":"500m"}}},
              {"metadata":{"name":"scoped"},"spec":{"scopes":["BestEffort"],"hard":{"pods":"1"}}})");
  s.bodies["/api/v1/namespaces/todo/limitranges"] =
      list(R"({"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","max":{"cpu":"500m"}}]}})");
  s.bodies["/apis/policy/v1/namespaces/todo/poddisruptionbudgets"] = list(
      R"({"metadata":{"name":"mine"},"spec":{"selector":{"matchLabels":{"app":"web"}}},"status":{"disruptionsAllowed":1}},
              {"metadata":{"name":"other"},"spec":{"selector":{"matchLabels":{"app":"db"}}},"status":{}})");
  s.bodies["/api/v1/namespaces/todo/services"] = list(R"({"metadata":{"name":"web"},"spec":{"selector":{"app":"web"}}},
              {"metadata":{"name":"headless"},"spec":{}})");
  s.bodies["/api/v1/nodes"] =
      list(R"({"metadata":{"name":"n1","labels":{"pool":"web"}},"spec":{"taints":[{"key":"gpu","effect":"NoSchedule"}]},
               "status":{"allocatable":{"cpu":"2","memory":"4Gi","pods":"110"},"conditions":[{"type":"Ready","status":"True"}]}})");
  s.bodies["/api/v1/pods"] = list(
      R"({"spec":{"nodeName":"n1","containers":[{"resources":{"requests":{"cpu":"300m","memory":"1Gi"}}}]},"status":{"phase":"Running"}},
         {"spec":{"nodeName":"n1","containers":[{"resources":{"requests":{"cpu":"9"}}}]},"status":{"phase":"Succeeded"}},
         {"spec":{"containers":[{"resources":{"requests":{"cpu":"9"}}}]},"status":{"phase":"Pending"}})");
  return s;
}

Workload read(Script& script) {
  auto read = read_workload(script.get(), "todo", "web");
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? *read : Workload{};
}

TEST(ReadWorkload, EverythingThatIsThere) {
  auto script = usual();
  const auto w = read(script);
  EXPECT_THAT(w.unseen, IsEmpty());
  ASSERT_TRUE(w.hpa && w.target && w.pod_template);
  EXPECT_EQ(w.hpa_api, "autoscaling/v2");
  EXPECT_EQ(w.hpa->max_replicas, 5);
  const auto& pod = *w.pod_template;
  EXPECT_EQ(pod.grace, seconds{40});
  EXPECT_TRUE(pod.one_per_node);
  EXPECT_TRUE(pod.picks_nodes);
  EXPECT_THAT(pod.hard_spread, ElementsAre("zone"));
  EXPECT_THAT(pod.tolerated_taints, ElementsAre("gpu"));
  ASSERT_EQ(pod.containers.size(), 3u);
  EXPECT_EQ(pod.containers[0].prestop, (PreStopSpec{"exec", seconds{15}})) << "a sleep within a shell's command";
  EXPECT_EQ(pod.containers[0].readiness->initial_delay, seconds{3});
  EXPECT_EQ(pod.containers[1].role, ContainerSpec::Role::init);
  EXPECT_EQ(pod.containers[2].role, ContainerSpec::Role::sidecar);
  ASSERT_TRUE(w.replicas_owner);
  EXPECT_EQ(w.replicas_owner->manager, "kubectl apply");
  EXPECT_EQ(w.pods.size(), 1u);
  EXPECT_EQ(w.pod_metrics.size(), 1u);
  EXPECT_THAT(w.quotas, ElementsAre(QuotaLine{"q", "pods", 10'000, 4'000}, QuotaLine{"q", "requests.cpu", 2'000, 500}))
      << "without those of a scope";
  EXPECT_THAT(w.limits, ElementsAre(LimitLine{"l", "Container", "cpu", {}, 500, {}}));
  ASSERT_EQ(w.budgets.size(), 1u);
  EXPECT_EQ(w.budgets[0].name, "mine");
  EXPECT_THAT(w.services, ElementsAre(ServiceFacts{"web", "ClusterIP"}));
  ASSERT_EQ(w.nodes.size(), 1u);
  EXPECT_EQ(w.nodes[0].allocatable, (ResourceSum{2000, std::int64_t{4} << 30}));
  EXPECT_EQ(w.nodes[0].taken, (ResourceSum{300, std::int64_t{1} << 30})) << "ended and unplaced pods take nothing";
}

TEST(ReadWorkload, WhatIsForbiddenIsNamedAndTheRestIsRead) {
  for (const auto& [path, resource] : std::map<std::string, std::string>{
           {kTarget, "deployments"},
           {"/api/v1/namespaces/todo/pods", "pods"},
           {"/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods", "metrics.k8s.io/pods"},
           {"/api/v1/namespaces/todo/resourcequotas", "resourcequotas"},
           {"/api/v1/namespaces/todo/limitranges", "limitranges"},
           {"/apis/policy/v1/namespaces/todo/poddisruptionbudgets", "poddisruptionbudgets"},
           {"/api/v1/nodes", "nodes"},
           {"/api/v1/pods", "pods of all namespaces"},
       }) {
    auto script = usual();
    script.refusals[path] = 403;
    const auto w = read(script);
    ASSERT_TRUE(w.hpa) << path;
    const auto* part = w.unseen_part(resource);
    ASSERT_NE(part, nullptr) << resource;
    EXPECT_TRUE(part->forbidden) << resource;
  }
}

TEST(ReadWorkload, AnOldServerHasOnlyV1) {
  auto script = usual();
  script.bodies.erase(kHpas);
  script.bodies["/apis/autoscaling/v1/namespaces/todo/horizontalpodautoscalers"] = list(kHpaV1);
  const auto w = read(script);
  EXPECT_EQ(w.hpa_api, "autoscaling/v1");
  ASSERT_TRUE(w.hpa);
  EXPECT_THAT(w.hpa->spec_json, HasSubstr("averageUtilization\":70"));
}

TEST(ReadWorkload, NoMetricsApi) {
  auto script = usual();
  script.bodies.erase("/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods");
  const auto w = read(script);
  EXPECT_FALSE(w.metrics_served);
  ASSERT_NE(w.unseen_part("metrics.k8s.io/pods"), nullptr);
  EXPECT_FALSE(w.unseen_part("metrics.k8s.io/pods")->forbidden);
}

TEST(ReadWorkload, TheHpaItself) {
  auto absent = usual();
  absent.bodies[kHpas] = list(R"({"metadata":{"name":"api"},"spec":{}})");
  EXPECT_THAT(read(absent).others, ElementsAre("api"));

  auto by_name = usual();  // list is forbidden, get of this one is not
  by_name.refusals[kHpas] = 403;
  by_name.bodies[std::string{kHpas} + "/web"] = kHpa;
  EXPECT_TRUE(read(by_name).hpa);

  auto forbidden = usual();
  forbidden.refusals[kHpas] = 403;
  const auto w = read(forbidden);
  EXPECT_FALSE(w.hpa);
  ASSERT_NE(w.unseen_part("horizontalpodautoscalers"), nullptr);

  for (const int status : {0, 401, 500}) {
    auto dead = usual();
    dead.refusals[kHpas] = status;
    EXPECT_FALSE(read_workload(dead.get(), "todo", "web")) << status;
  }

  auto twice = usual();
  std::string second = kHpa;
  second.replace(second.find("\"web\""), 5, "\"too\"");
  twice.bodies[kHpas] = list(std::string{kHpa} + "," + second);
  EXPECT_THAT(read(twice).other_hpas_of_target, ElementsAre("too"));
}

TEST(ReadWorkload, ListsComeInPages) {
  auto script = usual();
  auto get = script.get();
  int pages = 0;
  const ApiGet paged = [&](const std::string& path) -> std::expected<std::string, ApiFailure> {
    if (!path.starts_with("/api/v1/namespaces/todo/pods?")) return get(path);
    ++pages;
    if (path.find("continue=more") == std::string::npos) {
      return R"({"items":[{"metadata":{"name":"a"}}],"metadata":{"continue":"more"}})";
    }
    return R"({"items":[{"metadata":{"name":"b"}}],"metadata":{}})";
  };
  const auto w = read_workload(paged, "todo", "web");
  ASSERT_TRUE(w);
  EXPECT_EQ(pages, 2);
  EXPECT_EQ(w->pods.size(), 2u);
}

TEST(ReadWorkload, GarbageIsNoCrash) {
  for (const char* body : {"", "[]", "nonsense", "{\"items\":7}", "{\"items\":[7,null,{\"spec\":3}]}"}) {
    auto script = usual();
    for (auto& [path, answer] : script.bodies) {
      if (path != kHpas && path != kTarget) answer = body;
    }
    EXPECT_TRUE(read(script).hpa) << body;
    script.bodies[kTarget] = body;
    EXPECT_TRUE(read(script).hpa) << body;
  }
}

}  // namespace
}  // namespace surgeproof::k8s
