// Turns what the feeds deliver into records: decides which objects belong to a watched HPA, what changed, what is gone,
// which resources must be watched next, and when everything has been seen once. Pure: no clock, no I/O.
//
//   HPA ──names──▶ scale target ──selects──▶ pods ──are in──▶ EndpointSlices
//    └───────────────────┴────────────────────┴── events regarding them, metrics of the pods
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/records.h"
#include "k8s/event_filter.h"
#include "k8s/feed.h"
#include "k8s/live_state.h"
#include "k8s/watch_error.h"
#include "k8s/watcher.h"

namespace surgeproof::k8s {

class Tracker {
 public:
  using Records = std::vector<Record>;

  /// Requests have a namespace. Events that happened before `oldest_event` are not recorded.
  Tracker(std::vector<WatchRequest> requests, WallTime oldest_event);

  /// Feeds that are needed, in the order in which they became so; it only grows. References stay valid.
  [[nodiscard]] const std::deque<Feed>& feeds() const { return feeds_; }

  /// All pages of a list have come: what is not in `items` is gone. `version`: index into the feed's paths.
  void listed(std::size_t feed, std::size_t version, const boost::json::array& items, RunTime now, Records& out);
  /// An object was added or modified, or (`deleted`) is gone.
  void changed(std::size_t feed, std::size_t version, const boost::json::object& object, bool deleted, RunTime now,
               Records& out);
  /// The feed can be seen, or cannot. A record is made when that changes.
  void state(std::size_t feed, WatchState::Kind kind, const std::string& message, RunTime now, Records& out);

  /// Everything that is needed has been listed, or is known to be unreadable.
  [[nodiscard]] bool synced() const;
  /// Requests that name no HPA, once the namespace's HPAs are listed.
  [[nodiscard]] std::optional<WatchError> not_found() const;
  [[nodiscard]] LiveState live() const;

 private:
  struct Watched {
    WatchRequest request;
    std::optional<HpaSample> hpa;
    std::optional<ScaleTargetSample> target;
    bool target_wanted = false;             ///< its feed exists
    std::optional<std::size_t> pods_feed;   ///< likewise (the metrics' is the next)
    bool pods_by_owner = false;             ///< the target is not readable: its pods are known by their owner's name
    std::map<std::string, PodSample> pods;  ///< by name; those that exist
    std::string condition;                  ///< the last that changed, in words
  };
  struct FeedState {
    std::optional<WatchState::Kind> kind;
    std::string message;
    bool listed = false;
  };
  struct Slice {
    EndpointSliceSample sample;
    bool recorded = false;
  };

  std::size_t add_feed(Feed feed);
  void hpa_changed(const HpaSample& sample, const boost::json::object& object, Records& out);
  void target_changed(Watched& watched, ScaleTargetSample sample, Records& out);
  void want_pods(Watched& watched, const std::string& selector);
  void pod_changed(Watched& watched, PodSample sample, Records& out);
  void slice_changed(EndpointSliceSample sample, Records& out);
  void record_slice(Slice& slice, RunTime now, Records& out);
  void event_changed(ClusterEvent event, Records& out);
  void metrics_changed(const Feed& feed, PodMetricsSample sample, Records& out);
  void learned_pod(const PodSample& pod, RunTime now, Records& out);
  void forget_absent(const Feed& feed, const boost::json::array& items, RunTime now, Records& out);
  [[nodiscard]] bool belongs(const Watched& watched, const PodSample& pod) const;
  /// The HPA that a feed serves alone; empty for those of a namespace.
  [[nodiscard]] std::string hpa_of(const Feed& feed) const;
  [[nodiscard]] HpaState live_of(const Watched& watched) const;

  std::deque<Watched> watched_;
  std::deque<Feed> feeds_;
  std::deque<FeedState> states_;                                          // by feed
  std::map<std::string, std::set<std::string>> hpa_names_;                // by namespace
  std::map<std::pair<std::string, std::string>, Slice> slices_;           // by namespace and name
  std::set<std::pair<std::string, std::string>> services_;                // namespace and name; those of the pods
  std::set<std::pair<std::string, std::string>> pod_names_;               // namespace and name; ever seen
  std::map<std::pair<std::string, std::string>, WallTime> metric_times_;  // by namespace and pod
  EventFilter events_;
};

}  // namespace surgeproof::k8s
