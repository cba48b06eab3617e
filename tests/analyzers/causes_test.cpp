// Stories of what goes wrong, and the cause that has to be named first.
#include <gmock/gmock.h>

#include <functional>

#include "analyzers/judge.h"
#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

// Everything that a user would ask for.
Story& with_criteria(Story& s) {
  return s.criterion(ScaleUpCriterion{"", 5, 60s, std::nullopt})
      .criterion(LatencyCriterion{99, 1s, {During::Kind::stage, "surge"}, ""})
      .criterion(DroppedRequestsCriterion{0, {}})
      .criterion(ScaleDownCriterion{"", 2, 300s, 420s, std::nullopt});
}

// Two pods with the work of five.
void overloaded(Story& s, RunTime until = kSurgeEnd) {
  s.during(0s, kSurge).traffic(20, 50ms);
  s.during(kSurge, until).traffic(400, 3s);
  if (until < kSurgeEnd) s.during(until, kSurgeEnd).traffic(400, 200ms);
  s.during(kSurgeEnd, kLoadEnd).traffic(20, 50ms);
}

// What the HPA would have said, or done, from then on.
bool records_of_hpa_from(const Record& r, RunTime t) {
  const auto* hpa = std::get_if<HpaSample>(&r);
  const auto* target = std::get_if<ScaleTargetSample>(&r);
  return (hpa && hpa->at.observed >= t) || (target && target->at.observed >= t);
}

struct CausesRow {
  std::string name;
  std::function<void(Story&)> tell;
  std::string cause;     // the first of the whole run
  std::string sentence;  // a part of it
};

