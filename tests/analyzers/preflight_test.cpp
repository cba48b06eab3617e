// One obstacle a row: a workload that is fine, one thing changed, and what preflight says of it.
#include "analyzers/preflight/preflight.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "scenarios/parse.h"

namespace surgeproof {
namespace {

using testing::HasSubstr;
using Level = Check::Level;
using std::chrono::seconds;

constexpr const char* kSpec = R"({"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
  "minReplicas":2,"maxReplicas":5,
  "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}],
  "behavior":{"scaleDown":{"stabilizationWindowSeconds":300}}})";

Scenario scenario(const std::string& criteria) {
  const auto parsed = parse_scenario(
      "target: http://127.0.0.1:1\nwatch: {namespace: todo, hpa: web}\nload:\n  - {name: before, hold: 1/s, for: 1m}\n"
      "  - {name: surge, step: 100/s, for: 3m}\n  - {name: after, hold: 1/s, for: 8m}\ncriteria:\n" +
          criteria,
      "x.yaml");
  EXPECT_TRUE(parsed) << (parsed ? "" : format_diagnostic(parsed.error().front()));
  return parsed ? *parsed : Scenario{};
}

const std::string kUsual =
    "  - scale_up: {to: 5, within: 60s}\n  - scale_down: {to: 2, not_before: 5m, within: 7m}\n  - dropped_requests: "
    "0\n";

