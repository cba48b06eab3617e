#include "k8s/hpa/pods.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/hpa/go_arithmetic.h"

namespace surgeproof::hpa {
namespace {

/// Whether cpu usage of a pod with a sample is left out because the pod is starting.
///
///   start            + initial readiness delay           + initialization period
///     |------------------------|-------------------------------------|----------------------------->  now
///     '- unready, or the sample's window began before readiness -----'- unready and never was ready:
///                                                                       not since before start + delay
bool cpu_unready(const Pod& pod, const PodSampleMilli& sample, const Settings& settings, WallTime now) {
  if (!pod.ready || !pod.start_time) return true;
  const WallTime ready_since = pod.ready_since.value_or(kUnsetTime);
  const bool not_ready = *pod.ready == "False";
  if (*pod.start_time + settings.cpu_initialization_period > now) {
    return not_ready || sample.timestamp < ready_since + sample.window;
  }
  return not_ready && *pod.start_time + settings.initial_readiness_delay > ready_since;
}

void add(ResourceList& sum, const ResourceList& more) {
  for (const auto& [resource, amount] : more) sum[resource] = wrapping_add(sum[resource], amount);
}

void raise_to(ResourceList& list, const ResourceList& other) {
  for (const auto& [resource, amount] : other) {
    const auto [at, added] = list.try_emplace(resource, amount);
    if (!added) at->second = std::max(at->second, amount);
  }
}

/// AggregateContainerRequests (k8s.io/component-helpers/resource/helpers.go): containers and sidecars together, or
/// the largest init container with the sidecars started before it, whichever is more.
ResourceList aggregate_requests(const Pod& pod) {
  ResourceList sum;
  for (const auto& container : pod.containers) add(sum, container.requests);
  ResourceList sidecars;
  ResourceList init;
  for (const auto& container : pod.init_containers) {
    if (container.sidecar) {
      add(sum, container.requests);
      add(sidecars, container.requests);
      raise_to(init, sidecars);
    } else {
      ResourceList with_sidecars = container.requests;
      add(with_sidecars, sidecars);
      raise_to(init, with_sidecars);
    }
  }
  raise_to(sum, init);
  return sum;
}

/// resourcehelpers.IsSupportedPodLevelResource
bool is_pod_level_resource(std::string_view resource) {
  return resource == "cpu" || resource == "memory" || resource.starts_with("hugepages-");
}

/// resourcehelpers.IsPodLevelRequestsSet
bool has_pod_level_requests(const Pod& pod) {
  return pod.pod_requests &&
         std::ranges::any_of(*pod.pod_requests, [](const auto& r) { return is_pod_level_resource(r.first); });
}

/// calculatePodLevelRequests, by resourcehelpers.PodRequests
std::expected<std::int64_t, std::string> pod_level_request(const Pod& pod, std::string_view resource) {
  ResourceList requests = aggregate_requests(pod);
  for (const auto& [name, amount] : *pod.pod_requests) {
    if (is_pod_level_resource(name)) requests[name] = amount;
  }
  if (pod.overhead) add(requests, *pod.overhead);
  const auto found = requests.find(resource);
  if (found == requests.end()) {
    return std::unexpected(fmt::format("missing pod-level request for {} in Pod {}", resource, pod.name));
  }
  return found->second;
}

/// calculatePodRequestsFromContainers: until 1.34 a container that the pod does not have requests nothing.
std::expected<std::int64_t, std::string> container_requests(const Pod& pod, std::string_view container,
                                                            std::string_view resource, bool required) {
  std::int64_t sum = 0;
  bool found_container = false;
  std::string error;
  const auto take = [&](const Container& c) {
    if (!container.empty() && container != c.name) return true;
    found_container = true;
    const auto found = c.requests.find(resource);
    if (found == c.requests.end()) {
      error = fmt::format("missing request for {} in container {} of Pod {}", resource, c.name, pod.name);
      return false;
    }
    sum = wrapping_add(sum, found->second);
    return true;
  };
  for (const auto& c : pod.containers) {
    if (!take(c)) return std::unexpected(error);
  }
  for (const auto& c : pod.init_containers) {
    if (c.sidecar && !take(c)) return std::unexpected(error);
  }
  if (required && !container.empty() && !found_container) {
    return std::unexpected(fmt::format("container {} not found in Pod {}", container, pod.name));
  }
  return sum;
}

}  // namespace

std::vector<const Pod*> target_pods(const World& world, const Selector& selector) {
  std::vector<const Pod*> pods;
  for (const auto& pod : world.pods) {
    if (pod.ns == world.hpa.ns && selector.matches(pod.labels)) pods.push_back(&pod);
  }
  return pods;
}

PodGroups group_pods(const std::vector<const Pod*>& pods, const PodSamples& samples, std::string_view resource,
                     const Settings& settings, WallTime now) {
  PodGroups groups;
  for (const Pod* pod : pods) {
    const auto sample = samples.find(pod->name);
    if (pod->terminating || pod->phase == PodPhase::failed) {
      groups.ignored.push_back(pod->name);
    } else if (pod->phase == PodPhase::pending) {
      groups.unready.push_back(pod->name);
    } else if (sample == samples.end()) {
      groups.missing.push_back(pod->name);
    } else if (resource == "cpu" && cpu_unready(*pod, sample->second, settings, now)) {
      groups.unready.push_back(pod->name);
    } else {
      groups.counted.push_back(pod->name);
    }
  }
  return groups;
}

std::expected<PodRequestsMilli, std::string> pod_requests(const std::vector<const Pod*>& pods,
                                                          std::string_view container, std::string_view resource,
                                                          const Settings& settings) {
  PodRequestsMilli requests;
  for (const Pod* pod : pods) {
    const bool pod_level = settings.pod_level_resources && container.empty() && has_pod_level_requests(*pod);
    const auto request = pod_level ? pod_level_request(*pod, resource)
                                   : container_requests(*pod, container, resource, settings.container_required);
    if (!request) return std::unexpected(request.error());
    requests[pod->name] = *request;
  }
  return requests;
}

std::int64_t count_ready(const std::vector<const Pod*>& pods) {
  return std::ranges::count_if(pods, [](const Pod* p) { return p->phase == PodPhase::running && p->is_ready(); });
}

}  // namespace surgeproof::hpa