TEST(Causes, Table) {
  const CausesRow rows[] = {
      {"max replicas",
       [](Story& s) {
         overloaded(s);
         s.at(0s).max_replicas(3);
         s.at(75s).cpu(200).replicas(3).condition("ScalingLimited", "True", "TooManyReplicas");
         s.at(90s).ready(3);
         s.at(580s).cpu(10).replicas(2);
       },
       "max_replicas_too_low", "HPA todo may have 3 replicas at most, but 5 are wanted"},
      {"slow start",
       [](Story& s) {
         overloaded(s, 200s);
         s.at(75s).cpu(200).replicas(5);
         s.at(76s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
         s.at(78s).started("todo-3").started("todo-4").started("todo-5");
         s.at(200s).ready(5);
         s.at(580s).cpu(10).replicas(2);
       },
       "pods_start_slowly", "3 new pods of todo were not ready 44s after they had a node"},
      {"no metrics",
       [](Story& s) {
         overloaded(s);
         s.at(5s).condition("ScalingActive", "False", "FailedGetResourceMetric",
                            "unable to get metrics for resource cpu: no metrics returned");
         s.at(5s).watch("metrics.k8s.io/pods", WatchState::Kind::missing, "the server could not find it");
       },
       "metrics_unavailable", "got no metric"},
      {"no metrics API, no condition seen",
       [](Story& s) {
         overloaded(s);
         s.at(5s).watch("metrics.k8s.io/pods", WatchState::Kind::missing, "the server could not find it");
       },
       "metrics_unavailable", "got no metric"},
      {"no requests",
       [](Story& s) {
         overloaded(s);
         s.at(5s).condition("ScalingActive", "False", "FailedGetResourceMetric",
                            "failed to get cpu utilization: missing request for cpu in container app of Pod todo-1");
       },
       "cpu_request_missing", "no CPU request"},
      {"switched off",
       [](Story& s) {
         overloaded(s);
         s.at(5s).condition("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count");
       },
       "hpa_disabled", "switched off"},
      {"ambiguous selector",
       [](Story& s) {
         overloaded(s);
         s.at(5s).condition("ScalingActive", "False", "AmbiguousSelector", "pods by selector are controlled by");
       },
       "hpa_not_active", "AmbiguousSelector"},
      {"the scale cannot be read",
       [](Story& s) {
         overloaded(s);
         s.at(5s).condition("AbleToScale", "False", "FailedGetScale", "not found");
       },
       "hpa_not_active", "FailedGetScale"},
      {"no room",
       [](Story& s) {
         overloaded(s);
         s.at(75s).cpu(200).replicas(5);
         s.at(76s)
             .scheduled("todo-3")
             .unschedulable("todo-4", "0/3 nodes are available: Insufficient cpu")
             .unschedulable("todo-5", "0/3 nodes are available: Insufficient cpu");
         s.at(90s).ready(3);
       },
       "unschedulable", "2 new pods of todo found no node in time"},
      {"policy",
       [](Story& s) {
         overloaded(s);
         s.at(75s).cpu(200).replicas(3).condition("ScalingLimited", "True", "ScaleUpLimit", "10 %");
         s.at(77s).scheduled("todo-3");
         s.at(80s).ready(3);
       },
       "scale_policy_limit", "held back by its scale-up policy"},
      {"a load that is no load",
       [](Story& s) {
         s.during(0s, kLoadEnd).traffic(20, 50ms);
         s.at(75s).cpu(72);
       },
       "load_too_low", "cpu rose to 72 % (target 70 %)"},
      {"the metric is late",
       [](Story& s) {
         overloaded(s, 130s);
         s.at(112s).cpu(200).replicas(5);
         s.at(113s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
         s.at(125s).ready(5);
         s.at(580s).cpu(10).replicas(2);
       },
       "metric_lag", "showed the load only after 52s"},
      {"crash",
       [](Story& s) {
         tell_good_run(s);
         s.at(150s).crash("todo-1", 137, "OOMKilled");
         for (int i = 0; i < 20; ++i) s.at(150s + i * 1ms).failure(failed_reused(Outcome::reset, 10s));
         s.at(155s).ready(5);
       },
       "container_crashed", "crashed"},
      {"crashes that keep the replicas down",
       [](Story& s) {
         overloaded(s);
         s.at(75s).cpu(200).replicas(5);
         s.at(77s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
         s.at(80s).ready(5 - 1);
         for (int i = 0; i < 4; ++i) s.at(85s + i * 10s).crash("todo-5", 1);
       },
       "container_crashed", "containers crashed 4 times in 1 pod"},
      {"no preStop, new connections",
       [](Story& s) {
         tell_good_run(s);
         for (int i = 0; i < 5; ++i) s.at(580s + i * 100ms).failure(failed_new(Outcome::reset));
       },
       "termination_race", "5 requests were sent to pods that were being deleted"},
      {"no preStop, old connections",
       [](Story& s) {
         tell_good_run(s);
         for (int i = 0; i < 5; ++i) {
           s.at(580s + i * 100ms).failure(failed_reused(Outcome::closed, 400s));
         }
       },
       "keep_alive_reset", "5 requests broke on a kept-alive connection"},
      {"ready too early",
       [](Story& s) {
         tell_good_run(s);
         s.at(95s).endpoints({"todo-1", "todo-2", "todo-3", "todo-4", "todo-5"});
         for (int i = 0; i < 5; ++i) s.at(96s + i * 100ms).failure(failed_new(Outcome::closed));
       },
       "premature_ready", "5 requests reached pods that were ready by name only"},
      {"slow",
       [](Story& s) {
         tell_good_run(s);
         s.during(kSurge, kSurgeEnd).traffic(400, 4s);
         s.at(121s).cpu(140);
       },
       "saturation", "all they could do"},
      {"a CPU limit of 150 % of the request",
       [](Story& s) {
         tell_good_run(s);
         s.during(kSurge, kSurgeEnd).traffic(400, 4s);
         s.at(121s).cpu(148);
         for (Record& r : s.records) {
           if (auto* pod = std::get_if<PodSample>(&r)) pod->containers[0].cpu_limit_millicores = 300;
         }
       },
       "saturation", "the pods of todo ran at their CPU limit"},
      {"slow without a metric that tells",
       [](Story& s) {
         tell_good_run(s);
         s.during(kSurge, kSurgeEnd).traffic(800, 4s);
         std::erase_if(s.records, [](const Record& r) { return std::holds_alternative<HpaSample>(r); });
         s.scenario.criteria.erase(s.scenario.criteria.begin());  // scale_up
         s.scenario.criteria.pop_back();                          // scale_down
       },
       "saturation", "slow by itself"},
      {"a window that is too long",
       [](Story& s) {
         tell_good_run(s);
         s.scenario.criteria.back().rule = ScaleDownCriterion{"", 2, std::nullopt, 120s, std::nullopt};
       },
       "stabilization_window", "window of 5m, too long"},
      {"still busy",
       [](Story& s) {
         tell_good_run(s);
         std::erase_if(s.records, [](const Record& r) {
           const auto* target = std::get_if<ScaleTargetSample>(&r);
           return target && target->at.observed == 580s;
         });
         s.at(590s).cpu(60);
       },
       "still_busy", "cpu was still 60 on 5 replicas"},
      {"the HPA was deleted",
       [](Story& s) {
         tell_good_run(s);
         std::erase_if(s.records, [](const Record& r) { return records_of_hpa_from(r, 500s); });
         HpaSample last;
         last.at.observed = 500s;
         last.ns = "default";
         last.name = "todo";
         last.deleted = true;
         s.records.emplace_back(last);
       },
       "hpa_deleted", "HPA todo was deleted at +8m20s"},
      {"500s",
       [](Story& s) {
         tell_good_run(s);
         s.criterion(ErrorRateCriterion{Ratio{0.001}, {}, ""});
         s.during(100s, 120s).outcome(Outcome::server_error, 50);
       },
       "application_error", "1000 requests with an unexpected status"},
      {"no generator",
       [](Story& s) {
         tell_good_run(s);
         s.during(100s, 120s).outcome(Outcome::generator_error, 50);
       },
       "generator", "1000 of 83800 planned requests were lost"},
      {"no sight",
       [](Story& s) {
         s.during(0s, kLoadEnd).traffic(20, 50ms);
         s.at(75s).replicas(5);
         s.at(80s).watch("pods", WatchState::Kind::lost, "connection refused");
         s.at(580s).replicas(2);
       },
       "watch_gap", "could not be seen"},
  };
  for (const CausesRow& row : rows) {
    SCOPED_TRACE(row.name);
    Story story;
    with_criteria(story);
    row.tell(story);
    const Verdict v = story.verdict();
    ASSERT_FALSE(v.causes.empty()) << headline(v);
    EXPECT_EQ(v.causes[0].code, row.cause) << v.causes[0].sentence;
    EXPECT_THAT(v.causes[0].sentence, HasSubstr(row.sentence));
    EXPECT_FALSE(v.causes[0].remedy.empty());
    EXPECT_THAT(headline(v), HasSubstr(v.causes[0].sentence));
  }
}

TEST(Causes, NothingIsForced) {
  Story story;
  tell_good_run(story).criterion(DroppedRequestsCriterion{0, {}});
  story.at(400s).failure(failed_new(Outcome::connect_refused));
  const Verdict v = story.verdict();
  ASSERT_EQ(v.causes.size(), 1u);
  EXPECT_EQ(v.causes[0].code, "unknown");
  EXPECT_EQ(headline(v), "1 of 1 criterion not met");
}

TEST(Causes, WhatFailedByItselfIsNotTheGeneratorsDoing) {
  Story story;
  with_criteria(story);
  overloaded(story);
  story.during(kSurge, kSurgeEnd).generator(1ms, 0.99);
  story.at(5s).condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics returned");
  const Verdict v = story.verdict();
  ASSERT_EQ(v.findings[1].reason, "generator_sick");
  EXPECT_EQ(v.findings[1].causes.at(0).code, "generator");
  EXPECT_EQ(v.findings[0].causes.at(0).code, "metrics_unavailable");
  EXPECT_EQ(v.causes.at(0).code, "metrics_unavailable");
}

TEST(Causes, WhereNothingWasScaledUpTheWindowIsNotToBlame) {
  Story story;
  with_criteria(story);
  overloaded(story);
  story.scenario.criteria.back().rule = ScaleDownCriterion{"", 2, std::nullopt, 120s, std::nullopt};
  story.at(5s).condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics returned");
  const Verdict v = story.verdict();
  ASSERT_EQ(v.findings[3].reason, "never_scaled_up");
  ASSERT_EQ(v.findings[3].causes.size(), 1u);
  EXPECT_EQ(v.findings[3].causes[0].code, "metrics_unavailable");
  for (const Cause& c : v.findings[0].causes) EXPECT_NE(c.code, "metric_lag");  // it never came
}

TEST(Causes, AnHpaThatCannotActIsNotKeptBusyByAnOldMetric) {
  Story story;
  tell_good_run(story).criterion(ScaleDownCriterion{"", 2, 300s, 420s, std::nullopt});
  std::erase_if(story.records, [](const Record& r) { return records_of_hpa_from(r, 500s); });
  story.at(500s).replicas(5).cpu(60).condition("AbleToScale", "False", "FailedGetScale", "not found");
  const Verdict v = story.verdict();
  ASSERT_EQ(v.findings[0].reason, "never");
  for (const Cause& c : v.causes) EXPECT_NE(c.code, "still_busy");
}

TEST(Causes, WhereNoLatencyWasMeasuredNothingWasSlow) {
  Story story;
  story.criterion(LatencyCriterion{99, 1s, {During::Kind::stage, "surge"}, ""});
  story.during(0s, kLoadEnd).outcome(Outcome::connect_refused, 20);
  const Verdict v = story.verdict();
  ASSERT_EQ(v.findings[0].reason, "no_samples");
  for (const Cause& c : v.causes) EXPECT_NE(c.code, "saturation");
}

TEST(Causes, FailuresThatWereOnlyCountedAreToldWithTheirTime) {
  Story story;
  tell_good_run(story).criterion(DroppedRequestsCriterion{0, {}});
  story.during(100s, 101s).outcome(Outcome::connect_refused, 3);
  FailureOverflow overflow{100s, {}};
  overflow.outcomes[static_cast<std::size_t>(Outcome::connect_refused)] = 3;
  story.records.emplace_back(overflow);
  const Verdict v = story.verdict();
  ASSERT_EQ(v.causes.size(), 1u);
  ASSERT_EQ(v.causes[0].evidence.size(), 1u);
  EXPECT_THAT(v.causes[0].evidence[0], HasSubstr("3 requests, first at +100s (only counted"));
}

TEST(Causes, ACodeIsNamedOnce) {
  Story story;
  tell_good_run(story).criterion(DroppedRequestsCriterion{0, {}});
  story.at(150s).crash("todo-1", 137, "OOMKilled").failure(failed_new(Outcome::reset));
  story.at(151s).ready(2);
  const Verdict v = story.verdict();
  ASSERT_EQ(v.causes.size(), 1u);
  EXPECT_EQ(v.causes[0].code, "container_crashed");
  EXPECT_EQ(v.findings[0].sentence, "1 of 82801 requests was dropped in the whole load (1 connection reset)");
}

TEST(Causes, OtherHpasAreNotBlamed) {
  Story story;
  tell_good_run(story).criterion(ScaleUpCriterion{"todo", 5, 10s, std::nullopt});
  HpaSample other;
  other.ns = "default";
  other.name = "other";
  other.max_replicas = 3;
  other.conditions = {{"ScalingActive", "False", "FailedGetResourceMetric", "no metrics", std::nullopt}};
  story.records.emplace_back(other);
  for (const Cause& c : story.verdict().findings[0].causes) EXPECT_NE(c.code, "metrics_unavailable");
}

}  // namespace
}  // namespace surgeproof::test
