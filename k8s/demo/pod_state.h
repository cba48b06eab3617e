// The kubelet's knowledge of one pod, and how it reads in the pod's status. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "base/run_time.h"
#include "k8s/demo/pod_spec.h"

namespace surgeproof::demo {

/// The last end of a container.
struct ContainerEnd {
  ContainerExit exit;
  WallTime started{};
  WallTime finished{};
};

struct PodState {
  enum class Container : std::uint8_t {
    creating,     ///< image pull, sandbox, container
    running,      ///< started; ready or not
    backing_off,  ///< ended, will be started again
    ended,        ///< ended for good
  };
  PodSpec spec;
  std::string ip;  ///< from the sandbox on
  Container container = Container::creating;
  WallTime accepted{};  ///< status.startTime
  WallTime started{};   ///< of the running container
  bool ready = false;
  int restarts = 0;
  std::optional<ContainerEnd> end;
};

/// metadata and spec stay; status becomes what `state` says.
void write_pod_status(boost::json::object& pod, const PodState& state, WallTime now);

}  // namespace surgeproof::demo
