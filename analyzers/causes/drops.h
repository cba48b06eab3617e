// Drop forensics: one cause per failed request.
//
//   what the client saw                          what the API showed near t             cause
//   new connection refused, timed out, reset     deletion within −1 … +10 s             termination_race
//   or closed before a byte, or 502/503/504
//   reused connection, reset or closed, 0 bytes  it predates a deletion that near       keep_alive_reset
//   the same                                     nothing                                idle_timeout_race, low
//   connect timed out, or later than a deletion  a node lost its last ready pod ≤ 30 s  load_balancer_lag
//   explains                                     before
//   any of these                                 the deletion was the node's: tainted,  node_trouble
//                                                drained, not ready (−90 … +10 s)
//   answer cut short, or a request under way     container ended within ±2 s after a    killed_in_flight
//   for a second and more                        deletion
//   refused, 502, reset, closed, timed out       endpoint turned ready ≤ 15 s before,   premature_ready
//                                                no deletion
//   any                                          container ended by itself −5 … +10 s   container_crashed
//   any                                          no ready and no serving endpoint       no_endpoints
//   timed out, 503/504; or latency over a        endpoints stable; metric over target,  saturation
//   connection that waits                        or at the maximum
//   anything else                                                                       unknown
//
// t is when the request ended, by the generator's clock; the API's side by the watch's receive time on the same clock.
// Where the pod is known (pod header, or its address was the peer) only that pod's moments count, and the confidence
// may be high; else it is at most probable.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "analyzers/causes/action_marks.h"
#include "analyzers/causes/moments.h"
#include "analyzers/causes/nodes.h"
#include "analyzers/finding.h"
#include "base/records.h"

namespace surgeproof {

struct DropCause {
  std::string_view code;
  std::string pod;  ///< whose moment it was; empty when none is meant
  Confidence confidence = Confidence::probable;
  std::string detail;  ///< "pod deleted 0.4s before, by action deploy"
};

class DropForensics {
 public:
  explicit DropForensics(const Timeline& timeline);
  /// The cause of one failed request (is_drop).
  [[nodiscard]] DropCause explain(const RequestFailure& failure) const;

 private:
  [[nodiscard]] DropCause nearest(const RequestFailure& failure) const;
  [[nodiscard]] int rivals(const RequestFailure& failure) const;
  [[nodiscard]] std::string pod_of(const RequestFailure& failure) const;
  [[nodiscard]] bool nothing_serves_at(RunTime t) const;
  [[nodiscard]] bool is_saturated_at(RunTime t) const;
  [[nodiscard]] DropCause by_deletion(const RequestFailure& failure, const PodMoment& moment, bool ended,
                                      const std::string& pod) const;
  [[nodiscard]] const NodeMoment* node_trouble(const std::string& pod, RunTime t) const;

  const Timeline& timeline_;
  PodMoments moments_;
  NodeMoments nodes_;
  ActionMarks actions_;
  std::map<std::string, std::string> node_of_;  // by pod
  std::map<std::string, std::string> pod_by_ip_;
};

}  // namespace surgeproof
