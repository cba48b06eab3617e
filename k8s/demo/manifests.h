// The objects that the demo cluster begins with, as someone would have applied them. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "k8s/demo/api/resource_type.h"
#include "k8s/demo/demo_options.h"

namespace surgeproof::demo {

inline constexpr const char* kNodeName = "surgeproof-demo";

boost::json::object node_manifest();
boost::json::object namespace_manifest(const std::string& name);
/// `container_port`: the same for every pod, each on its own address.
boost::json::object deployment_manifest(const DemoOptions& options, std::uint16_t container_port);
boost::json::object service_manifest(const DemoOptions& options);
boost::json::object hpa_manifest(const DemoOptions& options);

}  // namespace surgeproof::demo
