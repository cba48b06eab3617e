#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/json_access.h"
#include "k8s/views.h"
#include "tests/k8s/objects.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;

json::object object(const std::string& text) {
  const auto value = parse_json(text);
  EXPECT_TRUE(value && value->is_object()) << text;
  return value && value->is_object() ? value->get_object() : json::object();
}

TEST(HpaView, ReadsSpecAndStatus) {
  const HpaSample s = hpa_view(object(hpa_json("backend", 2, 4)), HpaVersion::v2, 5s);
  EXPECT_EQ(s.at.observed, 5s);
  EXPECT_EQ(s.at.reported, parse_rfc3339("2026-01-05T10:00:07Z"));  // the newest managedFields time
  EXPECT_EQ(s.ns, "todo");
  EXPECT_EQ(s.name, "backend");
  EXPECT_EQ(s.uid, "uid-hpa");
  EXPECT_EQ(s.target, (ObjectRef{"Deployment", "todo", "backend"}));
  EXPECT_EQ(s.min_replicas, 2);
  EXPECT_EQ(s.max_replicas, 5);
  EXPECT_EQ(s.current_replicas, 2);
  EXPECT_EQ(s.desired_replicas, 4);
  ASSERT_EQ(s.metrics.size(), 1u);
  EXPECT_EQ(s.metrics[0].name, "cpu");
  EXPECT_EQ(s.metrics[0].target_utilization_percent, 70);
  EXPECT_EQ(s.metrics[0].current_utilization_percent, 91);
  EXPECT_EQ(s.metrics[0].current_average_milli, 182);
  ASSERT_EQ(s.conditions.size(), 1u);
  EXPECT_EQ(s.conditions[0].reason, "ReadyForNewScale");
  EXPECT_EQ(s.scale_down_window, std::nullopt);
  EXPECT_TRUE(parse_json(s.spec_json));
}

TEST(HpaView, ReadsEveryKindOfMetricAndMatchesItsStatus) {
  const HpaSample s = hpa_view(object(R"({"spec":{"maxReplicas":9,"metrics":[
    {"type":"ContainerResource","containerResource":{"name":"cpu","container":"app","target":{"averageUtilization":60}}},
    {"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"averageValue":"1500m"}}},
    {"type":"Object","object":{"metric":{"name":"hits"},"describedObject":{"kind":"Ingress","name":"i"},"target":{"value":"2k"}}},
    {"type":"External","external":{"metric":{"name":"queue","selector":{"matchLabels":{"q":"a"}}},"target":{"averageValue":"30"}}}],
    "behavior":{"scaleDown":{"stabilizationWindowSeconds":60},"scaleUp":{"stabilizationWindowSeconds":0}}},
    "status":{"lastScaleTime":"2026-01-05T10:00:00Z","currentMetrics":[
    {"type":"External","external":{"metric":{"name":"queue","selector":{"matchLabels":{"q":"b"}}},"current":{"averageValue":"1"}}},
    {"type":"External","external":{"metric":{"name":"queue","selector":{"matchLabels":{"q":"a"}}},"current":{"averageValue":"7"}}},
    {"type":"Object","object":{"metric":{"name":"hits"},"describedObject":{"kind":"Ingress","name":"i"},"current":{"value":"900"}}},
    {"type":"Pods","pods":{"metric":{"name":"rps"},"current":{"averageValue":"1700m"}}},
    {"type":"ContainerResource","containerResource":{"name":"cpu","container":"sidecar","current":{"averageUtilization":5}}},
    {"type":"ContainerResource","containerResource":{"name":"cpu","container":"app","current":{"averageUtilization":88}}}]}})"),
                               HpaVersion::v2, 0s);
  ASSERT_EQ(s.metrics.size(), 4u);
  EXPECT_EQ(s.metrics[0].container, "app");
  EXPECT_EQ(s.metrics[0].current_utilization_percent, 88);
  EXPECT_EQ(s.metrics[1].name, "rps");
  EXPECT_EQ(s.metrics[1].target_average_milli, 1500);
  EXPECT_EQ(s.metrics[1].current_average_milli, 1700);
  EXPECT_EQ(s.metrics[2].target_value_milli, 2'000'000);
  EXPECT_EQ(s.metrics[2].current_value_milli, 900'000);
  EXPECT_EQ(s.metrics[3].current_average_milli, 7000);
  EXPECT_EQ(s.min_replicas, 1);
  EXPECT_EQ(s.scale_down_window, 60s);
  EXPECT_EQ(s.scale_up_window, 0s);
  EXPECT_EQ(s.last_scale_time, parse_rfc3339("2026-01-05T10:00:00Z"));
}

// What kubectl get hpa.v1.autoscaling -o json shows of a v2 object.
const std::string kV1 = R"({"metadata":{"name":"backend","namespace":"todo","annotations":{
  "autoscaling.alpha.kubernetes.io/conditions":"[{\"type\":\"AbleToScale\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-05T10:00:00Z\",\"reason\":\"SucceededRescale\",\"message\":\"m\"}]",
  "autoscaling.alpha.kubernetes.io/metrics":"[{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"targetAverageValue\":\"100Mi\"}},{\"type\":\"External\",\"external\":{\"metricName\":\"queue\",\"metricSelector\":{\"matchLabels\":{\"q\":\"a\"}},\"targetValue\":\"30\"}},{\"type\":\"Object\",\"object\":{\"metricName\":\"hits\",\"target\":{\"kind\":\"Ingress\",\"name\":\"i\"},\"targetValue\":\"10\"}}]",
  "autoscaling.alpha.kubernetes.io/current-metrics":"[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"currentAverageUtilization\":91,\"currentAverageValue\":\"182m\"}},{\"type\":\"External\",\"external\":{\"metricName\":\"queue\",\"metricSelector\":{\"matchLabels\":{\"q\":\"a\"}},\"currentValue\":\"12\"}},{\"type\":\"Object\",\"object\":{\"metricName\":\"hits\",\"target\":{\"kind\":\"Ingress\",\"name\":\"i\"},\"currentValue\":\"3\"}}]",
  "autoscaling.alpha.kubernetes.io/behavior":"{\"ScaleDown\":{\"StabilizationWindowSeconds\":60}}"}},
  "spec":{"scaleTargetRef":{"kind":"Deployment","name":"backend"},"minReplicas":2,"maxReplicas":5,"targetCPUUtilizationPercentage":70},
  "status":{"currentReplicas":2,"desiredReplicas":3,"currentCPUUtilizationPercentage":91}})";

