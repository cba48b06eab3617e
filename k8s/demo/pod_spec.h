// What the kubelet reads from a pod's spec.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "k8s/demo/container_runtime.h"

namespace surgeproof::demo {

struct ProbeSpec {
  HttpProbe http;
  std::chrono::seconds initial_delay{0};
  std::chrono::seconds period{10};
  int failure_threshold = 3;
  int success_threshold = 1;
};

/// Of the first container: the demo's pods have one.
struct PodSpec {
  std::string ns;
  std::string name;
  std::string uid;
  std::string container;
  std::string image;
  std::optional<ProbeSpec> readiness;
  std::chrono::seconds prestop{0};  ///< preStop.sleep.seconds, or an exec of "sleep N"
  ContainerSpec run;                ///< without the address
};

/// Missing fields read as Kubernetes' defaults.
PodSpec read_pod_spec(const boost::json::object& pod);

}  // namespace surgeproof::demo