WallTime at(int second) { return WallTime{seconds{1'750'000'000 + second}}; }

/// Everything as it should be: 2 of 2 pods ready, room for five.
Workload fine() {
  Workload w;
  w.ns = "todo";
  w.name = "web";
  HpaSample hpa;
  hpa.ns = "todo";
  hpa.name = "web";
  hpa.target = {"Deployment", "todo", "web"};
  hpa.min_replicas = 2;
  hpa.max_replicas = 5;
  hpa.current_replicas = 2;
  hpa.conditions = {{"AbleToScale", "True", "ReadyForNewScale", "", {}},
                    {"ScalingActive", "True", "ValidMetricFound", "", {}}};
  hpa.spec_json = kSpec;
  w.hpa = hpa;
  ScaleTargetSample target;
  target.ref = hpa.target;
  target.spec_replicas = target.ready_replicas = target.updated_replicas = 2;
  w.target = target;
  PodTemplate pod;
  ContainerSpec app;
  app.name = "app";
  app.cpu_request_milli = 200;
  app.cpu_limit_milli = 400;
  app.memory_request_bytes = 64 << 20;
  app.memory_limit_bytes = 128 << 20;
  app.readiness = ProbeSpec{.period = seconds{5}};
  app.prestop = PreStopSpec{"sleep", seconds{10}};
  pod.containers = {app};
  w.pod_template = pod;
  for (const char* name : {"web-a", "web-b"}) {
    PodSample p;
    p.ns = "todo";
    p.name = name;
    p.phase = "Running";
    p.ready = true;
    p.node = "n1";
    p.created = at(-100);
    p.ready_changed = at(-96);
    w.pods.push_back(p);
    w.pod_metrics.push_back({RunTime{}, "todo", name, at(-10), seconds{15}, {}});
  }
  w.metrics_served = true;
  w.server_now = at(0);
  w.services = {{"web", "ClusterIP"}};
  w.budgets = {{"web", 1, 2, 1, 2}};
  NodeRoom node;
  node.name = "n1";
  node.allocatable = {4000, std::int64_t{8} << 30};
  node.allocatable_pods = 110;
  node.taken = ResourceSum{400, 128 << 20};
  node.taken_pods = 2;
  w.nodes = {node};
  return w;
}

/// The checks of one id that are not ok: "failure: …; remedy".
std::string found(const Checks& checks, const std::string& id) {
  std::string text;
  for (const auto& c : checks) {
    if (c.id == id && c.level != Level::ok) text += fmt::format("{}: {}\n", name_of(c.level), c.sentence);
  }
  return text;
}

TEST(Preflight, AFineWorkloadIsFine) {
  // Within 60 s the pods need not come: the metrics of a cluster as it comes may be too old.
  auto patient = kUsual;
  patient.replace(patient.find("60s"), 3, "75s");
  const auto checks = preflight(scenario(patient), fine());
  for (const auto& c : checks) EXPECT_EQ(c.level, Level::ok) << c.id << ": " << c.sentence;
  EXPECT_EQ(preflight_exit_code(checks), 0);
  EXPECT_EQ(preflight_headline(checks), "Fine: nothing keeps the run from passing");
  EXPECT_GE(checks.size(), 10u);
}

struct PreflightRow {
  const char* name;
  std::function<void(Workload&)> change;
  const char* id;
  const char* expected;  ///< level and words
  int exit_code;
};

void set_spec(Workload& w, const std::string& from, const std::string& to) {
  auto& text = w.hpa->spec_json;
  const auto place = text.find(from);
  ASSERT_NE(place, std::string::npos) << from;
  text.replace(place, from.size(), to);
}

ContainerSpec& app(Workload& w) { return w.pod_template->containers.front(); }

TEST(Preflight, EachObstacleIsNamed) {
  const std::vector<PreflightRow> rows{
      {"no HPA", [](Workload& w) { w.hpa.reset(), w.others = {"api", "db"}; }, "exists",
       "failure: namespace todo has no HPA web: there are api and db", 1},
      {"HPA forbidden",
       [](Workload& w) { w.hpa.reset(), w.unseen = {{"horizontalpodautoscalers", "forbidden (HTTP 403)", true}}; },
       "exists", "unseen: the HPA could not be read", 4},
      {"target gone",
       [](Workload& w) {
         w.target.reset(), w.pod_template.reset(), w.pods.clear();
         w.unseen = {{"deployments", "not found (HTTP 404)", false}};
       },
       "target", "failure: Deployment/web is not there", 1},
      {"inactive",
       [](Workload& w) {
         w.hpa->conditions[1] = {"ScalingActive", "False", "FailedGetResourceMetric", "no metrics", {}};
       },
       "active", "failure: the HPA does not scale: FailedGetResourceMetric", 1},
      {"switched off",
       [](Workload& w) { w.hpa->conditions[1] = {"ScalingActive", "False", "ScalingDisabled", "", {}}; }, "active",
       "failure: the HPA does not scale: ScalingDisabled", 1},
      {"not looked at yet", [](Workload& w) { w.hpa->conditions.clear(); }, "active",
       "warning: the HPA has no conditions", 0},
      {"two HPAs", [](Workload& w) { w.other_hpas_of_target = {"web2"}; }, "one_hpa",
       "failure: HPA web2 scales the same", 1},
      {"max too low", [](Workload& w) { set_spec(w, "\"maxReplicas\":5", "\"maxReplicas\":3"); }, "max_replicas",
       "failure: the scenario wants 5 pods, the HPA's maximum is 3", 1},
      {"min is max", [](Workload& w) { set_spec(w, "\"minReplicas\":2", "\"minReplicas\":5"); }, "min_equals_max",
       "failure: minimum and maximum are both 5", 1},
      {"scaled already", [](Workload& w) { w.target->ready_replicas = 5; }, "scaled_already",
       "warning: 5 pods are ready", 0},
      {"window longer than within", [](Workload& w) { set_spec(w, ":300", ":600"); }, "scale_down_window",
       "failure: scale_down within 7m, but the stabilization window alone is 10m", 1},
      {"window shorter than not_before", [](Workload& w) { set_spec(w, ":300", ":60"); }, "scale_down_window",
       "failure: scale_down not before 5m, but with a window of 60s", 1},
      {"down disabled",
       [](Workload& w) { set_spec(w, "\"stabilizationWindowSeconds\":300", "\"selectPolicy\":\"Disabled\""); },
       "scale_down_disabled", "failure: behavior.scaleDown.selectPolicy is Disabled", 1},
      {"up window",
       [](Workload& w) {
         set_spec(w, "\"behavior\":{", "\"behavior\":{\"scaleUp\":{\"stabilizationWindowSeconds\":60},");
       },
       "scale_up_window", "failure: scale_up within 60s, but behavior.scaleUp waits 60s", 1},
      // 200m × 75 % = 150m: with a limit of 150m usage reaches 75 % of the request, 70 % × 1.1 = 77 % is needed.
      {"limit below threshold", [](Workload& w) { app(w).cpu_limit_milli = 150; }, "threshold",
       "failure: the CPU limit (150m) is 75 % of the request (200m)", 1},
      {"no request", [](Workload& w) { app(w).cpu_request_milli.reset(), app(w).cpu_limit_milli.reset(); }, "requests",
       "failure: no cpu request on container app", 1},
      {"request by LimitRange",
       [](Workload& w) {
         app(w).cpu_request_milli.reset(), app(w).cpu_limit_milli.reset();
         w.limits = {{"defaults", "Container", "cpu", {}, {}, 100}};
       },
       "requests", "note: cpu of app comes from a LimitRange's default", 0},
      {"sidecar without request",
       [](Workload& w) {
         ContainerSpec sidecar;
         sidecar.name = "daprd";
         sidecar.role = ContainerSpec::Role::sidecar;
         w.pod_template->containers.push_back(sidecar);
       },
       "requests", "failure: no cpu request on container daprd", 1},
      {"old metrics", [](Workload& w) { w.pod_metrics[0].timestamp = at(-600); }, "fresh",
       "failure: the oldest sample is 10m old", 1},
      {"a pod without metrics", [](Workload& w) { w.pod_metrics.pop_back(); }, "samples",
       "warning: no usage is known of web-b", 0},
      {"no metrics API",
       [](Workload& w) { w.metrics_served = false, w.unseen = {{"metrics.k8s.io/pods", "HTTP status 503", false}}; },
       "metrics", "failure: the metrics API does not answer", 1},
      {"metrics forbidden",
       [](Workload& w) { w.metrics_served = false, w.unseen = {{"metrics.k8s.io/pods", "forbidden", true}}; },
       "metrics", "note: pod metrics could not be read", 0},
      {"no readiness probe", [](Workload& w) { app(w).readiness.reset(); }, "readiness",
       "warning: no container has a readiness probe", 0},
      {"late first probe", [](Workload& w) { app(w).readiness->initial_delay = seconds{40}; }, "readiness",
       "warning: the readiness probe waits 40s", 0},
      {"no preStop", [](Workload& w) { app(w).prestop.reset(); }, "pre_stop", "warning: no preStop delay", 0},
      {"preStop above grace", [](Workload& w) { app(w).prestop->sleep = seconds{30}; }, "pre_stop",
       "failure: preStop sleeps 30s, terminationGracePeriodSeconds is 30s", 1},
      {"preStop too short", [](Workload& w) { app(w).prestop->sleep = seconds{1}; }, "pre_stop",
       "warning: preStop sleeps 1s", 0},
      {"pods forbidden", [](Workload& w) { w.pods.clear(), w.unseen = {{"pods", "forbidden", true}}; }, "pods",
       "unseen: the pods could not be read", 4},
      {"a pod that crashes",
       [](Workload& w) {
         w.pods[0].ready = false;
         ContainerState state;
         state.name = "app";
         state.state = "waiting";
         state.reason = "CrashLoopBackOff";
         w.pods[0].containers = {state};
       },
       "pods", "failure: pod web-a does not come up: CrashLoopBackOff (app)", 1},
      {"slow start", [](Workload& w) { w.pods[0].ready_changed = w.pods[1].ready_changed = at(-20); }, "start",
       "failure: a pod needs 80s from creation to Ready", 1},
      // 3 more pods of 200m need 600m; 1000m − 700m leaves 300m, enough for one.
      {"quota", [](Workload& w) { w.quotas = {{"small", "requests.cpu", 1000, 700}}; }, "quota",
       "failure: quota small leaves 300m of 1 requests.cpu: enough for 1 pod more, 3 needed", 1},
      {"quota on pods", [](Workload& w) { w.quotas = {{"count", "pods", 4000, 2000}}; }, "quota",
       "failure: quota count leaves 2 of 4 pods: enough for 2 pods more, 3 needed", 1},
      {"quota that needs limits",
       [](Workload& w) {
         app(w).memory_limit_bytes.reset();
         w.quotas = {{"strict", "limits.memory", std::int64_t{1} << 40, 0}};
       },
       "quota", "failure: quota strict bounds limits.memory, which the pods do not state", 1},
      {"quota forbidden", [](Workload& w) { w.unseen = {{"resourcequotas", "forbidden", true}}; }, "quota",
       "note: resource quotas could not be read", 0},
      {"limit range", [](Workload& w) { w.limits = {{"small", "Container", "cpu", {}, 300, {}}}; }, "limit_range",
       "failure: LimitRange small allows a container 300m cpu, app has 400m", 1},
      {"no room", [](Workload& w) { w.nodes[0].allocatable.cpu_milli = 700; }, "nodes",
       "warning: room for 3 of 5 replicas on 1 usable node", 0},
      {"one a node", [](Workload& w) { w.pod_template->one_per_node = true; }, "nodes",
       "warning: room for 2 of 5 replicas on 1 usable node: one pod a node", 0},
      {"cordoned", [](Workload& w) { w.nodes[0].cordoned = true; }, "nodes", "warning: room for 2 of 5 replicas", 0},
      {"taint", [](Workload& w) { w.nodes[0].hard_taints = {"gpu"}; }, "nodes", "warning: room for 2 of 5 replicas", 0},
      {"nodes forbidden", [](Workload& w) { w.nodes.clear(), w.unseen = {{"nodes", "forbidden", true}}; }, "nodes",
       "note: nodes could not be read", 0},
      {"replicas in the manifest", [](Workload& w) { w.replicas_owner = FieldOwner{"argocd-controller", "Apply", {}}; },
       "replicas_owner", "warning: spec.replicas of Deployment/web is set by argocd-controller", 0},
      {"rollout", [](Workload& w) { w.target->updated_replicas = 1; }, "rollout", "warning: a rollout is under way", 0},
      {"budget of none", [](Workload& w) { w.budgets[0].disruptions_allowed = 0; }, "budget",
       "warning: PodDisruptionBudget web allows no disruption now", 0},
      {"two budgets", [](Workload& w) { w.budgets.push_back(w.budgets[0]); }, "budget",
       "warning: more than one PodDisruptionBudget", 0},
      {"no budget", [](Workload& w) { w.budgets.clear(); }, "budget", "note: no PodDisruptionBudget", 0},
      {"no service", [](Workload& w) { w.services.clear(); }, "service", "warning: no Service selects these pods", 0},
  };
  const auto usual = scenario(kUsual);
  for (const auto& row : rows) {
    auto workload = fine();
    row.change(workload);
    const auto checks = preflight(usual, workload);
    EXPECT_THAT(found(checks, row.id), HasSubstr(row.expected)) << row.name;
    EXPECT_EQ(preflight_exit_code(checks), row.exit_code) << row.name;
  }
}

// 2 pods of 200m (limit 400m, target 140m) that become five. The load may come just before a sample, and the sample
// just before a sync: at best the pods' start alone is left, and a little for the sample to show the surge.
TEST(Preflight, SaysHowSoonThePodsCanBeThere) {
  const auto started_in = [](int second) {
    return [second](Workload& w) {
      for (auto& pod : w.pods) pod.ready_changed = *pod.created + seconds{second};
    };
  };
  const char* by_one = R"("behavior":{"scaleUp":{"policies":[{"type":"Pods","value":1,"periodSeconds":60}]},)";
  const std::vector<PreflightRow> rows{
      {"in time if the moment is good", [](Workload&) {}, "feasible",
       "; so whether 60s are met depends on the load and the moment", 0},
      // Metrics every 2 s, up to 6 s old, and a sync of 15 s: seen after 22 s at most.
      {"in time whatever happens",
       [](Workload& w) {
         for (auto& m : w.pod_metrics) m.window = seconds{2};
       },
       "feasible", "", 0},
      {"too slow a start", started_in(59), "feasible",
       "failure: 5 ready pods within 60s cannot be met with this configuration: at least", 1},
      {"a start that leaves little", started_in(40), "feasible",
       "; so whether 60s are met depends on the load and the moment", 0},
      {"one a minute", [&](Workload& w) { set_spec(w, "\"behavior\":{", by_one); }, "feasible",
       "more rounds (2 → 3 → 4 → 5)", 1},
      // One more is one round: 53 s until a sync sees it, and a sample of five pods' load that four share shows less.
      {"four are there", [&](Workload& w) { set_spec(w, "\"behavior\":{", by_one), w.target->ready_replicas = 4; },
       "feasible", "until a sync sees the surge 1s to 57s, until the last pod is ready 4s", 0},
      {"no pod tells its start",
       [](Workload& w) {
         for (auto& pod : w.pods) pod.ready_changed.reset();
       },
       "feasible", "warning: 5 ready pods come between", 0},
      {"by another metric",
       [](Workload& w) {
         set_spec(
             w,
             R"("type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}})",
             R"("type":"External","external":{"metric":{"name":"queue"},"target":{"type":"Value","value":"5"}})");
       },
       "feasible", "note: how soon 5 pods can be ready is not known: the HPA has no CPU metric", 0},
      {"by two metrics",
       [](Workload& w) {
         set_spec(
             w, R"("metrics":[)",
             R"("metrics":[{"type":"External","external":{"metric":{"name":"q"},"target":{"type":"Value","value":"5"}}},)");
       },
       "feasible", "note: how soon 5 pods can be ready is not known: the HPA has other metrics", 0},
      {"said already", [](Workload& w) { set_spec(w, "\"maxReplicas\":5", "\"maxReplicas\":3"); }, "feasible", "", 1},
  };
  const auto hurried = scenario("  - scale_up: {to: 5, within: 60s}\n");
  for (const auto& row : rows) {
    auto workload = fine();
    row.change(workload);
    const auto checks = preflight(hurried, workload);
    const auto text = found(checks, row.id);
    EXPECT_EQ(text.empty(), *row.expected == '\0') << row.name << ": " << text;
    EXPECT_THAT(text, HasSubstr(row.expected)) << row.name;
    EXPECT_EQ(preflight_exit_code(checks), row.exit_code) << row.name << ": " << text;
  }
}

