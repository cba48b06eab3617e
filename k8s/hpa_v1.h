// An autoscaling/v1 HorizontalPodAutoscaler in the shape of v2. The v1 API keeps what it has no fields for in
// annotations, as JSON in the shape of v2beta1 (k8s.io/kubernetes/pkg/apis/autoscaling/v1/conversion.go). Pure.
#pragma once

#include <boost/json/fwd.hpp>

namespace surgeproof::k8s {

boost::json::object hpa_from_v1(const boost::json::object& v1);

}  // namespace surgeproof::k8s
