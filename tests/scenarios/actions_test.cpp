// `actions`: what may be written, every mistake with its place, and the instants that actions make.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/plan.h"
#include "scenarios/rejudge.h"
#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kBefore =
    "target: http://h\nwatch: {namespace: todo, hpa: backend}\n"
    "load: [{name: calm, hold: 1/s, for: 1m}, {name: surge, step: 2/s, for: 3m}]\nactions:\n";

std::vector<std::string> names_of(const Scenario& s) {
  std::vector<std::string> names;
  for (const auto& a : s.actions) names.push_back(a.name);
  return names;
}

TEST(Actions, OfTheFullExample) {
  const auto s = parse_scenario(kBefore +
                                    "  - {at: surge + 60s, restart: deployment/backend}\n"
                                    "  - {at: surge + 90s, delete_pod: {hpa: backend, pick: oldest}}\n"
                                    "  - {name: more, at: start + 2s, scale: {target: statefulset/db, replicas: 3}}\n",
                                "f.yaml");
  ASSERT_TRUE(s) << format_diagnostic(s.error()[0]);
  EXPECT_THAT(names_of(*s), ElementsAre("more", "restart deployment/backend", "delete the oldest pod of backend"));
  EXPECT_EQ(resolve(*s, s->actions[0].at), 2s);
  EXPECT_EQ(resolve(*s, s->actions[1].at), 2min);
  EXPECT_EQ(s->actions[1].ns, "todo");
  EXPECT_EQ(std::get<RestartAction>(s->actions[1].what).target.name, "backend");
  EXPECT_EQ(std::get<DeletePodAction>(s->actions[2].what).pick, DeletePodAction::Pick::oldest);
  const auto& scale = std::get<ScaleAction>(s->actions[0].what);
  EXPECT_EQ(scale.target.kind, WorkloadRef::Kind::stateful_set);
  EXPECT_EQ(scale.replicas, 3);
  EXPECT_EQ(s->actions[0].place.line, 7);
}

TEST(Actions, EqualOnesAreNumbered) {
  const auto s = parse_scenario(kBefore + "  - {at: surge, delete_pod: {}}\n  - {at: calm, delete_pod: {}}\n", "f");
  ASSERT_TRUE(s);
  EXPECT_THAT(names_of(*s), ElementsAre("delete the oldest pod of backend 2", "delete the oldest pod of backend"));
}

TEST(Actions, EachMistakeIsSaid) {
  struct Row {
    std::string text;
    std::string complaint;  ///< the only one; empty: none
  };
  const std::vector<Row> rows{
      {"{at: start, restart: daemonset/agent}", ""},
      {"{at: start, restart: deployment/a, namespace: other}", ""},
      {"{at: surge, delete_pod: {pick: random}}", ""},
      {"{at: surge, delete_pod: {hpa: backend, pick: newest}}", ""},
      {"{restart: deployment/a}", "5:5: actions[0]: \"at\" is missing; as in at: surge + 60s"},
      {"{at: surge}", "actions[0]: does nothing; write restart, delete_pod or scale"},
      {"{at: surge, restart: deployment/a, delete_pod: {}}", "does several things (restart and delete_pod)"},
      {"{at: srge, restart: deployment/a}", "actions[0].at: unknown stage \"srge\"; did you mean \"surge\"?"},
      {"{at: surge + 4m, restart: deployment/a}", "lies at or after the end of the load plan"},
      {"{at: 60s, restart: deployment/a}", "is a duration, not an instant; write start + 60s"},
      {"{at: action x, restart: deployment/a}", "an action cannot wait for another one"},
      {"{at: surge, restart: backend}", "actions[0].restart: \"backend\" is no workload; write KIND/NAME"},
      {"{at: surge, restart: pod/backend}", "\"pod/backend\" is no workload"},
      {"{at: surge, restart: replicaset/backend}", "a replicaset cannot be restarted"},
      {"{at: surge, restart: deployment/Backend}", "\"Backend\" is no name of a Kubernetes object"},
      {"{at: surge, restart: deployment/}", "is no name of a Kubernetes object"},
      {"{at: surge, restart: deployment/a, when: now}", "unknown key \"when\""},
      {"{at: surge, delete_pod: {hpa: frontend}}", "actions[0].delete_pod.hpa: unknown HPA \"frontend\""},
      {"{at: surge, delete_pod: {pick: eldest}}", "unknown pick \"eldest\"; did you mean \"oldest\"?"},
      {"{at: surge, delete_pod: {}, namespace: other}", "actions[0].namespace: is that of the HPA; leave it out"},
      {"{at: surge, scale: {target: deployment/a}}", "actions[0].scale: \"replicas\" is missing"},
      {"{at: surge, scale: {replicas: 2}}", "actions[0].scale: \"target\" is missing"},
      {"{at: surge, scale: {target: daemonset/a, replicas: 2}}", "a daemonset cannot be scaled"},
      {"{at: surge, scale: {target: deployment/a, replicas: -1}}", "must lie between 0 and 10000"},
      {"restart", "must be a mapping with name, at, namespace, restart, delete_pod and scale"},
  };
  for (const auto& [text, complaint] : rows) {
    const auto all = complaints(kBefore + "  - " + text + "\n");
    if (complaint.empty()) {
      EXPECT_THAT(all, IsEmpty()) << text;
    } else {
      EXPECT_THAT(all, ElementsAre(HasSubstr(complaint))) << text;
    }
  }
}

