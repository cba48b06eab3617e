// Drop forensics: one failed request, and what happened near it.
#include "analyzers/causes/drops.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

struct DropsRow {
  std::string name;
  std::function<void(Story&)> tell;
  RunTime at;
  RequestFailure failure;
  std::string code;
  std::string pod;
  Confidence confidence = Confidence::probable;
};

// In all stories todo-2 is deleted at 300 s and its containers end when told.
TEST(Drops, Table) {
  const auto deletion = [](Story& s) { s.at(300s).deletion("todo-2"); };
  const auto nothing = [](Story&) {};
  const auto crash = [](Story& s) { s.at(300s).crash("todo-1", 1); };
  const auto new_pod = [](Story& s) {
    s.at(75s).replicas(3);
    s.at(90s).ready(3);
    s.at(90s).endpoints({"todo-1", "todo-2", "todo-3"});
  };
  RequestFailure by_header = failed_new(Outcome::connect_refused);
  by_header.pod = "todo-2";
  RequestFailure by_address = failed_new(Outcome::connect_refused);
  by_address.peer = "10.0.0.2:8080";
  RequestFailure other_pod = failed_new(Outcome::connect_refused);
  other_pod.pod = "todo-1";
  RequestFailure long_request = failed_reused(Outcome::reset, 100s);
  long_request.sent = 320s;
  RequestFailure partial = failed_reused(Outcome::truncated, 100s);
  partial.bytes_received = 100;
  // Gave up after five seconds; the service had chosen its pod at the start.
  RequestFailure gave_up = failed_new(Outcome::connect_timeout);
  gave_up.connection_opened = 307s;
  RequestFailure before_that = failed_new(Outcome::connect_timeout);
  before_that.connection_opened = 295s;
  const auto sent_at = [](RunTime t) {
    RequestFailure f = failed_new(Outcome::timeout);
    f.sent = t;
    return f;
  };
  RequestFailure gateway = failed_reused(Outcome::bad_gateway, 10s);
  gateway.status = 502;
  RequestFailure unavailable = failed_reused(Outcome::bad_gateway, 10s);
  unavailable.status = 503;

  const DropsRow rows[] = {
      {"new connection refused after a deletion", deletion, 301s, failed_new(Outcome::connect_refused),
       "termination_race", "todo-2"},
      {"connect ok behind a balancer, then reset", deletion, 301s, failed_new(Outcome::reset), "termination_race",
       "todo-2"},
      {"a second before it was seen", deletion, 299s, failed_new(Outcome::reset), "termination_race", "todo-2"},
      {"nobody saw whether a pod went",
       [](Story& s) { s.at(295s).watch("pods", WatchState::Kind::lost, "connection refused"); }, 301s,
       failed_reused(Outcome::reset, 100s), "unknown", "", Confidence::low},
      {"ten seconds after", deletion, 310s, failed_new(Outcome::reset), "termination_race", "todo-2"},
      {"later than that", deletion, 310s + 1ms, failed_new(Outcome::reset), "unknown", ""},
      {"gave up long after the deletion, tried soon after it", deletion, 312s, gave_up, "termination_race", "todo-2"},
      {"tried before the deletion, gave up at it", deletion, 300s, before_that, "unknown", "", Confidence::low},
      {"the pod is told by a header", deletion, 301s, by_header, "termination_race", "todo-2", Confidence::high},
      {"the pod is told by its address", deletion, 301s, by_address, "termination_race", "todo-2", Confidence::high},
      {"the deletion before it, not the one just after",
       [](Story& s) {
         s.at(299s).deletion("todo-1");
         s.at(300s + 500ms).deletion("todo-2");
       },
       300s, failed_new(Outcome::reset), "termination_race", "todo-1"},
      {"another pod was deleted", deletion, 301s, other_pod, "unknown", "todo-1", Confidence::low},
      {"a gateway found nobody", deletion, 301s, gateway, "termination_race", "todo-2"},
      {"kept alive, opened before", deletion, 301s, failed_reused(Outcome::reset, 100s), "keep_alive_reset", "todo-2"},
      {"kept alive, closed in good order", deletion, 301s, failed_reused(Outcome::closed, 100s), "keep_alive_reset",
       "todo-2"},
      {"opened after the deletion", deletion, 302s, failed_reused(Outcome::reset, 301s), "unknown", "",
       Confidence::low},
      {"kept alive, nothing happened near", nothing, 200s, failed_reused(Outcome::closed, 100s), "idle_timeout_race",
       "", Confidence::low},
      {"kept alive through a long preStop",
       [](Story& s) {
         s.at(300s).deletion("todo-2");
         s.at(325s).terminated("todo-2");
       },
       325s, failed_reused(Outcome::reset, 100s), "keep_alive_reset", "todo-2"},
      {"a long request, killed with its pod",
       [](Story& s) {
         s.at(300s).deletion("todo-2");
         s.at(330s).terminated("todo-2");
       },
       330s, long_request, "killed_in_flight", "todo-2"},
      {"an answer cut short when the grace was over", deletion, 330s, partial, "killed_in_flight", "todo-2"},
      {"a new pod that does not answer", new_pod, 92s, failed_new(Outcome::reset), "premature_ready", "todo-3"},
      {"15 seconds later still", new_pod, 105s, failed_new(Outcome::connect_refused), "premature_ready", "todo-3"},
      {"not after that", new_pod, 106s, failed_new(Outcome::connect_refused), "unknown", "", Confidence::low},
      {"sent to busy pods before the new one was ready, timed out after",
       [&](Story& s) {
         s.at(0s).endpoints({"todo-1", "todo-2"});
         s.at(70s).cpu(200);
         new_pod(s);
       },
       91s, sent_at(86s), "saturation", ""},
      {"refused before the first endpoints were read", [](Story& s) { s.at(90s).endpoints({"todo-1"}); }, 50s,
       failed_new(Outcome::connect_refused), "unknown", "", Confidence::low},
      {"sent to the new pod, which lets it wait",
       [&](Story& s) {
         s.at(70s).cpu(200);
         new_pod(s);
       },
       96s, sent_at(91s), "premature_ready", "todo-3"},
      {"sent to a pod that was deleted and vanished without a word", deletion, 303s, sent_at(298s), "unknown", "",
       Confidence::low},
      {"a crash", crash, 300s, failed_reused(Outcome::reset, 100s), "container_crashed", "todo-1"},
      {"refused after a crash", crash, 305s, failed_new(Outcome::connect_refused), "container_crashed", "todo-1"},
      {"nobody serves",
       [](Story& s) {
         s.at(0s).endpoints({"todo-1"});
         s.at(200s).endpoints({});
       },
       210s, failed_new(Outcome::connect_refused), "no_endpoints", "", Confidence::high},
      {"waiting for busy pods", [](Story& s) { s.at(100s).cpu(200); }, 150s, failed_reused(Outcome::timeout, 10s),
       "saturation", ""},
      {"503 at the maximum", [](Story& s) { s.at(100s).replicas(5); }, 150s, unavailable, "saturation", ""},
      {"waiting for idle pods", nothing, 50s, failed_reused(Outcome::timeout, 10s), "unknown", "", Confidence::low},
      {"TLS is no race", deletion, 301s, failed_new(Outcome::tls_failed), "unknown", "", Confidence::low},
  };
  for (const DropsRow& row : rows) {
    SCOPED_TRACE(row.name);
    Story story;
    row.tell(story);
    story.at(row.at).failure(row.failure);
    const Timeline t = story.timeline();
    const DropCause cause = DropForensics(t).explain(t.failures.at(0));
    EXPECT_EQ(cause.code, row.code) << cause.detail;
    EXPECT_EQ(cause.pod, row.pod);
    if (row.code != "unknown") EXPECT_EQ(name_of(cause.confidence), name_of(row.confidence));
  }
}

