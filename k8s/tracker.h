// Turns what the feeds deliver into records: decides which objects belong to a watched HPA, what changed, what is gone,
// which resources must be watched next, and when everything has been seen once. Pure: no clock, no I/O.
//
//   HPA ──names──▶ scale target ──selects──▶ ReplicaSets, pods ──are in──▶ EndpointSlices
//    │                   └────────────────────────────┴── events regarding them, metrics of the pods
//    └── custom and external metrics
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
#include "k8s/log_watch.h"
#include "k8s/watch_error.h"
#include "k8s/watcher.h"

namespace surgeproof::k8s {

class Tracker {
 public:
  using Records = std::vector<Record>;

  /// Requests have a namespace. Events that happened before `oldest_event` are not recorded.
  Tracker(std::vector<WatchRequest> requests, WallTime oldest_event, std::vector<LogRequest> logs = {},
          std::vector<ServiceRequest> services = {});

  /// Feeds that are needed, in the order in which they became so; it only grows (one that is no longer needed is
  /// `retired`). References stay valid.
  [[nodiscard]] const std::deque<Feed>& feeds() const { return feeds_; }

  /// The server named the resource of a feed that had to be looked up.
  void resolved(std::size_t feed, const ApiResource& resource) { resolve(feeds_[feed], resource); }

  /// One page of a list has come; with the last one, what was on none of them is gone. `version`: index into the feed's
  /// paths.
  enum class Page : std::uint8_t {
    only,    ///< first and last
    first,   ///< more follow
    middle,  ///< likewise
    last,    ///< of several
  };
  void listed(std::size_t feed, std::size_t version, const boost::json::array& items, Page page, RunTime now,
              Records& out);
  /// An object was added or modified, or (`deleted`) is gone.
  void changed(std::size_t feed, std::size_t version, const boost::json::object& object, bool deleted, RunTime now,
               Records& out);
  /// The feed can be seen, or cannot. A record is made when that changes.
  void state(std::size_t feed, WatchState::Kind kind, const std::string& message, RunTime now, Records& out);

  /// The logs that are to be read; what they hold passes by this class.
  [[nodiscard]] LogWatch& logs() { return logs_; }
  /// A log can be read, or cannot. Of all logs of a request in a namespace the worst makes a record when it changes.
  void log_state(const LogStream& stream, WatchState::Kind kind, const std::string& message, RunTime now, Records& out);
  /// A log is not there any more.
  void log_gone(const LogStream& stream, RunTime now, Records& out);

  /// Everything that is needed has been listed, or is known to be unreadable.
  [[nodiscard]] bool synced() const;
  /// Requests that name no HPA or Service, once the namespace's are listed.
  [[nodiscard]] std::optional<WatchError> not_found() const;
  /// Whether a run cannot begin without the feed.
  [[nodiscard]] bool essential(const Feed& feed) const;
  [[nodiscard]] LiveState live() const;

 private:
  struct Watched {
    WatchRequest request;
    std::optional<HpaSample> hpa;
    std::optional<ScaleTargetSample> target;
    std::optional<std::size_t> target_feed;
    std::optional<std::size_t> pods_feed;
    std::vector<std::size_t> companions;  ///< of the pods: their ReplicaSets, their metrics
    std::vector<std::size_t> metric_feeds;
    std::string target_ref;                 ///< scaleTargetRef that target_feed is for, as JSON
    boost::json::array metrics;             ///< spec.metrics that metric_feeds are for
    std::string selector;                   ///< of the pods' feed
    bool pods_by_owner = false;             ///< the target is not readable: its pods are known by their owner's name
    std::map<std::string, PodSample> pods;  ///< by name; those that exist
    std::map<std::string, ReplicaSetSample> replica_sets;  ///< likewise
    std::string condition;                                 ///< the last that changed, in words
  };
  struct FeedState {
    std::optional<WatchState::Kind> kind;
    std::string message;
    bool listed = false;
    std::set<std::string> present;  ///< names on the pages so far
  };
  struct WantedService {
    ServiceRequest request;
    bool seen = false;  ///< one of its slices, ever
  };
  struct Slice {
    EndpointSliceSample sample;
    bool recorded = false;
  };

