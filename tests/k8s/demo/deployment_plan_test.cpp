#include "k8s/demo/deployment_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/replica_set_plan.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;

const WallTime kNow = *parse_rfc3339("2026-01-05T08:00:00Z");

json::object deployment(int replicas, const json::value& surge, const json::value& unavailable) {
  return {{"metadata", json::object{{"name", "web"}, {"namespace", "shop"}, {"uid", "d"}, {"generation", 3}}},
          {"spec", json::object{
                       {"replicas", replicas},
                       {"template", json::object{{"metadata", json::object{{"labels", json::object{{"app", "new"}}}}}}},
                       {"strategy", json::object{{"rollingUpdate", json::object{{"maxSurge", surge},
                                                                                {"maxUnavailable", unavailable}}}}}}}};
}

ObjectPtr set(const std::string& tmpl, int wanted, int available) {
  return std::make_shared<const json::object>(json::object{
      {"metadata",
       json::object{{"name", "web-" + tmpl},
                    {"annotations", json::object{{"deployment.kubernetes.io/revision", tmpl == "new" ? "2" : "1"}}}}},
      {"spec",
       json::object{{"replicas", wanted},
                    {"template",
                     json::object{{"metadata", json::object{{"labels", json::object{{"app", tmpl},
                                                                                    {"pod-template-hash", tmpl}}}}}}}}},
      {"status", json::object{{"replicas", wanted}, {"availableReplicas", available}, {"readyReplicas", available}}}});
}

struct PlanRow {
  const char* what;
  int replicas;
  json::value surge, unavailable;
  int old_wanted, old_available;
  int new_wanted, new_available;
  int old_to, new_to;  // afterwards
};

TEST(DeploymentPlan, RollsWithinSurgeAndAvailability) {
  const std::vector<PlanRow> rows{
      {"25 % of 4: one more first", 4, "25%", "25%", 4, 4, 0, 0, 4, 1},
      // 5 pods, 3 must be available, the new one is not: 5 - 3 - 1 = 1 may go.
      {"… and at once one old less", 4, "25%", "25%", 4, 4, 1, 0, 3, 1},
      {"room again for a new one", 4, "25%", "25%", 3, 3, 1, 0, 3, 2},
      {"2 pods, no unavailability: the old wait", 2, "25%", "25%", 2, 2, 1, 0, 2, 1},
      {"the new one is available: an old one goes", 2, "25%", "25%", 2, 2, 1, 1, 1, 1},
      {"no surge: first an old one goes", 3, 0, 1, 3, 3, 0, 0, 2, 0},
      {"both zero counts as one unavailable", 3, 0, 0, 3, 3, 0, 0, 2, 0},
      {"what never got available goes first", 4, 1, 0, 3, 1, 2, 2, 2, 2},
      {"done: nothing to do", 3, 1, 0, 0, 0, 3, 3, 0, 3},
      {"scaled up by the HPA", 5, "25%", "25%", 0, 0, 2, 2, 0, 5},
      {"scaled down by the HPA", 2, "25%", "25%", 0, 0, 5, 5, 0, 2},
  };
  for (const PlanRow& row : rows) {
    const std::vector<ObjectPtr> sets{set("old", row.old_wanted, row.old_available),
                                      set("new", row.new_wanted, row.new_available)};
    const DeploymentPlan plan = plan_deployment(deployment(row.replicas, row.surge, row.unavailable), sets, kNow);
    std::int64_t old_to = row.old_wanted, new_to = row.new_wanted;
    for (const ReplicaSetScale& s : plan.scale) (s.name == "web-old" ? old_to : new_to) = s.replicas;
    EXPECT_EQ(old_to, row.old_to) << row.what;
    EXPECT_EQ(new_to, row.new_to) << row.what;
    EXPECT_FALSE(plan.create.has_value()) << row.what;
    EXPECT_EQ(plan.events.size(), plan.scale.size()) << row.what;
  }
}

TEST(DeploymentPlan, MakesAReplicaSetForANewTemplate) {
  const DeploymentPlan plan = plan_deployment(deployment(4, "25%", "25%"), {set("old", 4, 4)}, kNow);
  ASSERT_TRUE(plan.create.has_value());
  EXPECT_EQ(int_at(*plan.create, "spec.replicas"), 1);
  EXPECT_EQ(plan.revision, "2");
  const auto hash = text_at(*plan.create, "spec.template.metadata.labels.pod-template-hash");
  EXPECT_EQ(text_at(*plan.create, "metadata.name"), "web-" + std::string{hash});
  EXPECT_EQ(text_at(*plan.create, "spec.selector.matchLabels.pod-template-hash"), hash);
  ASSERT_EQ(plan.events.size(), 1U);
  EXPECT_EQ(plan.events[0].message, "Scaled up replica set web-" + std::string{hash} + " from 0 to 1");
}

TEST(DeploymentPlan, HashIsOfTheContentNotOfTheOrder) {
  const json::object a{{"x", 1}, {"y", json::object{{"p", 1}, {"q", 2}}}};
  const json::object b{{"y", json::object{{"q", 2}, {"p", 1}}}, {"x", 1}};
  EXPECT_EQ(template_hash(a), template_hash(b));
  EXPECT_NE(template_hash(a), template_hash({{"x", 2}}));
  EXPECT_EQ(template_hash(a).size(), 10U);
}

ObjectPtr pod(const std::string& name, bool bound, const char* phase, bool ready, const char* since,
              bool terminating = false) {
  json::object metadata{{"name", name}, {"creationTimestamp", "2026-01-05T07:00:00Z"}};
  if (terminating) metadata["deletionTimestamp"] = "2026-01-05T08:00:10Z";
  return std::make_shared<const json::object>(
      json::object{{"metadata", metadata},
                   {"spec", json::object{{"nodeName", bound ? "n" : ""}}},
                   {"status", json::object{{"phase", phase},
                                           {"conditions", json::array{json::object{{"type", "Ready"},
                                                                                   {"status", ready ? "True" : "False"},
                                                                                   {"lastTransitionTime", since}}}}}}});
}

TEST(ReplicaSetPlan, DeletesTheLeastUsefulPodsFirst) {
  const std::vector<ObjectPtr> pods{pod("old-ready", true, "Running", true, "2026-01-05T07:00:00Z"),
                                    pod("young-ready", true, "Running", true, "2026-01-05T07:30:00Z"),
                                    pod("unready", true, "Running", false, "2026-01-05T07:00:00Z"),
                                    pod("pending", true, "Pending", false, "2026-01-05T07:00:00Z"),
                                    pod("unbound", false, "Pending", false, "2026-01-05T07:00:00Z"),
                                    pod("going", true, "Running", true, "2026-01-05T07:00:00Z", true)};
  const auto plan_for = [&](int wanted) {
    return plan_replica_set({{"spec", json::object{{"replicas", wanted}}}}, pods, kNow);
  };
  EXPECT_THAT(plan_for(1).remove, testing::ElementsAre("unbound", "pending", "unready", "young-ready"));
  EXPECT_TRUE(plan_for(5).remove.empty());
  EXPECT_EQ(plan_for(5).create, 0);
  EXPECT_EQ(plan_for(7).create, 2);
  EXPECT_EQ(int_at(plan_for(5).status, "readyReplicas"), 2);
  EXPECT_EQ(int_at(plan_for(5).status, "replicas"), 5);  // terminating ones are not counted
}

}  // namespace
}  // namespace surgeproof::demo