TEST(HpaView, ReadsVersion1WithItsAnnotations) {
  const HpaSample s = hpa_view(object(kV1), HpaVersion::v1, 0s);
  ASSERT_EQ(s.metrics.size(), 4u);
  EXPECT_EQ(s.metrics[0].name, "cpu");
  EXPECT_EQ(s.metrics[0].target_utilization_percent, 70);
  EXPECT_EQ(s.metrics[0].current_utilization_percent, 91);
  EXPECT_EQ(s.metrics[0].current_average_milli, 182);
  EXPECT_EQ(s.metrics[1].name, "memory");
  EXPECT_EQ(s.metrics[1].target_average_milli, std::int64_t{100} * 1024 * 1024 * 1000);
  EXPECT_EQ(s.metrics[2].target_value_milli, 30'000);
  EXPECT_EQ(s.metrics[2].current_value_milli, 12'000);
  EXPECT_EQ(s.metrics[3].current_value_milli, 3'000);
  ASSERT_EQ(s.conditions.size(), 1u);
  EXPECT_EQ(s.conditions[0].reason, "SucceededRescale");
  EXPECT_EQ(s.desired_replicas, 3);
  EXPECT_EQ(s.scale_down_window, 60s);
  EXPECT_NE(s.spec_json.find(R"("averageUtilization":70)"), std::string::npos);
  EXPECT_EQ(s.spec_json.find("targetCPU"), std::string::npos);
}

TEST(HpaView, Version1WithoutOrWithBrokenAnnotationsStillHasCpu) {
  for (const char* annotations :
       {"{}", R"({"autoscaling.alpha.kubernetes.io/metrics":"[[","autoscaling.alpha.kubernetes.io/conditions":"7"})"}) {
    const HpaSample s = hpa_view(
        object(
            std::string(R"({"metadata":{"annotations":)") + annotations +
            R"(},"spec":{"maxReplicas":5,"targetCPUUtilizationPercentage":70},"status":{"currentCPUUtilizationPercentage":44}})"),
        HpaVersion::v1, 0s);
    ASSERT_EQ(s.metrics.size(), 1u);
    EXPECT_EQ(s.metrics[0].current_utilization_percent, 44);
    EXPECT_TRUE(s.conditions.empty());
  }
}

TEST(HpaView, AnythingIsReadWithoutHarm) {
  for (const char* text :
       {"{}", R"({"metadata":7,"spec":[],"status":null})",
        R"({"spec":{"metrics":[1,{},{"type":""}],"maxReplicas":"x"}})", R"({"spec":{"maxReplicas":99999999999}})"}) {
    for (const auto version : {HpaVersion::v2, HpaVersion::v2beta2, HpaVersion::v1}) {
      EXPECT_EQ(hpa_view(object(text), version, 1s).at.observed, 1s) << text;
    }
  }
}

TEST(ScaleTargetView, ReadsADeployment) {
  const ScaleTargetSample s = scale_target_view(object(deployment_json("backend", 4, 3)), "Deployment", 2s);
  EXPECT_EQ(s.ref, (ObjectRef{"Deployment", "todo", "backend"}));
  EXPECT_EQ(s.spec_replicas, 4);
  EXPECT_EQ(s.status_replicas, 4);
  EXPECT_EQ(s.ready_replicas, 3);
  EXPECT_EQ(s.available_replicas, 3);
  EXPECT_EQ(s.generation, 3);
  EXPECT_EQ(s.selector, "app=backend");
}

TEST(ScaleTargetView, TheFingerprintFollowsTheTemplateOnly) {
  const auto hash = [](const char* text) { return scale_target_view(object(text), "Deployment", 0s).template_hash; };
  const auto one = hash(R"({"spec":{"replicas":1,"template":{"a":1}}})");
  EXPECT_EQ(one, hash(R"({"spec":{"replicas":5,"template":{"a":1}}})"));
  EXPECT_NE(one, hash(R"({"spec":{"replicas":1,"template":{"a":2}}})"));
}

TEST(SelectorText, WritesEveryOperator) {
  struct Row {
    const char* selector;
    const char* text;
  };
  for (
      const Row& row :
      {Row{R"({"matchLabels":{"tier":"web","app":"todo"}})", "app=todo,tier=web"},
       Row{R"({"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]}]})", "tier in (a,b)"},
       Row{R"({"matchLabels":{"app":"x"},"matchExpressions":[{"key":"t","operator":"NotIn","values":["a"]},{"key":"e","operator":"Exists"},{"key":"n","operator":"DoesNotExist"}]})",
           "app=x,t notin (a),e,!n"},
       Row{R"({"app":"rc"})", "app=rc"}, Row{"{}", ""}}) {
    EXPECT_EQ(selector_text(object(row.selector)), row.text);
  }
}

}  // namespace
}  // namespace surgeproof::k8s
