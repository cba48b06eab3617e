// Rows of services, endpoint slices, nodes and events.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/ascii.h"
#include "k8s/demo/api/age.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/table.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string or_else(std::string_view text, std::string_view otherwise) {
  return std::string{text.empty() ? otherwise : text};
}

std::string joined(const std::vector<std::string>& parts, std::string_view otherwise) {
  return parts.empty() ? std::string{otherwise} : fmt::format("{}", fmt::join(parts, ","));
}

/// At most three, then how many more there are.
std::string shortened(std::vector<std::string> parts, std::string_view otherwise) {
  constexpr std::size_t kShown = 3;
  if (parts.size() <= kShown) return joined(parts, otherwise);
  const std::size_t more = parts.size() - kShown;
  parts.resize(kShown);
  return fmt::format("{} + {} more...", fmt::join(parts, ","), more);
}

const json::object* condition(const json::object& o, std::string_view type) {
  for (const json::value& v : array_at(o, "status.conditions")) {
    if (v.is_object() && text_at(v.get_object(), "type") == type) return &v.get_object();
  }
  return nullptr;
}

std::string address(const json::object& node, std::string_view type) {
  for (const json::value& v : array_at(node, "status.addresses")) {
    if (v.is_object() && text_at(v.get_object(), "type") == type)
      return std::string{text_at(v.get_object(), "address")};
  }
  return "<none>";
}

std::string roles(const json::object& node) {
  constexpr std::string_view kPrefix = "node-role.kubernetes.io/";
  std::vector<std::string> found;
  for (const auto& [key, value] : object_at(node, "metadata.labels")) {
    if (key.starts_with(kPrefix)) found.emplace_back(key.substr(kPrefix.size()));
  }
  std::ranges::sort(found);
  return joined(found, "<none>");
}

/// The later of what the three generations of event fields say.
std::string_view last_seen(const json::object& event) {
  for (const std::string_view path : {"series.lastObservedTime", "lastTimestamp", "eventTime"}) {
    if (const auto stamp = text_at(event, path); !stamp.empty()) return stamp;
  }
  return text_at(event, "metadata.creationTimestamp");
}

std::string_view first_seen(const json::object& event) {
  for (const std::string_view path : {"firstTimestamp", "eventTime"}) {
    if (const auto stamp = text_at(event, path); !stamp.empty()) return stamp;
  }
  return text_at(event, "metadata.creationTimestamp");
}

}  // namespace

json::array service_cells(const json::object& service, WallTime now) {
  std::vector<std::string> ports;
  for (const json::value& v : array_at(service, "spec.ports")) {
    if (!v.is_object()) continue;
    const json::object& port = v.get_object();
    const auto node_port = int_at(port, "nodePort").value_or(0);
    ports.push_back(fmt::format("{}{}/{}", int_at(port, "port").value_or(0),
                                node_port > 0 ? fmt::format(":{}", node_port) : "",
                                or_else(text_at(port, "protocol"), "TCP")));
  }
  std::vector<std::string> external;
  for (const json::value& v : array_at(service, "status.loadBalancer.ingress")) {
    if (v.is_object()) external.push_back(or_else(text_at(v.get_object(), "ip"), text_at(v.get_object(), "hostname")));
  }
  for (const json::value& v : array_at(service, "spec.externalIPs")) {
    if (v.is_string()) external.emplace_back(v.get_string());
  }
  const bool balancer = text_at(service, "spec.type") == "LoadBalancer";
  const std::string selector = LabelSelector::from_map(object_at(service, "spec.selector")).text();
  return {text_at(service, "metadata.name"),
          or_else(text_at(service, "spec.type"), "ClusterIP"),
          or_else(text_at(service, "spec.clusterIP"), "<none>"),
          joined(external, balancer ? "<pending>" : "<none>"),
          joined(ports, "<none>"),
          age_of_object(service, now),
          or_else(selector, "<none>")};
}

json::array endpoint_slice_cells(const json::object& slice, WallTime now) {
  std::vector<std::string> ports;
  for (const json::value& v : array_at(slice, "ports")) {
    if (!v.is_object()) continue;
    const auto number = int_at(v.get_object(), "port");
    ports.push_back(number ? std::to_string(*number) : "*");
  }
  std::vector<std::string> endpoints;
  for (const json::value& v : array_at(slice, "endpoints")) {
    if (!v.is_object()) continue;
    for (const json::value& a : array_at(v.get_object(), "addresses")) {
      if (a.is_string()) endpoints.emplace_back(a.get_string());
    }
  }
  return {text_at(slice, "metadata.name"), text_at(slice, "addressType"), shortened(std::move(ports), "<unset>"),
          shortened(std::move(endpoints), "<unset>"), age_of_object(slice, now)};
}

json::array node_cells(const json::object& node, WallTime now) {
  const json::object* ready = condition(node, "Ready");
  std::string status = ready == nullptr ? "Unknown" : text_at(*ready, "status") == "True" ? "Ready" : "NotReady";
  if (bool_at(node, "spec.unschedulable")) status += ",SchedulingDisabled";
  const json::object& info = object_at(node, "status.nodeInfo");
  return {text_at(node, "metadata.name"),
          status,
          roles(node),
          age_of_object(node, now),
          text_at(info, "kubeletVersion"),
          address(node, "InternalIP"),
          address(node, "ExternalIP"),
          or_else(text_at(info, "osImage"), "<unknown>"),
          or_else(text_at(info, "kernelVersion"), "<unknown>"),
          or_else(text_at(info, "containerRuntimeVersion"), "<unknown>")};
}

json::array event_cells(const json::object& event, WallTime now) {
  const json::object& about = object_at(event, "involvedObject");
  const std::string kind = ascii::lower(text_at(about, "kind"));
  const auto component = or_else(text_at(event, "source.component"), text_at(event, "reportingComponent"));
  const auto host = or_else(text_at(event, "source.host"), text_at(event, "reportingInstance"));
  const auto series = int_at(event, "series.count");
  const auto times = series ? *series : int_at(event, "count").value_or(1);
  return {age_of(last_seen(event), now), text_at(event, "type"),
          text_at(event, "reason"),      kind + "/" + std::string{text_at(about, "name")},
          text_at(about, "fieldPath"),   host.empty() ? component : component + ", " + host,
          text_at(event, "message"),     age_of(first_seen(event), now),
          std::to_string(times),         text_at(event, "metadata.name")};
}

}  // namespace surgeproof::demo
