// API versions that are another face of a stored type: autoscaling/v1 and events.k8s.io/v1.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "k8s/demo/api/resource_type.h"

namespace surgeproof::demo {

/// What a group and version serve under one plural name.
struct View {
  using Convert = boost::json::object (*)(const boost::json::object&);
  std::string_view group;
  std::string_view version;
  const ResourceType* type = nullptr;
  Convert to_view = nullptr;    ///< from the stored form; null: the same, but for nothing
  Convert from_view = nullptr;  ///< to the stored form
  [[nodiscard]] std::string api_version() const;
  [[nodiscard]] boost::json::object shown(const boost::json::object& stored) const;
  [[nodiscard]] boost::json::object stored(const boost::json::object& shown) const;
};

/// All of them, in the order of discovery: preferred versions of a group first.
std::span<const View> all_views();
/// Null when there is none.
const View* find_view(std::string_view group, std::string_view version, std::string_view plural);

/// autoscaling/v2 to v1 and back: what v1 has no field for travels in annotations, as in Kubernetes.
/// Source: pkg/apis/autoscaling/v1/conversion.go.
boost::json::object hpa_to_v1(const boost::json::object& v2);
boost::json::object hpa_from_v1(const boost::json::object& v1);

/// Core events to events.k8s.io/v1 and back. Source: pkg/apis/events/v1/conversion.go.
boost::json::object event_to_events_v1(const boost::json::object& core);
boost::json::object event_from_events_v1(const boost::json::object& event);

}  // namespace surgeproof::demo
