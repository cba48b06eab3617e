#include "k8s/demo/api/api_error.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace surgeproof::demo {
namespace json = boost::json;
namespace errors {

ApiError bad_request(std::string message) { return {400, "BadRequest", std::move(message)}; }

ApiError not_found(const ResourceType& type, std::string_view name) {
  return {404,
          "NotFound",
          fmt::format("{} \"{}\" not found", type.qualified(), name),
          std::string{type.group},
          std::string{type.plural},
          std::string{name}};
}

ApiError no_such_path() { return {404, "NotFound", "the server could not find the requested resource"}; }

ApiError method_not_allowed(std::string_view method) {
  return {405, "MethodNotAllowed",
          fmt::format("the server does not allow this method on the requested resource ({})", method)};
}

ApiError unsupported_media_type(std::string message) { return {415, "UnsupportedMediaType", std::move(message)}; }

ApiError not_acceptable() {
  return {406, "NotAcceptable",
          "only the following media types are accepted: application/json, application/json;stream=watch"};
}

ApiError too_large() { return {413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"}; }

ApiError unavailable() { return {503, "ServiceUnavailable", "the server is currently unable to handle the request"}; }

ApiError expired(std::string message) { return {410, "Expired", std::move(message)}; }

ApiError invalid(const ResourceType& type, std::string_view name, std::vector<FieldError> causes) {
  std::vector<std::string> parts;
  for (const FieldError& cause : causes) parts.push_back(cause.field + ": " + cause.message);
  std::string all = parts.size() == 1 ? parts.front() : fmt::format("[{}]", fmt::join(parts, ", "));
  const std::string kind = type.group.empty() ? std::string{type.kind} : fmt::format("{}.{}", type.kind, type.group);
  ApiError error{422, "Invalid", fmt::format("{} \"{}\" is invalid: {}", kind, name, all)};
  error.group = type.group;
  error.kind = type.kind;
  error.name = name;
  error.causes = std::move(causes);
  return error;
}

ApiError from_store(const StoreError& e, const ResourceType& type, std::string_view name) {
  ApiError error{500, "InternalError", e.message, std::string{type.group}, std::string{type.plural}, std::string{name}};
  switch (e.code) {
    case StoreError::Code::not_found:
      error.code = 404;
      error.reason = "NotFound";
      break;
    case StoreError::Code::already_exists:
      error.code = 409;
      error.reason = "AlreadyExists";
      break;
    case StoreError::Code::conflict:
      error.code = 409;
      error.reason = "Conflict";
      break;
    case StoreError::Code::invalid:
      error.code = 422;
      error.reason = "Invalid";
      break;
    case StoreError::Code::expired:
      return expired(e.message);
  }
  return error;
}

}  // namespace errors

json::object to_status_object(const ApiError& error) {
  json::object status{{"kind", "Status"},          {"apiVersion", "v1"},       {"metadata", json::object{}},
                      {"status", "Failure"},       {"message", error.message}, {"reason", error.reason},
                      {"details", json::object{}}, {"code", error.code}};
  json::object& details = status["details"].get_object();
  if (!error.name.empty()) details["name"] = error.name;
  if (!error.group.empty()) details["group"] = error.group;
  if (!error.kind.empty()) details["kind"] = error.kind;
  if (!error.causes.empty()) {
    json::array& causes = details["causes"].emplace_array();
    for (const FieldError& cause : error.causes) {
      causes.push_back(json::object{{"reason", cause.reason}, {"message", cause.message}, {"field", cause.field}});
    }
  }
  if (error.code == 503) details["retryAfterSeconds"] = 1;
  return status;
}

ApiResponse to_response(const ApiError& error) {
  ApiResponse response{error.code, "application/json", json::serialize(to_status_object(error))};
  if (error.code == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace surgeproof::demo
