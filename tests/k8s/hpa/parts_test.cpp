// Selectors, quantities, defaults and JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

#include "base/quantity.h"
#include "k8s/hpa/amount.h"
#include "k8s/hpa/controller.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"
#include "k8s/hpa/selector.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Selector, Matches) {
  const Labels web = {{"app", "web"}, {"tier", "a"}, {"size", "12"}, {"empty", ""}};
  const std::pair<const char*, bool> table[] = {
      {"app=web", true},
      {"app==web,tier=a", true},
      {"app=db", false},
      {"app!=db", true},
      {"absent!=db", true},
      {"app", true},
      {"!absent", true},
      {"!app", false},
      {"absent", false},
      {"tier in (a,b)", true},
      {" tier  in ( b , a ) , app ", true},
      {"tier notin (a)", false},
      {"absent notin (a)", true},
      {"absent in (a)", false},
      {"size>11", true},
      {"size>12", false},
      {"size<13", true},
      {"app<13", false},
      {"empty=", true},
      {"empty in (,x)", true},
      {"empty in (x,)", true},
      {"empty in (x,,y)", true},
      {"empty in ()", true},
      {"app in ()", false},
      {"app=", false},
      {"in=x", false},
      {"", true},
      {"example.com/app!=x", true},
  };
  for (const auto& [text, matches] : table) {
    const auto selector = parse_selector(text);
    ASSERT_TRUE(selector) << text << ": " << selector.error();
    EXPECT_EQ(selector->matches(web), matches) << text;
  }
}

TEST(Selector, RefusesWhatLabelsParseRefuses) {
  for (const auto* text :
       {"app in", "app in (a", "app in (a,,)", "app in (,,)", "app in a", "app=web,", ",app", "app web", "a=b=c", "=b",
        "app>x", "app in (a b)", "-app", "app=we!b", "app=-b", "a/b/c", "UP/app", "!app=x", "(a)"}) {
    EXPECT_FALSE(parse_selector(text)) << text;
  }
}

TEST(Selector, StructuredAndTextFormMeanTheSame) {
  StructuredSelector structured;
  structured.match_labels = {{"b", "2"}};
  structured.match_expressions = {{"a", "In", {"y", "x"}}, {"c", "DoesNotExist", {}}};
  EXPECT_EQ(*to_selector(structured), *parse_selector("!c,a in (x,y),b=2"));
  structured.match_expressions[0].op = "Near";
  EXPECT_FALSE(to_selector(structured));
}

TEST(Quantity, WithinRangeIsWhatTheFoundationSays) {
  for (const auto* text :
       {"0",  "1",   "250m",     "1.5",   "128Mi", "123456789n", "4000001n", "0.0001", "-1500u",  "1e3",    "12E-2",
        "1k", "3Gi", "300000Ki", "1.5Gi", "100M",  "0.5",        ".5",       "+7",     "159840u", "-0.0005"}) {
    EXPECT_EQ(milli_value(text), parse_quantity_milli(text)) << text;
  }
}

TEST(Quantity, BeyondRangeItWrapsAsTheOriginal) {
  // What apimachinery 0.34 prints for them.
  const std::pair<const char*, std::int64_t> table[] = {
      {"9223372036854775", 9223372036854775000},
      {"9223372036854775807m", std::numeric_limits<std::int64_t>::max()},
      {"9007199254740993", 9007199254740993000},
      {"10000000000000000", -8446744073709551616},
      {"123456789012345678", -5670419503621183312},
      {"1E", 0},
      {"9e18", 0},
      {"100P", 0},
      {"1Pi", 1125899906842624000},
      {"9Pi", -8313644912125935616},
      {"5Ei", std::numeric_limits<std::int64_t>::min()},
      {"9Ei", -1000},
      {"-9Ei", 1000},
      {"9223372036854775807", -1000},
      {"-9223372036854775807", 1000},
      {"99999999999999999999", 200376420520688664},
      {"92233720368547758070m", -10},
      {"12345678901234567890n", 12345678901235},
      {"-1.5Gi", -1610612736000},
      {"-8Pi", -4611686018426},
      {"-0.7678679Mi", -805167850},
      {"842.14220178833778Pi", 7383878782544636622},
      {"0.0000000000000000001", 1},
      {"-0.00000000015", 1},
      {"-1.0000000000000000001", -999},
      {"0.9999999999999999999", 1000},
  };
  for (const auto& [text, milli] : table) EXPECT_EQ(milli_value(text), milli) << text;
}

TEST(Quantity, RefusesOtherText) {
  for (const auto* text : {"", "m", "1 m", "1x", "1ki", "--1", "1.2.3", "0x10", "1Ki2"}) {
    EXPECT_FALSE(milli_value(text)) << text;
  }
}

TEST(Quantity, AsADouble) {
  EXPECT_EQ(approximate_value("0.05"), 5 * 1e-2);
  EXPECT_EQ(approximate_value("50m"), 50 * 1e-3);
  EXPECT_EQ(approximate_value("2"), 2.0);
}

TEST(Defaults, AreTheApiServers) {
  AutoscalerSpec spec;
  apply_defaults(spec);
  EXPECT_EQ(spec.min_replicas, 1);
  ASSERT_THAT(spec.metrics, SizeIs(1));
  EXPECT_EQ(spec.metrics[0].name, "cpu");
  EXPECT_EQ(spec.metrics[0].target.average_utilization_percent, 80);
  EXPECT_FALSE(spec.behavior);
}

