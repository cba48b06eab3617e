#include "k8s/demo/api/table.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/quantity.h"
#include "k8s/demo/api/age.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

/// Names and images of a template's containers.
std::pair<std::string, std::string> containers_and_images(const json::object& o) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> images;
  for (const json::value& v : array_at(o, "spec.template.spec.containers")) {
    if (!v.is_object()) continue;
    names.push_back(text_at(v.get_object(), "name"));
    images.push_back(text_at(v.get_object(), "image"));
  }
  return {fmt::format("{}", fmt::join(names, ",")), fmt::format("{}", fmt::join(images, ","))};
}

std::int64_t count(const json::object& o, std::string_view path) { return int_at(o, path).value_or(0); }

json::array deployment_cells(const json::object& o, WallTime now) {
  const auto [names, images] = containers_and_images(o);
  return {text_at(o, "metadata.name"),
          fmt::format("{}/{}", count(o, "status.readyReplicas"), count(o, "spec.replicas")),
          count(o, "status.updatedReplicas"),
          count(o, "status.availableReplicas"),
          age_of_object(o, now),
          names,
          images,
          LabelSelector::from_object(object_at(o, "spec.selector")).text()};
}

json::array replica_set_cells(const json::object& o, WallTime now) {
  const auto [names, images] = containers_and_images(o);
  return {text_at(o, "metadata.name"),
          count(o, "spec.replicas"),
          count(o, "status.replicas"),
          count(o, "status.readyReplicas"),
          age_of_object(o, now),
          names,
          images,
          LabelSelector::from_object(object_at(o, "spec.selector")).text()};
}

json::array metrics_cells(const json::object& o) {
  json::object usage = object_at(o, "usage");
  if (const json::array& containers = array_at(o, "containers"); !containers.empty()) {
    std::int64_t cpu = 0;
    std::int64_t memory = 0;
    for (const json::value& v : containers) {
      if (!v.is_object()) continue;
      cpu += parse_quantity_nano(text_at(v.get_object(), "usage.cpu")).value_or(0);
      memory += parse_quantity(text_at(v.get_object(), "usage.memory")).value_or(0);
    }
    usage["cpu"] = fmt::format("{}n", cpu);
    usage["memory"] = fmt::format("{}Ki", memory / 1024);
  }
  return {text_at(o, "metadata.name"), text_at(usage, "cpu"), text_at(usage, "memory"), text_at(o, "window")};
}

constexpr Column kName{"Name"};
constexpr Column kAge{"Age"};

}  // namespace

std::string age_of_object(const json::object& object, WallTime now) {
  return age_of(text_at(object, "metadata.creationTimestamp"), now);
}

std::vector<Column> columns_of(const ResourceType& type) {
  if (&type == &types::kPods) {
    return {kName,
            {"Ready"},
            {"Status"},
            {"Restarts"},
            kAge,
            {"IP", "string", true},
            {"Node", "string", true},
            {"Nominated Node", "string", true},
            {"Readiness Gates", "string", true}};
  }
  if (&type == &types::kDeployments) {
    return {kName,
            {"Ready"},
            {"Up-to-date", "integer"},
            {"Available", "integer"},
            kAge,
            {"Containers", "string", true},
            {"Images", "string", true},
            {"Selector", "string", true}};
  }
  if (&type == &types::kReplicaSets) {
    return {kName, {"Desired", "integer"},         {"Current", "integer"},     {"Ready", "integer"},
            kAge,  {"Containers", "string", true}, {"Images", "string", true}, {"Selector", "string", true}};
  }
  if (&type == &types::kHpas) {
    return {kName, {"Reference"}, {"Targets"}, {"MinPods"}, {"MaxPods"}, {"Replicas", "integer"}, kAge};
  }
  if (&type == &types::kEvents) {
    return {{"Last Seen"},
            {"Type"},
            {"Reason"},
            {"Object"},
            {"Subobject", "string", true},
            {"Source", "string", true},
            {"Message"},
            {"First Seen", "string", true},
            {"Count", "string", true},
            {"Name", "string", true}};
  }
  if (&type == &types::kServices) {
    return {kName, {"Type"}, {"Cluster-IP"}, {"External-IP"}, {"Port(s)"}, kAge, {"Selector", "string", true}};
  }
  if (&type == &types::kNodes) {
    return {kName,
            {"Status"},
            {"Roles"},
            kAge,
            {"Version"},
            {"Internal-IP", "string", true},
            {"External-IP", "string", true},
            {"OS-Image", "string", true},
            {"Kernel-Version", "string", true},
            {"Container-Runtime", "string", true}};
  }
  if (&type == &types::kEndpointSlices) return {kName, {"AddressType"}, {"Ports"}, {"Endpoints"}, kAge};
  if (&type == &types::kNamespaces) return {kName, {"Status"}, kAge};
  if (&type == &types::kConfigMaps) return {kName, {"Data"}, kAge};
  if (!type.has_history) return {kName, {"CPU"}, {"Memory"}, {"Window"}};
  return {kName, kAge};
}

json::array cells_of(const ResourceType& type, const json::object& o, WallTime now) {
  if (&type == &types::kPods) return pod_cells(o, now);
  if (&type == &types::kDeployments) return deployment_cells(o, now);
  if (&type == &types::kReplicaSets) return replica_set_cells(o, now);
  if (&type == &types::kHpas) return hpa_cells(o, now);
  if (&type == &types::kEvents) return event_cells(o, now);
  if (&type == &types::kServices) return service_cells(o, now);
  if (&type == &types::kNodes) return node_cells(o, now);
  if (&type == &types::kEndpointSlices) return endpoint_slice_cells(o, now);
  if (&type == &types::kNamespaces)
    return {text_at(o, "metadata.name"), text_at(o, "status.phase"), age_of_object(o, now)};
  if (&type == &types::kConfigMaps)
    return {text_at(o, "metadata.name"), object_at(o, "data").size(), age_of_object(o, now)};
  if (!type.has_history) return metrics_cells(o);
  return {text_at(o, "metadata.name"), age_of_object(o, now)};
}

json::object make_partial_metadata(const json::object& shown) {
  json::object partial{{"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}};
  partial["metadata"] = object_at(shown, "metadata");
  return partial;
}

json::object make_table(const View& view, const std::vector<ObjectPtr>& stored, WallTime now, RowObject include,
                        bool columns) {
  json::object table{{"kind", "Table"}, {"apiVersion", "meta.k8s.io/v1"}, {"metadata", json::object{}}};
  json::array& definitions = table["columnDefinitions"].emplace_array();
  if (columns) {
    for (const Column& column : columns_of(*view.type)) {
      definitions.push_back(json::object{{"name", column.name},
                                         {"type", column.type},
                                         {"format", column.name == "Name" ? "name" : ""},
                                         {"description", column.name},
                                         {"priority", column.wide ? 1 : 0}});
    }
  }
  json::array& rows = table["rows"].emplace_array();
  for (const ObjectPtr& object : stored) {
    json::object row{{"cells", cells_of(*view.type, *object, now)}};
    if (include == RowObject::object) row["object"] = view.shown(*object);
    if (include == RowObject::metadata) row["object"] = make_partial_metadata(*object);
    rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace surgeproof::demo
