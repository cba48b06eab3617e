#include "k8s/demo/api/views.h"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;

std::string View::api_version() const {
  return group.empty() ? std::string{version} : std::string{group} + "/" + std::string{version};
}

json::object View::shown(const json::object& stored) const { return to_view != nullptr ? to_view(stored) : stored; }
json::object View::stored(const json::object& shown) const { return from_view != nullptr ? from_view(shown) : shown; }

std::span<const View> all_views() {
  static constexpr std::array<View, 22> kViews{{
      {"", "v1", &types::kConfigMaps},
      {"", "v1", &types::kEvents},
      {"", "v1", &types::kLimitRanges},
      {"", "v1", &types::kNamespaces},
      {"", "v1", &types::kNodes},
      {"", "v1", &types::kPods},
      {"", "v1", &types::kResourceQuotas},
      {"", "v1", &types::kServiceAccounts},
      {"", "v1", &types::kServices},
      {"apps", "v1", &types::kDeployments},
      {"apps", "v1", &types::kReplicaSets},
      {"autoscaling", "v2", &types::kHpas},
      {"autoscaling", "v1", &types::kHpas, hpa_to_v1, hpa_from_v1},
      {"discovery.k8s.io", "v1", &types::kEndpointSlices},
      {"events.k8s.io", "v1", &types::kEvents, event_to_events_v1, event_from_events_v1},
      {"policy", "v1", &types::kDisruptionBudgets},
      {"rbac.authorization.k8s.io", "v1", &types::kRoles},
      {"rbac.authorization.k8s.io", "v1", &types::kRoleBindings},
      {"rbac.authorization.k8s.io", "v1", &types::kClusterRoles},
      {"rbac.authorization.k8s.io", "v1", &types::kClusterRoleBindings},
      {"metrics.k8s.io", "v1beta1", &types::kPodMetrics},
      {"metrics.k8s.io", "v1beta1", &types::kNodeMetrics},
  }};
  return kViews;
}

const View* find_view(std::string_view group, std::string_view version, std::string_view plural) {
  for (const View& view : all_views()) {
    if (view.group == group && view.version == version && view.type->plural == plural) return &view;
  }
  return nullptr;
}

namespace {

/// Names that differ between the two forms: core, events.k8s.io.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEventFields{
    {{"involvedObject", "regarding"},
     {"message", "note"},
     {"source", "deprecatedSource"},
     {"firstTimestamp", "deprecatedFirstTimestamp"},
     {"lastTimestamp", "deprecatedLastTimestamp"},
     {"count", "deprecatedCount"}}};

json::object rename_fields(const json::object& event, bool to_new) {
  json::object renamed;
  for (const auto& [key, value] : event) {
    std::string_view name = key;
    for (const auto& [core, modern] : kEventFields) {
      if (name == (to_new ? core : modern)) {
        name = to_new ? modern : core;
        break;
      }
    }
    renamed[name] = value;
  }
  return renamed;
}

void rename(json::object& event, std::string_view from, std::string_view to) {
  const json::value* found = event.if_contains(from);
  if (found == nullptr) return;
  json::value moved = *found;
  event.erase(from);
  event[to] = std::move(moved);
}

}  // namespace

json::object event_to_events_v1(const json::object& core) {
  json::object event = rename_fields(core, true);
  event["apiVersion"] = "events.k8s.io/v1";
  event["kind"] = "Event";
  rename(event, "reportingComponent", "reportingController");
  if (!event.contains("eventTime")) event["eventTime"] = nullptr;
  return event;
}

json::object event_from_events_v1(const json::object& modern) {
  json::object event = rename_fields(modern, false);
  event["apiVersion"] = "v1";
  event["kind"] = "Event";
  rename(event, "reportingController", "reportingComponent");
  return event;
}

}  // namespace surgeproof::demo