TEST(Defaults, FillEachHalfOfABehaviorAndLeaveTheScaleDownWindowOpen) {
  AutoscalerSpec spec;
  spec.behavior = Behavior{ScalingRules{}, std::nullopt};
  spec.behavior->scale_up->policies = {{ScalingPolicy::Kind::pods, 1, 60}};
  spec.behavior->scale_up->tolerance = 0.2;
  apply_defaults(spec);
  EXPECT_EQ(spec.behavior->scale_up->stabilization_window_seconds, 0);
  EXPECT_EQ(spec.behavior->scale_up->select_policy, PolicySelect::max);
  EXPECT_THAT(*spec.behavior->scale_up->policies, SizeIs(1));
  EXPECT_EQ(spec.behavior->scale_up->tolerance, 0.2);
  EXPECT_FALSE(spec.behavior->scale_down->stabilization_window_seconds);
  EXPECT_THAT(*spec.behavior->scale_down->policies, SizeIs(1));
  const auto once = spec;
  apply_defaults(spec);
  EXPECT_EQ(spec, once);
}

json::value parse(std::string_view text) { return json::parse(text); }

constexpr std::string_view kHpa = R"({"metadata":{"namespace":"shop","name":"web","uid":"1"},"spec":{
  "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"maxReplicas":5,
  "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}],
  "behavior":{"scaleDown":{"stabilizationWindowSeconds":5,"tolerance":"50m"}}}})";
constexpr std::string_view kPods = R"({"kind":"PodList","items":[{"metadata":{"namespace":"shop","name":"a",
  "labels":{"app":"web"}},"spec":{"containers":[{"name":"app","resources":{"requests":{"cpu":"100m"}}}]},
  "status":{"phase":"Running","startTime":"2025-06-02T08:00:00Z",
  "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2025-06-02T08:00:10Z"}]}}]})";
constexpr std::string_view kMetrics = R"({"kind":"PodMetricsList","items":[{"metadata":{"namespace":"shop","name":"a",
  "labels":{"app":"web"}},"timestamp":"2025-06-02T12:00:00Z","window":"10.5s",
  "containers":[{"name":"app","usage":{"cpu":"100000001n"}}]}]})";
constexpr std::string_view kScale =
    R"({"kind":"Scale","spec":{"replicas":1},"status":{"replicas":1,"selector":"app=web"}})";

TEST(Json, AWholeSyncFromTheObjectsOfAStore) {
  const World world = world_from_json(parse(kHpa), parse(kScale), parse(kPods), parse(kMetrics));
  EXPECT_EQ(world.hpa.spec.behavior->scale_down->tolerance, 50 * 1e-3);
  EXPECT_EQ(world.pod_metrics->front().window, std::chrono::milliseconds{10'500});
  const auto decision = Controller().sync(world, *time_of(parse(R"("2025-06-02T12:00:05Z")")));
  EXPECT_EQ(decision.desired_replicas, 3) << "101m of 100m is 101 %; 101 / 50 x 1 pod";
  const auto status = status_to_json(decision.status);
  const auto expected = parse(R"({"currentReplicas":1,"desiredReplicas":3,"lastScaleTime":"2025-06-02T12:00:05Z",
    "currentMetrics":[{"type":"Resource","resource":{"name":"cpu",
      "current":{"averageUtilization":101,"averageValue":"101m"}}}]})");
  for (const auto& entry : expected.get_object()) EXPECT_EQ(status.at(entry.key()), entry.value()) << entry.key();
  EXPECT_EQ(status.at("conditions").as_array().size(), 3U);
  EXPECT_EQ(status.at("conditions").at(0).at("lastTransitionTime"), "2025-06-02T12:00:05Z");
}

TEST(Json, AStatusReadBackIsTheSame) {
  AutoscalerStatus status;
  status.current_replicas = 2;
  status.desired_replicas = 3;
  status.conditions = {{"AbleToScale", "True", "ReadyForNewScale", "so", time_of(parse(R"("2025-06-02T12:00:05Z")"))}};
  StructuredSelector selector{{{"a", "b"}}, {{"c", "In", {"d"}}}};
  const ObjectReference ingress{"networking.k8s.io/v1", "Ingress", "main"};
  using enum MetricType;
  status.current_metrics = {
      {resource, "cpu", "", {}, {}, 50, 1500, {}}, {container_resource, "memory", "app", {}, {}, {}, 12'000'000, {}},
      {pods, "rps", "", {}, selector, {}, 1, {}},  {object, "hits", "", ingress, {}, {}, {}, 2000},
      {external, "queue", "", {}, {}, {}, 0, {}},  {}};
  json::object hpa{{"status", status_to_json(status)}};
  EXPECT_EQ(autoscaler_from_json(hpa).status, status);
}

TEST(Json, FailuresAndNothingAreFailures) {
  const auto failure =
      parse(R"({"kind":"Status","status":"Failure","code":503,"reason":"ServiceUnavailable","message":"m"})");
  EXPECT_EQ(scale_from_json(failure).error(), (Failure{503, "ServiceUnavailable", "m"}));
  EXPECT_FALSE(pod_metrics_from_json(failure));
  EXPECT_FALSE(pod_metrics_from_json(nullptr));
  EXPECT_TRUE(pod_metrics_from_json(json::array{}));
  EXPECT_THAT(pods_from_json(nullptr), SizeIs(0));
}

TEST(Json, TimesBeyondTheRangeAreItsEnds) {
  EXPECT_EQ(time_of(json::value("0001-01-01T00:00:00Z")), WallTime::min());
  EXPECT_EQ(time_of(json::value("9999-12-31T00:00:00Z")), kFarFuture);
  EXPECT_EQ(duration_of(json::value("1000000h")), std::chrono::hours{24 * 365 * 30});
  EXPECT_FALSE(time_of(json::value("noon")));
  EXPECT_FALSE(time_of(json::value(5)));
}

}  // namespace
}  // namespace surgeproof::hpa
