#include "k8s/access/permissions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "k8s/access/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;
using testing::Not;

/// "todo autoscaling/horizontalpodautoscalers get,list,watch", a line a permission.
std::string lines(const AccessNeeds& needs) {
  std::string text;
  for (const auto& p : permissions_for(needs)) {
    text += fmt::format("{} {}/{} {}{}\n", p.ns.empty() ? "*" : p.ns, p.group, fmt::join(p.resources, ","),
                        fmt::join(p.verbs, ","), p.names.empty() ? "" : fmt::format(" [{}]", fmt::join(p.names, ",")));
  }
  return text;
}

WatchedNeeds watched(std::string ns, std::string hpa) { return {std::move(ns), std::move(hpa), {}, {}}; }

TEST(Permissions, OfOneHpaThatWasNotLookedUp) {
  AccessNeeds needs;
  needs.watched = {watched("todo", "backend")};
  EXPECT_EQ(lines(needs),
            "todo autoscaling/horizontalpodautoscalers get,list,watch\n"
            "todo apps/deployments,statefulsets,replicasets get,list,watch\n"
            "todo /pods get,list,watch\n"
            "todo discovery.k8s.io/endpointslices get,list,watch\n"
            "todo /events list,watch\n"
            "todo metrics.k8s.io/pods get,list\n");
}

TEST(Permissions, OfTargetsThatAreKnown) {
  struct Row {
    const char* api_version;
    const char* kind;
    const char* expected;
  };
  for (const auto& row : {
           Row{"apps/v1", "Deployment", "todo apps/deployments,replicasets get,list,watch\n"},
           Row{"extensions/v1beta1", "Deployment", "todo apps/deployments,replicasets get,list,watch\n"},
           Row{"apps/v1", "StatefulSet", "todo apps/statefulsets get,list,watch\n"},
           Row{"argoproj.io/v1alpha1", "Rollout",
               "todo argoproj.io/rollouts get,list,watch\ntodo argoproj.io/rollouts/scale get\n"},
       }) {
    AccessNeeds needs;
    needs.watched = {watched("todo", "x")};
    needs.watched.front().target = resource_of(row.api_version, row.kind);
    EXPECT_THAT(lines(needs), HasSubstr(row.expected)) << row.kind;
    EXPECT_THAT(lines(needs), Not(HasSubstr("statefulsets,replicasets"))) << row.kind;
  }
}

TEST(Permissions, TwoHpasOfOneNamespaceAndOneOfAnother) {
  AccessNeeds needs;
  needs.watched = {watched("todo", "a"), watched("todo", "b"), watched("events", "c")};
  const auto all = permissions_for(needs);
  const auto hpas = std::ranges::count_if(all, [](const auto& p) { return p.group == "autoscaling"; });
  EXPECT_EQ(hpas, 2) << "one a namespace";
}

TEST(Permissions, MetricsOfTheSpec) {
  struct Row {
    const char* spec;
    std::vector<std::string> custom;
    std::vector<std::string> external;
    bool resource;
  };
  for (const auto& row : {
           Row{R"({"metrics":[{"type":"Resource","resource":{"name":"cpu"}}]})", {}, {}, true},
           Row{R"({"maxReplicas":5})", {}, {}, true},  // the API server writes 80 % CPU
           Row{R"({"metrics":[{"type":"ContainerResource","containerResource":{"name":"cpu"}}]})", {}, {}, true},
           Row{R"({"metrics":[{"type":"Pods","pods":{"metric":{"name":"rps"}}}]})", {"pods/rps"}, {}, false},
           Row{R"({"metrics":[{"type":"External","external":{"metric":{"name":"queue"}}}]})", {}, {"queue"}, false},
           Row{R"({"metrics":[{"type":"Object","object":{"metric":{"name":"hits"},
                   "describedObject":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","name":"main"}}}]})",
               {"ingresses.networking.k8s.io/hits"},
               {},
               false},
           Row{R"({"metrics":[{"type":"Object","object":{"metric":{"name":"hits"},
                   "describedObject":{"apiVersion":"v1","kind":"Service","name":"main"}}}]})",
               {"services/hits"},
               {},
               false},
       }) {
    const auto needs = metric_needs(row.spec);
    ASSERT_TRUE(needs) << row.spec;
    EXPECT_EQ(needs->custom, row.custom) << row.spec;
    EXPECT_EQ(needs->external, row.external) << row.spec;
    EXPECT_EQ(needs->resource, row.resource) << row.spec;
  }
  EXPECT_FALSE(metric_needs("[]"));
  EXPECT_FALSE(metric_needs("{"));
}