  std::size_t add_feed(Feed feed);
  void hpa_changed(const HpaSample& sample, Records& out);
  /// Follows scaleTargetRef, also to another object in the middle of a run.
  void want_target(Watched& watched, RunTime now, Records& out);
  void drop_target(Watched& watched, RunTime now, Records& out);
  void target_changed(Watched& watched, ScaleTargetSample sample, Records& out);
  void want_pods(Watched& watched, const std::string& selector, RunTime now, Records& out);
  void drop_pods(Watched& watched, RunTime now, Records& out);
  /// The custom and external metrics that the HPA scales on.
  void want_metrics(Watched& watched);
  void retire(std::size_t feed);
  void log_pod_changed(std::size_t request, const PodSample& pod, const FeedState& feed, Records& out);
  /// The pods whose logs are read have been listed.
  void log_pods_listed(const Feed& feed, RunTime now, Records& out);
  void record_log_state(std::size_t request, const std::string& ns, const std::string& message, RunTime now,
                        Records& out);
  void replica_set_changed(Watched& watched, ReplicaSetSample sample, Records& out);
  void node_changed(NodeSample sample, Records& out);
  void hpa_metric_changed(const Feed& feed, HpaMetricSample sample, Records& out);
  void pod_changed(Watched& watched, PodSample sample, Records& out);
  void slice_changed(EndpointSliceSample sample, Records& out);
  void record_slice(Slice& slice, RunTime now, Records& out);
  void event_changed(ClusterEvent event, Records& out);
  void metrics_changed(const Feed& feed, PodMetricsSample sample, Records& out);
  [[nodiscard]] std::optional<WatchError> hpa_not_found(const Watched& watched) const;
  [[nodiscard]] std::optional<WatchError> service_not_found(const WantedService& wanted) const;
  [[nodiscard]] bool listed(Feed::Kind kind, const std::string& ns) const;
  void learned_pod(const PodSample& pod, RunTime now, Records& out);
  void forget_absent(const Feed& feed, const std::set<std::string>& present, RunTime now, Records& out);
  [[nodiscard]] bool belongs(const Watched& watched, const PodSample& pod) const;
  /// The HPA that a feed serves alone; empty for those of a namespace.
  [[nodiscard]] std::string hpa_of(const Feed& feed) const;
  [[nodiscard]] HpaState live_of(const Watched& watched) const;

  std::deque<Watched> watched_;
  std::vector<WantedService> wanted_services_;
  std::deque<Feed> feeds_;
  std::deque<FeedState> states_;                                          // by feed
  std::map<std::string, std::set<std::string>> hpa_names_;                // by namespace
  std::map<std::pair<std::string, std::string>, Slice> slices_;           // by namespace and name
  std::set<std::pair<std::string, std::string>> services_;                // namespace and name; those of the pods
  std::set<std::pair<std::string, std::string>> pod_names_;               // namespace and name; ever seen
  std::map<std::pair<std::string, std::string>, WallTime> metric_times_;  // by namespace and pod
  std::map<std::string, NodeSample> nodes_;                               // by name
  std::map<std::string, HpaMetricSample> hpa_metrics_;                    // the last of each series
  EventFilter events_;
  LogWatch logs_;
  struct LogState {
    std::map<const LogStream*, WatchState::Kind> streams;
    std::optional<WatchState::Kind> recorded;
    std::string said;   // with it
    bool read = false;  // at least one of them, at some time
  };
  std::map<std::pair<std::size_t, std::string>, LogState> log_states_;  // by request and namespace
};

}  // namespace surgeproof::k8s
