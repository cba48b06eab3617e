// Errors as Kubernetes words them: an HTTP status and a Status object.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/demo/api/api_message.h"
#include "k8s/demo/api/resource_type.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// One field of an invalid object.
struct FieldError {
  std::string field;    ///< "spec.maxReplicas"
  std::string reason;   ///< "FieldValueInvalid", "FieldValueRequired", …
  std::string message;  ///< `Invalid value: 1: must be greater than 0`
};

struct ApiError {
  int code = 500;
  std::string reason;  ///< "NotFound"; may be empty
  std::string message;
  std::string group = {};  ///< of the object that it is about, as are kind (a plural, mostly) and name
  std::string kind = {};
  std::string name = {};
  std::vector<FieldError> causes = {};
};

namespace errors {
ApiError bad_request(std::string message);
ApiError not_found(const ResourceType& type, std::string_view name);
/// An unknown path: "the server could not find the requested resource".
ApiError no_such_path();
ApiError method_not_allowed(std::string_view method);
ApiError unsupported_media_type(std::string message);
ApiError not_acceptable();
ApiError too_large();
ApiError unavailable();
ApiError expired(std::string message);
ApiError invalid(const ResourceType& type, std::string_view name, std::vector<FieldError> causes);
ApiError from_store(const StoreError& error, const ResourceType& type, std::string_view name);
}  // namespace errors

boost::json::object to_status_object(const ApiError& error);
ApiResponse to_response(const ApiError& error);

}  // namespace surgeproof::demo
