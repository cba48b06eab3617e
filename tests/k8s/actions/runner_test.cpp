// The runner's records, and actions that take effect on the embedded cluster.
#include "k8s/actions/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/demo_cluster.h"
#include "k8s/watcher.h"
#include "tests/k8s/recorded.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using State = ActionSample::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ClockAnchor now_anchor() {
  return {std::chrono::steady_clock::now(),
          std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now())};
}

std::vector<std::string> states_of(const Recorded& recorded) {
  std::vector<std::string> states;
  for (const auto& s : recorded.all<ActionSample>()) states.push_back(s.name + " " + std::string{name_of(s.state)});
  return states;
}

ActionRequest request(std::string name, RunTime due) {
  ActionRequest r;
  r.name = std::move(name);
  r.due = due;
  return r;
}

TEST(ActionRunner, RecordsEachStateAndBeginsNothingAfterTheEnd) {
  Recorded recorded;
  ActionRunner runner({request("a", 0s), request("b", 0s), request("c", 1h)}, now_anchor(), recorded.sink(),
                      [](const ActionRequest& r) -> ActionOutcome {
                        if (r.name == "b") throw std::runtime_error("no memory");
                        return {State::done, {"Pod", "todo", "x"}, "gone", ""};
                      });
  runner.start();
  ASSERT_TRUE(recorded.wait_for<ActionSample>([](const ActionSample& s) { return s.name == "b" && s.ended; }));
  EXPECT_FALSE(runner.finished());
  runner.stop();
  EXPECT_TRUE(runner.finished());
  EXPECT_THAT(states_of(recorded), ElementsAre("a planned", "b planned", "c planned", "a begun", "a done", "b begun",
                                               "b unknown", "c missed"));
  const auto all = recorded.all<ActionSample>();
  EXPECT_EQ(all[4].object.name, "x");
  EXPECT_EQ(all[4].result, "gone");
  EXPECT_LE(*all[4].begun, *all[4].ended);
  EXPECT_EQ(all[6].error, "no memory");
  EXPECT_FALSE(all[7].begun);
}

TEST(ActionRunner, WhatComesTooLateIsGivenUp) {
  Recorded recorded;
  ClockAnchor anchor = now_anchor();
  anchor.steady -= 20s;  // the recording is 20 s old
  ActionRunner runner({request("late", 5s)}, anchor, recorded.sink(),
                      [](const ActionRequest&) -> ActionOutcome { return {State::done, {}, "", ""}; });
  runner.start();
  ASSERT_TRUE(recorded.wait_for<ActionSample>([](const ActionSample& s) { return s.state == State::failed; }));
  runner.stop();
  EXPECT_THAT(recorded.all<ActionSample>().back().error, HasSubstr("more than 10s late"));
}

class ActionsOnDemo : public testing::Test {
 protected:
  ActionsOnDemo() : cluster(demo::DemoOptions::quick()) {
    cluster.start();
    const KubeconfigFile file{"/demo/config", cluster.kubeconfig_text()};
    auto found = resolve_kubeconfig({&file, 1}, "");
    EXPECT_TRUE(found) << format_diagnostic(found.error());
    config = *found;
    std::vector<WatchRequest> requests{{"", cluster.options().name}};
    watcher = std::make_unique<Watcher>(config, requests, now_anchor(), recorded.sink());
    watcher->start();
    const auto synced = watcher->wait_synced(10s);
    EXPECT_TRUE(synced) << synced.error().message;
  }

  ActionOutcome carry_out(ActionRequest::Kind kind, int replicas = 0) {
    ActionRequest r;
    r.kind = kind;
    r.ns = cluster.options().ns;
    r.object_kind = "Deployment";
    r.object = cluster.options().name;
    r.replicas = replicas;
    return perform(config, r, WallTime{std::chrono::system_clock::now()});
  }

  demo::DemoCluster cluster;
  ClusterConfig config;
  Recorded recorded;
  std::unique_ptr<Watcher> watcher;
};

TEST_F(ActionsOnDemo, DeletesAPod) {
  const auto outcome = carry_out(ActionRequest::Kind::delete_pod);
  ASSERT_EQ(outcome.state, State::done) << outcome.error;
  EXPECT_TRUE(recorded.wait_for<PodSample>(
      [&](const PodSample& p) { return p.name == outcome.object.name && p.deletion_requested.has_value(); }));
}

TEST_F(ActionsOnDemo, RestartsEveryPod) {
  std::vector<std::string> before;
  for (const auto& p : recorded.all<PodSample>()) before.push_back(p.name);
  const auto outcome = carry_out(ActionRequest::Kind::restart);
  ASSERT_EQ(outcome.state, State::done) << outcome.error;
  for (const auto& name : before) {
    EXPECT_TRUE(recorded.wait_for<PodSample>([&](const PodSample& p) {
      return p.name == name && p.deletion_requested;
    })) << name;
  }
}

TEST_F(ActionsOnDemo, Scales) {
  const auto outcome = carry_out(ActionRequest::Kind::scale, 3);
  ASSERT_EQ(outcome.state, State::done) << outcome.error;
  EXPECT_EQ(outcome.result, "2 → 3 replicas");
  EXPECT_TRUE(recorded.wait_for<ScaleTargetSample>([](const ScaleTargetSample& t) { return t.spec_replicas == 3; }));
}

TEST_F(ActionsOnDemo, AServerThatIsGoneIsToldApart) {
  watcher->stop();
  cluster.stop();
  const auto outcome = carry_out(ActionRequest::Kind::scale, 3);
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_FALSE(outcome.error.empty());
}

}  // namespace
}  // namespace surgeproof::k8s
