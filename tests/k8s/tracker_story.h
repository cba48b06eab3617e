// A tracker that is told a story, for the tests of what it asks for, records and follows.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/json_access.h"
#include "k8s/tracker.h"
#include "tests/k8s/objects.h"

namespace surgeproof::k8s {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = WatchState::Kind;

/// A tracker that is told a story; the clock ticks a second with each sentence.
class Story {
 public:
  explicit Story(std::vector<WatchRequest> requests, std::vector<ServiceRequest> services = {})
      : tracker(std::move(requests), *parse_rfc3339("2026-01-05T09:50:00Z"), {}, std::move(services)) {}

  std::size_t feed(Feed::Kind kind, std::size_t watched = 0) const {
    for (std::size_t i = 0; i < tracker.feeds().size(); ++i) {
      if (tracker.feeds()[i].kind == kind && tracker.feeds()[i].watched == watched) return i;
    }
    ADD_FAILURE() << "no such feed";
    return 0;
  }
  bool wants(Feed::Kind kind) const {
    return std::ranges::any_of(tracker.feeds(), [&](const Feed& f) { return f.kind == kind; });
  }
  Story& listed(Feed::Kind kind, const std::string& items, std::size_t watched = 0) {
    const auto value = parse_json("[" + items + "]");
    tracker.listed(feed(kind, watched), 0, value->get_array(), Tracker::Page::only, now += 1s, records);
    return *this;
  }
  Story& changed(Feed::Kind kind, const std::string& object, bool deleted = false, std::size_t watched = 0) {
    tracker.changed(feed(kind, watched), 0, parse_json(object)->get_object(), deleted, now += 1s, records);
    return *this;
  }
  Story& state(Feed::Kind kind, Kind state, const std::string& message = "", std::size_t watched = 0) {
    tracker.state(feed(kind, watched), state, message, now += 1s, records);
    return *this;
  }
  template <class T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const Record& r : records) {
      if (const T* t = std::get_if<T>(&r)) out.push_back(*t);
    }
    return out;
  }

  Tracker tracker;
  RunTime now{};
  Tracker::Records records;
};

inline Story synced_story() {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 2))
      .listed(Feed::Kind::pods, pod_json({.name = "backend-a"}) + "," + pod_json({.name = "backend-b"}))
      .listed(Feed::Kind::slices, slice_json("backend-x", "backend", "backend-a,backend-b"))
      .listed(Feed::Kind::events, "")
      .listed(Feed::Kind::metrics, "")
      .listed(Feed::Kind::replica_sets, "")
      .state(Feed::Kind::nodes, Kind::forbidden);
  return story;
}

inline std::string hpa_with(const std::string& target, const std::string& metrics = "") {
  return R"({"metadata":{"name":"backend","namespace":"todo"},"spec":{"scaleTargetRef":)" + target +
         R"(,"maxReplicas":5,"metrics":[)" + metrics + R"(]},"status":{"currentReplicas":2,"desiredReplicas":2}})";
}
inline const std::string kToDeployment = R"({"apiVersion":"apps/v1","kind":"Deployment","name":"backend"})";
inline const std::string kToRollout = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"backend-v2"})";

}  // namespace surgeproof::k8s