TEST(Actions, MistakesBetweenThem) {
  EXPECT_THAT(complaints(kBefore + "  - {name: x, at: surge, restart: deployment/a}\n"
                                   "  - {name: x, at: surge, restart: deployment/b}\n"),
              ElementsAre("6:5: actions: \"x\" is the name of two actions; the other stands in line 5"));
  EXPECT_THAT(
      complaints("target: http://h\nload: [{hold: 1/s, for: 1m}]\nactions: [{at: start, restart: deployment/a}]\n"),
      ElementsAre(HasSubstr("change a cluster that nobody looks at; add watch: {hpa: NAME}")));
  EXPECT_THAT(complaints("watch: {hpa: a}\nload: none\nactions: [{at: start, restart: deployment/a}]\n"),
              ElementsAre(HasSubstr("are carried out while the load runs, and load is none")));
  EXPECT_THAT(complaints("target: http://h\nwatch: [{namespace: a, hpa: a}, {namespace: b, hpa: b}]\n"
                         "load: [{hold: 1/s, for: 1m}]\nactions: [{at: start, restart: deployment/a}]\n"),
              ElementsAre(HasSubstr("several namespaces are watched and none is named; add namespace: NAME")));
}

TEST(Actions, AreInstantsOfCriteria) {
  const std::string criteria =
      kBefore + "  - {name: provoke + more, at: surge + 10s, restart: deployment/backend}\ncriteria:\n";
  const auto s = parse_scenario(criteria +
                                    "  - scale_up: {to: 2, within: 60s, from: action provoke + more}\n"
                                    "  - scale_down: {to: 2, within: 60s, from: action provoke + more + 5s}\n",
                                "f.yaml");
  ASSERT_TRUE(s) << format_diagnostic(s.error()[0]);
  const auto& up = std::get<ScaleUpCriterion>(s->criteria[0].rule);
  EXPECT_EQ(up.from->action, "provoke + more");
  EXPECT_EQ(scale_up_start(*s, up), 70s);
  EXPECT_EQ(scale_down_start(*s, std::get<ScaleDownCriterion>(s->criteria[1].rule)), 75s);
  EXPECT_EQ(describe(*s, s->criteria[1]), "scale down: backend is back at 2 within 60s of action provoke + more + 5s");
  EXPECT_THAT(complaints(criteria + "  - scale_up: {to: 2, within: 60s, from: action provok}\n"),
              ElementsAre(HasSubstr("from: unknown action \"provok\"")));
  EXPECT_THAT(complaints(criteria + "  - scale_up: {to: 2, within: 60s, from: action provoke + more + 5}\n"),
              ElementsAre(HasSubstr("the offset: a duration needs a unit")));
}

TEST(Actions, MoveWithTheTimeScale) {
  ParseOptions options;
  options.time_scale = 0.5;
  const std::string text = kBefore +
                           "  - {name: x, at: surge + 10s, restart: deployment/a}\n"
                           "criteria: [{scale_up: {to: 2, within: 60s, from: action x + 10s}}]\n";
  const auto s = parse_scenario(text, "f.yaml", options);
  ASSERT_TRUE(s);
  EXPECT_EQ(resolve(*s, s->actions[0].at), 35s);
  const auto again = parse_scenario(resolved_scenario_text(text, "f.yaml", options), "f.yaml");
  ASSERT_TRUE(again);
  EXPECT_EQ(resolve(*again, again->actions[0].at), 35s);
  EXPECT_EQ(scale_up_start(*again, std::get<ScaleUpCriterion>(again->criteria[0].rule)), 40s);
}

TEST(Actions, StandInThePlan) {
  const auto s = parse_scenario(kBefore +
                                    "  - {name: deploy, at: surge + 10s, restart: deployment/backend}\n"
                                    "  - {at: surge + 20s, scale: {target: deployment/backend, replicas: 3}}\n",
                                "f.yaml");
  ASSERT_TRUE(s);
  EXPECT_THAT(plan_text(*s, "f.yaml"), HasSubstr("\nactions (they change the cluster; --no-actions leaves them out)\n"
                                                 "       70s  restart deployment/backend, \"deploy\"  (surge + 10s)\n"
                                                 "       80s  scale deployment/backend to 3  (surge + 20s)\n"));
}

TEST(Actions, ARecordingWithoutTheActionCannotBeJudgedFromIt) {
  const auto with = parse_scenario(kBefore +
                                       "  - {name: x, at: surge, restart: deployment/a}\n"
                                       "criteria: [{scale_up: {to: 2, within: 60s, from: action x}}]\n",
                                   "f.yaml");
  const auto without = parse_scenario(kBefore + "  - {name: y, at: surge, restart: deployment/a}\n", "f.yaml");
  ASSERT_TRUE(with && without);
  EXPECT_TRUE(with_criteria_of(*with, *with));
  const auto refused = with_criteria_of(*without, *with);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), ElementsAre(HasSubstr("the recorded scenario has no action \"x\"")));
}

}  // namespace
}  // namespace surgeproof