// A cause that was counted request by request leaves no room for a guess from the autoscaler's conditions.
TEST(Drops, CountedCausesLeaveNoRoomForGuesses) {
  Story story;
  tell_good_run(story).criterion(DroppedRequestsCriterion{0, {}});
  story.at(70s).condition("ScalingLimited", "True", "TooManyReplicas", "more than the maximum");
  story.at(581s).failure(failed_new(Outcome::reset));
  const Verdict v = story.verdict();
  ASSERT_EQ(v.causes.size(), 1u);
  EXPECT_EQ(v.causes[0].code, "termination_race");
}

TEST(Drops, GroupsByCauseAndCountsWhatItDoesNotKnow) {
  Story story;
  tell_good_run(story).criterion(DroppedRequestsCriterion{0, {}});
  // todo-5, 4 and 3 are deleted at 580 s.
  for (int i = 0; i < 3; ++i) story.at(581s + i * 10ms).failure(failed_new(Outcome::reset));
  story.at(581s).failure(failed_reused(Outcome::reset, 300s));
  FailureOverflow more{700s, {}};
  more.outcomes[static_cast<std::size_t>(Outcome::reset)] = 7;
  story.records.emplace_back(more);
  const Verdict v = story.verdict();
  ASSERT_EQ(v.causes.size(), 3u);
  EXPECT_EQ(v.causes[0].code, "termination_race");
  EXPECT_EQ(v.causes[0].count, 3u);
  EXPECT_EQ(v.causes[0].confidence, Confidence::probable);
  EXPECT_FALSE(v.causes[0].remedy.empty());
  EXPECT_EQ(v.causes[1].code, "keep_alive_reset");
  EXPECT_EQ(v.causes[2].code, "unknown");
  EXPECT_EQ(v.causes[2].count, 7u);
}

}  // namespace
}  // namespace surgeproof::test
