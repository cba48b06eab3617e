// A small service in virtual time whose failures are known by construction: pods that are deleted, crash or start too
// early, a proxy that notices late, clients with kept-alive connections. It writes the records that a generator and a
// watcher would have written, and keeps for itself why each request failed. It shares no code with the analyzers.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/records.h"
#include "scenarios/scenario.h"

namespace surgeproof::truth {

/// What can be done to the service. Each name is the code that the forensics should find.
enum class Injected : std::uint8_t {
  termination_race,   ///< a pod exits at once when it is deleted, and the proxy notices up to 1.5 s later
  keep_alive_reset,   ///< it serves on during preStop, then closes its connections without a word
  killed_in_flight,   ///< long requests are cut off when the grace period ends
  load_balancer_lag,  ///< a node loses its only pod, and the balancer sends there until its health checks fail
  node_trouble,       ///< the cluster autoscaler removes a node with all its pods
  premature_ready,    ///< a new pod is ready seconds before its server listens
  container_crashed,  ///< out of memory, restarted
  saturation,         ///< more load than the pods can do, at the HPA's maximum
  no_endpoints,       ///< every pod becomes unready for a while
  idle_timeout_race,  ///< the server closes idle connections just when they are used
  generator,          ///< the generator runs out of local ports: never the service's
  unknown,            ///< failures that nothing explains: TLS, nonsense instead of HTTP
};
inline constexpr std::size_t kInjected = 12;
std::string_view name_of(Injected cause);

struct Told {
  Scenario scenario;
  std::vector<Record> records;
  RunTime end{};
  std::map<std::string, Injected> truth;  ///< of each failed request, by its trace id
};

/// One run of 100 s. With `pods_known` each answer and failure names its pod, where a pod was reached.
Told tell_run(const std::vector<Injected>& causes, std::uint64_t seed, bool pods_known);

}  // namespace surgeproof::truth
