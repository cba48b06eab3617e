// Connections::direct: from the EndpointSlices that the watcher sees to the addresses that the generator uses.
//
//   watcher's thread ── record ──▶ DirectFeed ── addresses, when they change ──▶ engine
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/records.h"
#include "loadgen/engine.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// What the slices of one Service come to. Pure.
class DirectAddresses {
 public:
  /// `default_ns`: of a Service that is named without one.
  DirectAddresses(DirectEndpoints wanted, std::string default_ns);

  /// Slices of other Services are passed over. True: addresses() has changed.
  bool take(const EndpointSliceSample& slice);
  /// The ready pods, each once (by IPv4 where it has both), in the order of their names.
  [[nodiscard]] const std::vector<loadgen::PodAddress>& addresses() const { return addresses_; }
  /// Why their port is not known, with what would do; empty when it is, or nothing is ready.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// "todo/backend"
  [[nodiscard]] std::string service() const { return wanted_.ns + "/" + wanted_.service; }

 private:
  [[nodiscard]] int port_of(const EndpointSliceSample& slice);

  DirectEndpoints wanted_;
  std::map<std::string, EndpointSliceSample> slices_;  // by name
  std::vector<loadgen::PodAddress> addresses_;
  std::string trouble_;
};

/// The same between threads.
class DirectFeed {
 public:
  DirectFeed(DirectEndpoints wanted, std::string default_ns) : addresses_{std::move(wanted), std::move(default_ns)} {}

  /// Of the watcher's thread.
  void take(const Record& record);
  /// The engine, which has started and must live on as long as take() may be called, hears of what is known and of each
  /// change.
  void feed(loadgen::Engine& engine);

  [[nodiscard]] DirectAddresses known() const;

 private:
  mutable std::mutex mutex_;
  DirectAddresses addresses_;
  loadgen::Engine* engine_ = nullptr;
};

}  // namespace surgeproof
