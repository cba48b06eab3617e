// What happens to an object between the wire and the store: defaults are filled in, then it is validated.
#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "k8s/demo/api/api_error.h"

namespace surgeproof::demo {

/// Drops nulls, and fills in what Kubernetes would (k8s.io/kubernetes/pkg/apis/*/defaults.go), for HPAs, Deployments,
/// pods, services.
void set_defaults(const ResourceType& type, boost::json::object& object);

/// What is wrong with the object; `old` is the stored one, null at creation. Empty: nothing that the demo looks at.
std::vector<FieldError> validate(const ResourceType& type, const boost::json::object& object,
                                 const boost::json::object* old);
std::vector<FieldError> validate_hpa(const boost::json::object& hpa);
std::vector<FieldError> validate_deployment(const boost::json::object& deployment, const boost::json::object* old);

}  // namespace surgeproof::demo
