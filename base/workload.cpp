#include "base/workload.h"

#include <algorithm>

namespace surgeproof {

namespace {

/// A limit is counted once a container has one; a request falls back to the limit, as the API server writes it.
template <class Cpu, class Memory>
ResourceSum sum_of(const std::vector<ContainerSpec>& containers, Cpu cpu, Memory memory) {
  ResourceSum running;
  ResourceSum initial;
  for (const auto& c : containers) {
    const ResourceSum one{cpu(c), memory(c)};
    if (c.role == ContainerSpec::Role::init) {
      initial = {std::max(initial.cpu_milli, one.cpu_milli), std::max(initial.memory_bytes, one.memory_bytes)};
    } else {
      running = {running.cpu_milli + one.cpu_milli, running.memory_bytes + one.memory_bytes};
    }
  }
  return {std::max(running.cpu_milli, initial.cpu_milli), std::max(running.memory_bytes, initial.memory_bytes)};
}

}  // namespace

ResourceSum PodTemplate::requests() const {
  auto sum = sum_of(
      containers, [](const auto& c) { return c.cpu_request_milli.value_or(c.cpu_limit_milli.value_or(0)); },
      [](const auto& c) { return c.memory_request_bytes.value_or(c.memory_limit_bytes.value_or(0)); });
  sum.cpu_milli = pod_cpu_request_milli.value_or(sum.cpu_milli);
  sum.memory_bytes = pod_memory_request_bytes.value_or(sum.memory_bytes);
  return sum;
}

ResourceSum PodTemplate::limits() const {
  return sum_of(
      containers, [](const auto& c) { return c.cpu_limit_milli.value_or(0); },
      [](const auto& c) { return c.memory_limit_bytes.value_or(0); });
}

const UnseenPart* Workload::unseen_part(std::string_view resource) const {
  const auto found = std::ranges::find(unseen, resource, &UnseenPart::resource);
  return found == unseen.end() ? nullptr : &*found;
}

}  // namespace surgeproof
