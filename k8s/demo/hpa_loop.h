// The HPA controller's loop: every sync period, for every HPA of the store, what k8s/hpa decides is done.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "k8s/demo/api/store.h"
#include "k8s/demo/event_queue.h"
#include "k8s/demo/event_recorder.h"
#include "k8s/hpa/controller.h"

namespace surgeproof::demo {

class HpaLoop {
 public:
  struct Options {
    std::chrono::nanoseconds sync_period = std::chrono::seconds{15};
    hpa::Settings settings;
    std::function<bool()> metrics_available;  ///< unset: always
  };
  HpaLoop(Store& store, EventQueue& queue, Options options);

  /// Until warm, it syncs often, so that a new cluster soon knows its state.
  void set_warm() { warm_ = true; }

 private:
  void sync_all();
  void sync(const boost::json::object& autoscaler);
  [[nodiscard]] hpa::World look(const boost::json::object& autoscaler) const;

  Store& store_;
  EventQueue& queue_;
  Options options_;
  EventRecorder events_;
  bool warm_ = false;
  std::map<std::string, hpa::Controller> controllers_;  // by the HPA's uid
};

}  // namespace surgeproof::demo