TEST(Preflight, TellsTheBoundsByStage) {
  const auto checks = preflight(scenario(kUsual), fine());
  const auto line = std::ranges::find(checks, "feasible", &Check::id);
  ASSERT_NE(line, checks.end());
  EXPECT_THAT(
      line->sentence,
      testing::StartsWith("5 ready pods come between 10s and 65s after the surge: until a sync sees the surge 1s "
                          "to 53s, more rounds 0s to 15s, until the last pod is ready 4s"));
}

TEST(Preflight, BelievesWhatItIsToldOfTheController) {
  auto w = fine();
  set_spec(w, "\"behavior\":{", R"("behavior":{"scaleUp":{"policies":[{"type":"Pods","value":1,"periodSeconds":5}]},)");
  const auto text = [&](seconds sync) {
    return found(preflight(scenario("  - scale_up: {to: 5, within: 30s}\n"), w, {{}, sync}), "feasible");
  };
  EXPECT_THAT(text(seconds{15}), HasSubstr("failure:")) << "three rounds of 15 s";
  EXPECT_THAT(text(seconds{2}), testing::Not(HasSubstr("failure:")));
}

TEST(Preflight, WhatFailsHasARemedy) {
  auto w = fine();
  set_spec(w, "\"maxReplicas\":5", "\"maxReplicas\":3");
  app(w).cpu_request_milli.reset();
  app(w).cpu_limit_milli.reset();
  w.quotas = {{"small", "pods", 2000, 2000}};
  int failures = 0;
  for (const auto& c : preflight(scenario(kUsual), w)) {
    if (c.level != Level::failure) continue;
    ++failures;
    EXPECT_NE(c.remedy, "") << c.id;
    EXPECT_EQ(c.group, "HPA todo/web");
  }
  EXPECT_GE(failures, 3);
}

TEST(PodTemplate, RequestsAddUpAsTheSchedulerSees) {
  const auto container = [](ContainerSpec::Role role, std::int64_t cpu) {
    ContainerSpec c;
    c.role = role;
    c.cpu_request_milli = cpu;
    return c;
  };
  using enum ContainerSpec::Role;
  PodTemplate pod;
  pod.containers = {container(main, 100), container(sidecar, 50), container(init, 120)};
  EXPECT_EQ(pod.requests().cpu_milli, 150) << "an init container counts alone";
  pod.containers.push_back(container(init, 400));
  EXPECT_EQ(pod.requests().cpu_milli, 400);
  pod.pod_cpu_request_milli = 250;
  EXPECT_EQ(pod.requests().cpu_milli, 250);
}

}  // namespace
}  // namespace surgeproof
