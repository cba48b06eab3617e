// Watches HPAs, their scale targets, pods, EndpointSlices, events and pod metrics, and hands every change to a sink.
//
//   auto config = k8s::find_cluster_config({});
//   k8s::Watcher watcher(*config, {{"todo", "backend"}}, anchor, sink);
//   watcher.start();
//   if (auto ready = watcher.wait_synced(10s); !ready) … ready.error().message …
//   …
//   watcher.stop();
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/records.h"
#include "k8s/kubeconfig.h"
#include "k8s/live_state.h"
#include "k8s/log_watch.h"
#include "k8s/watch_error.h"

namespace surgeproof::k8s {

struct WatchRequest {
  std::string ns;  ///< empty: the configuration's namespace
  std::string hpa;
};

/// A Service whose EndpointSlices are wanted, whoever their pods belong to.
struct ServiceRequest {
  std::string ns;  ///< empty: the configuration's namespace
  std::string service;
};

/// Intervals and limits. The defaults are what a run uses.
struct WatchOptions {
  std::chrono::milliseconds metrics_interval{5000};  ///< between two reads of metrics.k8s.io
  std::chrono::milliseconds connect_timeout{10000};  ///< name, connection and TLS together
  std::chrono::milliseconds answer_timeout{30000};   ///< silence within an answer to a list or get
  std::chrono::milliseconds backoff_first{800};      ///< after the first failure; doubles
  std::chrono::milliseconds backoff_last{30000};     ///< upper bound
  int connect_attempts = 3;                          ///< before the first answer; then `unreachable`
  std::vector<LogRequest> logs = {};                 ///< texts to look for in pods' logs
  /// Their EndpointSlices must be readable, and exist, for the watch to be synced.
  std::vector<ServiceRequest> services = {};
};

/// For the report: which cluster this was.
struct ClusterFacts {
  std::string server;    ///< URL without credentials
  std::string context;   ///< empty in a pod
  std::string version;   ///< "v1.34.4"; empty when /version could not be read
  std::string platform;  ///< "linux/amd64"
};

class Watcher {
 public:
  /// Nothing happens before start(). `sink` is called from the watcher's own thread only, and must not call back.
  Watcher(ClusterConfig config, std::vector<WatchRequest> requests, ClockAnchor anchor, RecordSink sink,
          WatchOptions options = {});
  ~Watcher();  ///< stop()s
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Starts the watcher's thread. Once only.
  void start();

  /// Waits until every requested HPA, its target and its pods are listed, and everything else is listed or known to be
  /// unreadable (a WatchState record says so). Returns early on an error that waiting does not cure. After an error the
  /// watcher keeps trying (except on `configuration`) until stop().
  std::expected<void, WatchError> wait_synced(std::chrono::nanoseconds timeout);

  /// Ends the thread; no record comes after it returns. May be called twice, not from the sink.
  void stop();

  /// A copy, from any thread, at any time.
  [[nodiscard]] LiveState live() const;
  /// Complete once wait_synced() has succeeded. From any thread.
  [[nodiscard]] ClusterFacts facts() const;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace surgeproof::k8s
