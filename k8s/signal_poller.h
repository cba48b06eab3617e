// Asks a Prometheus server for the scenario's signals, each at its own pace, and hands the values to a sink.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/records.h"
#include "k8s/kubeconfig.h"
#include "k8s/watch_error.h"

namespace surgeproof::k8s {

struct SignalRequest {
  std::string name;
  std::string query;  ///< PromQL
  std::chrono::nanoseconds every{std::chrono::seconds{15}};
};

class SignalPoller {
 public:
  /// `server`: URL, TLS and token of the Prometheus server, as for an API server; `origin` names it in messages.
  /// `sink` is called from the poller's own thread only.
  SignalPoller(ClusterConfig server, std::vector<SignalRequest> signals, ClockAnchor anchor, RecordSink sink);
  ~SignalPoller();  ///< stop()s
  SignalPoller(const SignalPoller&) = delete;
  SignalPoller& operator=(const SignalPoller&) = delete;

  /// Asks each query once, before anything else is done: an error that no waiting would cure. A query without a series
  /// yet is none.
  std::expected<void, WatchError> check();
  /// Once only; after check().
  void start();
  /// Ends the thread; no record comes after it returns.
  void stop();

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof::k8s
