// Whether the most pods that are wanted are allowed, and fit.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"

namespace surgeproof::rules {
namespace {

using Level = Check::Level;

/// What one pod takes of a quota's resource, in thousandths of its unit; empty when the quota does not bind pods.
std::optional<std::int64_t> use_of(const PodTemplate& pod, const std::string& resource) {
  const auto requests = pod.requests();
  const auto limits = pod.limits();
  if (resource == "pods" || resource == "count/pods") return 1000;
  if (resource == "cpu" || resource == "requests.cpu") return requests.cpu_milli;
  if (resource == "memory" || resource == "requests.memory") return requests.memory_bytes * 1000;
  if (resource == "limits.cpu") return limits.cpu_milli;
  if (resource == "limits.memory") return limits.memory_bytes * 1000;
  return std::nullopt;
}

std::string amount(const std::string& resource, std::int64_t milli) {
  if (resource.ends_with("cpu")) return cpu_text(milli);
  return resource.ends_with("memory") ? memory_text(milli / 1000) : fmt::format("{}", milli / 1000);
}

bool tolerates(const PodTemplate& pod, const NodeRoom& node) {
  return std::ranges::all_of(node.hard_taints, [&](const std::string& taint) {
    return std::ranges::any_of(pod.tolerated_taints, [&](const auto& key) { return key == "*" || key == taint; });
  });
}

bool usable(const PodTemplate& pod, const NodeRoom& node) {
  const bool chosen = std::ranges::all_of(pod.node_selector, [&](const auto& label) {
    const auto found = node.labels.find(label.first);
    return found != node.labels.end() && found->second == label.second;
  });
  return node.ready && !node.cordoned && chosen && tolerates(pod, node);
}

std::int64_t times(std::int64_t room, std::int64_t each) {
  if (each <= 0) return std::numeric_limits<int>::max();
  return std::max<std::int64_t>(0, room / each);
}

/// How many more pods of the template the node takes.
std::int64_t more_on(const Bench& b, const NodeRoom& node) {
  const auto& pod = *b.w.pod_template;
  const auto each = pod.requests();
  const auto taken = node.taken.value_or(ResourceSum{});
  std::int64_t more = times(node.allocatable.cpu_milli - taken.cpu_milli, each.cpu_milli);
  more = std::min(more, times(node.allocatable.memory_bytes - taken.memory_bytes, each.memory_bytes));
  more = std::min<std::int64_t>(more, std::max(0, node.allocatable_pods - node.taken_pods));
  if (!pod.one_per_node) return more;
  const bool has_one = std::ranges::any_of(b.w.pods, [&](const PodSample& p) { return p.node == node.name; });
  return std::min<std::int64_t>(more, has_one ? 0 : 1);
}

}  // namespace

void check_quota(Bench& b) {
  if (!b.w.pod_template) return;
  if (const auto* part = b.w.unseen_part("resourcequotas")) {
    return b.unseen("quota", *part, "resource quotas", "whether one stops the scale-up is not known");
  }
  bool bound = false;
  const int more_wanted = b.wanted_replicas() - b.pods_now();
  for (const auto& line : b.w.quotas) {
    const auto each = use_of(*b.w.pod_template, line.resource);
    if (!each) continue;
    bound = true;
    if (*each == 0) {
      b.add(Level::failure, "quota",
            fmt::format("quota {} bounds {}, which the pods do not state: new ones are refused", line.quota,
                        line.resource),
            "set requests and limits on every container");
      continue;
    }
    const auto more = times(line.hard_milli - line.used_milli, *each);
    if (more >= b.spec.max_replicas - b.pods_now()) continue;
    b.add(more < more_wanted ? Level::failure : Level::warning, "quota",
          fmt::format("quota {} leaves {} of {} {}: enough for {} more, {} needed", line.quota,
                      amount(line.resource, std::max<std::int64_t>(0, line.hard_milli - line.used_milli)),
                      amount(line.resource, line.hard_milli), line.resource,
                      plural(static_cast<std::uint64_t>(more), "pod"),
                      more < more_wanted ? more_wanted : b.spec.max_replicas - b.pods_now()),
          "raise the quota, or lower the pods' requests");
  }
  const bool said = std::ranges::any_of(b.checks, [](const Check& c) { return c.id == "quota"; });
  if (!said) b.ok("quota", bound ? "the quota allows the most replicas" : "no quota bounds the pods");
}

void check_limit_ranges(Bench& b) {
  if (!b.w.pod_template) return;
  if (const auto* part = b.w.unseen_part("limitranges")) {
    return b.unseen("limit_range", *part, "limit ranges", "whether one refuses new pods is not known");
  }
  for (const auto& line : b.w.limits) {
    if (line.type != "Container") continue;
    for (const auto& c : b.w.pod_template->containers) {
      const bool cpu = line.resource == "cpu";
      const auto scaled = [&](std::optional<std::int64_t> v) { return v && !cpu ? std::optional{*v * 1000} : v; };
      const auto request = scaled(cpu ? c.cpu_request_milli : c.memory_request_bytes);
      const auto limit = scaled(cpu ? c.cpu_limit_milli : c.memory_limit_bytes);
      const auto highest = std::max(request.value_or(0), limit.value_or(0));
      if (line.max_milli && highest > *line.max_milli) {
        b.add(
            Level::failure, "limit_range",
            fmt::format("LimitRange {} allows a container {} {}, {} has {}: new pods are refused", line.range,
                        amount(line.resource, *line.max_milli), line.resource, c.name, amount(line.resource, highest)),
            "lower the container's resources, or raise the LimitRange");
      }
      if (line.min_milli && request && *request < *line.min_milli) {
        b.add(Level::failure, "limit_range",
              fmt::format("LimitRange {} wants at least {} {} for a container, {} requests {}: new pods are refused",
                          line.range, amount(line.resource, *line.min_milli), line.resource, c.name,
                          amount(line.resource, *request)),
              "raise the container's request, or lower the LimitRange");
      }
    }
  }
}

void check_nodes(Bench& b) {
  if (!b.w.pod_template) return;
  if (const auto* part = b.w.unseen_part("nodes")) {
    return b.unseen("nodes", *part, "nodes", "whether there is room for the most replicas is not known");
  }
  if (b.w.nodes.empty()) return;
  std::int64_t more = 0;
  int count = 0;
  for (const auto& node : b.w.nodes) {
    if (!usable(*b.w.pod_template, node)) continue;
    ++count;
    more += more_on(b, node);
  }
  const auto* blind = b.w.unseen_part("pods of all namespaces");
  const auto each = b.w.pod_template->requests();
  const std::string pod_words =
      fmt::format("{} CPU, {} memory each", cpu_text(each.cpu_milli), memory_text(each.memory_bytes));
  // Without the other pods only what a node has at all can be compared, this workload's own pods included.
  const int base = blind != nullptr ? 0 : b.pods_now();
  const std::string place = fmt::format("{}{}", plural(static_cast<std::uint64_t>(count), "usable node"),
                                        blind != nullptr ? " (what others take there could not be seen)" : "");
  if (base + more < b.spec.max_replicas) {
    const std::string why = b.w.pod_template->one_per_node ? "one pod a node (anti-affinity or host port)" : pod_words;
    b.add(Level::warning, "nodes",
          fmt::format("room for {} of {} replicas on {}: {}", base + more, b.spec.max_replicas, place, why),
          "add nodes, or be sure that a cluster autoscaler does so in time; or lower the requests");
  } else {
    b.ok("nodes", fmt::format("room for {} replicas on {} ({})", b.spec.max_replicas, place, pod_words));
  }
  if (b.w.pod_template->picks_nodes && b.w.pod_template->node_selector.empty()) {
    b.add(Level::note, "node_affinity", "a required node affinity narrows the nodes further; it was not worked out",
          "");
  }
  if (!b.w.pod_template->hard_spread.empty()) {
    b.add(Level::note, "spread",
          fmt::format("topologySpreadConstraints over {} may keep a pod Pending although there is room",
                      listed(b.w.pod_template->hard_spread)),
          "whenUnsatisfiable: ScheduleAnyway, if evenness is not worth a Pending pod");
  }
}

}  // namespace surgeproof::rules
