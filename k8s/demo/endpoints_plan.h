// The EndpointSlice controller's decision. Pure. Follows pkg/controller/endpointslice and
// staging/src/k8s.io/endpointslice/utils.go (podToEndpoint): a terminating pod stays listed, never ready, and serving
// as long as its own Ready condition holds.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// The one slice of a Service, without the trigger-time annotation. `pods` are those that its selector matches.
boost::json::object plan_endpoint_slice(const boost::json::object& service, const std::vector<ObjectPtr>& pods);

}  // namespace surgeproof::demo
