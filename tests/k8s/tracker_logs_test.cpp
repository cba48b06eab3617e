// Which logs can be read, told as one state for each request and namespace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/json_access.h"
#include "k8s/tracker.h"
#include "tests/k8s/objects.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using StateKind = WatchState::Kind;

class TrackerLogs : public testing::Test {
 protected:
  TrackerLogs()
      : tracker({{"todo", "backend"}}, *parse_rfc3339("2026-01-05T09:50:00Z"),
                {{"", "", {"ERROR"}}, {"other", "app=x", {"ERROR"}}}) {}

  std::size_t feed(Feed::Kind kind) const {
    for (std::size_t i = 0; i < tracker.feeds().size(); ++i) {
      if (tracker.feeds()[i].kind == kind) return i;
    }
    ADD_FAILURE() << "no such feed";
    return 0;
  }
  void listed(Feed::Kind kind, const std::string& items) {
    const auto value = parse_json("[" + items + "]");
    tracker.listed(feed(kind), 0, value->get_array(), Tracker::Page::only, now += 1s, records);
  }
  void changed(Feed::Kind kind, const std::string& object, bool deleted) {
    tracker.changed(feed(kind), 0, parse_json(object)->get_object(), deleted, now += 1s, records);
  }
  void log(std::size_t stream, StateKind kind, const std::string& message = "") {
    tracker.log_state(tracker.logs().streams().at(stream), kind, message, now += 1s, records);
  }
  /// "pods/log todo synced", with the message behind it.
  std::vector<std::string> states() {
    std::vector<std::string> out;
    for (const Record& r : records) {
      const auto* s = std::get_if<WatchState>(&r);
      if (s == nullptr || !s->resource.starts_with("pods/log")) continue;
      out.push_back(s->resource + " " + s->ns +
                    (s->kind == StateKind::synced      ? " synced"
                     : s->kind == StateKind::forbidden ? " forbidden"
                                                       : " lost"));
      if (!s->message.empty()) out.back() += ": " + s->message;
    }
    records.clear();
    return out;
  }

  Tracker tracker;
  RunTime now{};
  Tracker::Records records;
};

const std::string kTwoPods = pod_json({.name = "backend-a"}) + "," + pod_json({.name = "backend-b"});

TEST_F(TrackerLogs, OfTheWatchedPods) {
  listed(Feed::Kind::hpas, hpa_json("backend", 2, 2));
  listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  listed(Feed::Kind::pods, kTwoPods);
  EXPECT_THAT(states(), ElementsAre("pods/log todo synced: no log was there to be read yet"));
  ASSERT_EQ(tracker.logs().streams().size(), 2u);
  log(0, StateKind::synced);
  log(1, StateKind::synced);
  EXPECT_THAT(states(), ElementsAre("pods/log todo synced"));
  log(1, StateKind::lost, "the connection broke");
  log(0, StateKind::synced);
  EXPECT_THAT(states(), ElementsAre("pods/log todo lost: backend-b/app: the connection broke"));
  log(1, StateKind::synced);
  EXPECT_THAT(states(), ElementsAre("pods/log todo synced"));
}

// A pod that goes while its log is lost does not leave the state lost for ever.
TEST_F(TrackerLogs, WhatIsGoneIsNoGap) {
  listed(Feed::Kind::hpas, hpa_json("backend", 2, 2));
  listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  listed(Feed::Kind::pods, kTwoPods);
  log(0, StateKind::synced);
  log(1, StateKind::lost, "cut");
  states();
  changed(Feed::Kind::pods, pod_json({.name = "backend-b"}), true);
  EXPECT_THAT(states(), ElementsAre("pods/log todo synced"));
  log(0, StateKind::lost, "cut");
  states();
  tracker.log_gone(tracker.logs().streams()[0], now += 1s, records);
  EXPECT_THAT(states(), ElementsAre("pods/log todo synced"));
  EXPECT_TRUE(tracker.logs().streams()[0].over);
}

// Each request has its own state: pods that fit no selector must not look as if their logs had been read.
TEST_F(TrackerLogs, RequestsAreToldApart) {
  listed(Feed::Kind::hpas, hpa_json("backend", 2, 2));
  listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  listed(Feed::Kind::pods, kTwoPods);
  listed(Feed::Kind::log_pods, "");
  log(0, StateKind::synced);
  EXPECT_THAT(states(),
              ElementsAre("pods/log todo synced: no log was there to be read yet",
                          "pods/log app=x other synced: no log was there to be read yet", "pods/log todo synced"));
  changed(Feed::Kind::log_pods, pod_json({.name = "x-1", .ns = "other"}), false);
  ASSERT_EQ(tracker.logs().streams().size(), 3u);
  EXPECT_TRUE(tracker.logs().streams()[2].from_the_start);
  log(2, StateKind::forbidden, "pods/log is forbidden");
  EXPECT_THAT(states(), ElementsAre("pods/log app=x other forbidden: x-1/app: pods/log is forbidden"));
}

}  // namespace
}  // namespace surgeproof::k8s
