// The smallest safe preStop, measured: how long after a pod's deletion the last request arrived at it.
//
//   deletion ──── last arrival ── (end of the pod)        preStop ≥ last arrival − deletion + a margin
//
// Arrivals: answers from the pod (where a header or its own address tells it), and failed requests that were sent to
// it. A pod's deletion is taken when it was observed: the API's own times are whole seconds.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "analyzers/causes/drops.h"
#include "analyzers/drop_types.h"

namespace surgeproof {

class PrestopMeter {
 public:
  explicit PrestopMeter(const Timeline& timeline);
  void note(const RequestFailure& failure, const DropCause& cause);
  /// Empty when no pod was deleted during the load, or no arrival can be told.
  [[nodiscard]] std::optional<SafePrestop> result() const;

 private:
  struct Deleted {
    const PodLife* pod = nullptr;
    std::optional<RunTime> last_arrival;
  };
  const Timeline& timeline_;
  std::map<std::string, Deleted> deleted_;  // by pod name
};

}  // namespace surgeproof
