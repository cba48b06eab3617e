// A service that scales by its CPU, as the tests of simulations have it.
#pragma once

#include <chrono>

#include "analyzers/whatif/service.h"

namespace surgeproof::whatif {

/// 2 to 10 pods of 200m (limit 500m) at 70 %; 5 ms of CPU a request; 15 s syncs and samples. No demand yet.
inline Service cpu_service(RunTime to_running, RunTime to_ready) {
  Service s;
  s.pod.cpu_per_request_ms = 5;
  s.pod.request_millicores = 200;
  s.pod.most_millicores = 500;
  s.pod.to_running = to_running;
  s.pod.to_ready = to_ready;
  s.loop.spec.min_replicas = 2;
  s.loop.spec.max_replicas = 10;
  hpa::MetricSpec cpu;
  cpu.type = hpa::MetricType::resource;
  cpu.name = "cpu";
  cpu.target.type = "Utilization";
  cpu.target.average_utilization_percent = 70;
  s.loop.spec.metrics.push_back(cpu);
  s.loop.initial_replicas = 2;
  return s;
}

}  // namespace surgeproof::whatif
