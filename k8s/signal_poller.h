// Asks a Prometheus server for the scenario's signals, each at its own pace, and hands the values to a sink.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
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

/// What a signal's query gave when it was asked once.
struct SignalAnswer {
  std::string name;
  std::optional<double> value;  ///< empty: none, and `message` says why
  std::string message;
  bool no_series = false;       ///< there is nothing now
  bool query_is_wrong = false;  ///< waiting will not cure it
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
  /// The same, and what each query gave. An error: the server cannot be asked at all; what a query does wrong is told
  /// of its signal.
  std::expected<std::vector<SignalAnswer>, WatchError> look();
  /// Once only; after check().
  void start();
  /// Ends the thread; no record comes after it returns.
  void stop();

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof::k8s