TEST(Permissions, CustomAndExternalMetricsOnlyWhenUsed) {
  AccessNeeds needs;
  needs.watched = {watched("todo", "x")};
  EXPECT_THAT(lines(needs), Not(HasSubstr("custom.metrics")));
  needs.watched.front().metrics = MetricNeeds{false, {"pods/rps"}, {"queue"}};
  EXPECT_THAT(lines(needs), HasSubstr("todo custom.metrics.k8s.io/pods/rps get\n"));
  EXPECT_THAT(lines(needs), HasSubstr("todo external.metrics.k8s.io/queue get,list\n"));
}

TEST(Permissions, LogsNodesAndPreflightOnlyWhenWanted) {
  AccessNeeds needs;
  needs.watched = {watched("todo", "x")};
  for (const char* absent : {"pods/log", "nodes", "resourcequotas", "poddisruptionbudgets"}) {
    EXPECT_THAT(lines(needs), Not(HasSubstr(absent)));
  }
  needs.log_namespaces = {"todo", "events"};
  needs.nodes = needs.preflight = true;
  const auto text = lines(needs);
  EXPECT_THAT(text, HasSubstr("todo /pods/log get\n"));
  EXPECT_THAT(text, HasSubstr("events /pods/log get\n"));
  EXPECT_THAT(text, HasSubstr("* /nodes get,list,watch\n"));
  EXPECT_THAT(text, HasSubstr("todo policy/poddisruptionbudgets get,list\n"));
}

TEST(Permissions, AddressesOfPodsAreEssentialWhereTheyAreAddressed) {
  AccessNeeds needs;
  needs.endpoint_namespaces = {"shop"};
  EXPECT_EQ(lines(needs), "shop discovery.k8s.io/endpointslices get,list,watch\n");
  EXPECT_TRUE(permissions_for(needs).front().essential);
  EXPECT_EQ(permissions_for(needs).front().without, "no request can be sent");
  needs.watched = {watched("todo", "x"), watched("shop", "y")};
  const auto all = permissions_for(needs);
  const auto of_slices = [](const Permission& p) { return p.group == "discovery.k8s.io"; };
  EXPECT_EQ(std::ranges::count_if(all, of_slices), 2) << "one a namespace";
  for (const auto& p : all) {
    if (of_slices(p)) EXPECT_EQ(p.essential, p.ns == "shop") << p.ns;
  }
}

TEST(Permissions, ActionsChangeOnlyWhatTheyMust) {
  AccessNeeds needs;
  needs.actions = {
      {ActionNeeds::Kind::delete_pod, "todo", {}, ""},
      {ActionNeeds::Kind::restart, "todo", ResourceName{"apps", "deployments"}, "backend"},
      {ActionNeeds::Kind::scale, "todo", ResourceName{"apps", "statefulsets"}, "db"},
  };
  EXPECT_EQ(lines(needs),
            "todo /pods delete\n"
            "todo apps/deployments get,patch [backend]\n"
            "todo apps/statefulsets/scale get,patch [db]\n");
}

TEST(RbacManifest, ActionsAndNodesStandApart) {
  AccessNeeds needs;
  needs.watched = {watched("todo", "x")};
  needs.nodes = true;
  needs.actions = {{ActionNeeds::Kind::delete_pod, "todo", {}, ""}};
  const auto text = rbac_manifest(needs, {"surgeproof", "ci", "surge.yaml"});
  EXPECT_THAT(text, HasSubstr("kind: ServiceAccount\nmetadata:\n  name: surgeproof\n  namespace: ci\n"));
  EXPECT_THAT(text, HasSubstr("kind: Role\nmetadata:\n  name: surgeproof\n  namespace: todo\n"));
  EXPECT_THAT(text, HasSubstr("kind: ClusterRole\nmetadata:\n  name: surgeproof-nodes\n"));
  EXPECT_THAT(text, HasSubstr("kind: Role\nmetadata:\n  name: surgeproof-actions\n  namespace: todo\n"));
  EXPECT_THAT(text, HasSubstr("{kind: ServiceAccount, name: surgeproof, namespace: ci}"));
  // The reading Role changes nothing.
  const auto actions = text.find("surgeproof-actions");
  std::istringstream reading{text.substr(0, actions)};
  for (std::string line; std::getline(reading, line);) {
    if (!line.starts_with("    verbs: ")) continue;
    EXPECT_THAT(line, testing::MatchesRegex("    verbs: \\[(get|list|watch|, )+\\]"));
  }
  for (const char c : text) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ');
}

TEST(RbacManifest, NamesThatYamlWouldReadOtherwiseAreQuoted) {
  AccessNeeds needs;
  needs.watched = {watched("123", "x"), watched("on", "x")};
  const auto text = rbac_manifest(needs, {});
  EXPECT_THAT(text, HasSubstr("namespace: \"123\"\n"));
  EXPECT_THAT(text, HasSubstr("namespace: \"on\"\n"));
}

}  // namespace
}  // namespace surgeproof::k8s
