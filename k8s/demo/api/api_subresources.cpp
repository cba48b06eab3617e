// status, scale, eviction, and the access reviews.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

/// Source: pkg/registry/apps/deployment/storage, scaleFromDeployment.
json::object make_scale(const json::object& object) {
  const json::object& metadata = object_at(object, "metadata");
  json::object own;
  for (const auto key : {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
    if (const json::value* v = metadata.if_contains(key)) own[key] = *v;
  }
  return {
      {"kind", "Scale"},
      {"apiVersion", "autoscaling/v1"},
      {"metadata", std::move(own)},
      {"spec", json::object{{"replicas", int_at(object, "spec.replicas").value_or(0)}}},
      {"status", json::object{{"replicas", int_at(object, "status.replicas").value_or(0)},
                              {"selector", LabelSelector::from_object(object_at(object, "spec.selector")).text()}}}};
}

ApiResponse ok(const json::object& o, int status = 200) { return {status, "application/json", json::serialize(o)}; }

ApiOutcome write_scale(const ApiCall& call, const ObjectPtr& old, const json::object& scale) {
  const json::value* replicas = find_at(scale, "spec.replicas");
  const auto wanted = replicas == nullptr ? std::optional<std::int64_t>{0} : int_at(scale, "spec.replicas");
  if (!wanted || *wanted < 0 || *wanted > INT32_MAX) {
    ApiError error{422, "Invalid",
                   fmt::format("Scale.autoscaling \"{}\" is invalid: spec.replicas: Invalid value: {}: must be greater "
                               "than or equal to 0",
                               call.path.name, json::serialize(*replicas))};
    return std::unexpected{std::move(error)};
  }
  json::object edited = *old;
  ensure_object(edited, "spec")["replicas"] = *wanted;
  json::object& metadata = ensure_object(edited, "metadata");
  metadata["resourceVersion"] = text_at(scale, "metadata.resourceVersion");
  const auto updated = call.store.update(call.type(), std::move(edited));
  if (!updated) return refuse(updated.error(), call);
  return ok(make_scale(**updated));
}

}  // namespace

ApiOutcome serve_scale(const ApiCall& call) {
  const auto old = find_object(call);
  if (!old) return std::unexpected{old.error()};
  json::object scale = make_scale(**old);
  const std::string& method = call.request.method;
  if (method == "GET") return ok(scale);
  if (method == "PUT") {
    auto body = parse_body(call.request);
    if (!body) return std::unexpected{body.error()};
    return write_scale(call, *old, *body);
  }
  if (method != "PATCH") return std::unexpected{errors::method_not_allowed(method)};
  if (auto applied = apply_patch(scale, call.request); !applied) return std::unexpected{applied.error()};
  return write_scale(call, *old, scale);
}

ApiOutcome serve_status(const ApiCall& call) {
  const std::string& method = call.request.method;
  if (method == "GET") return get_object(call);
  if (method != "PUT" && method != "PATCH") return std::unexpected{errors::method_not_allowed(method)};
  const auto old = find_object(call);
  if (!old) return std::unexpected{old.error()};
  json::object shown = call.view().shown(**old);
  if (method == "PATCH") {
    if (auto applied = apply_patch(shown, call.request); !applied) return std::unexpected{applied.error()};
  } else {
    auto body = parse_body(call.request);
    if (!body) return std::unexpected{body.error()};
    shown = *std::move(body);
  }
  json::object& metadata = ensure_object(shown, "metadata");
  metadata["name"] = call.path.name;
  if (call.type().namespaced) metadata["namespace"] = call.path.ns;
  const auto updated = call.store.update_status(call.type(), call.view().stored(shown));
  if (!updated) return refuse(updated.error(), call);
  return render(call, *updated);
}

ApiOutcome serve_eviction(const ApiCall& call) {
  if (call.request.method != "POST") return std::unexpected{errors::method_not_allowed(call.request.method)};
  const auto body = parse_body(call.request);
  if (!body) return std::unexpected{body.error()};
  Store::DeleteOptions options;
  if (const auto grace = int_at(*body, "deleteOptions.gracePeriodSeconds"); grace && *grace >= 0) {
    options.grace = std::chrono::seconds{std::min<std::int64_t>(*grace, 86'400)};
  }
  const auto last = call.store.remove(call.type(), call.path.ns, call.path.name, options);
  if (!last) return refuse(last.error(), call);
  return ok(
      {{"kind", "Status"}, {"apiVersion", "v1"}, {"metadata", json::object{}}, {"status", "Success"}, {"code", 201}},
      201);
}

std::optional<ApiOutcome> answer_review(const ApiRequest& request, const std::vector<std::string>& s) {
  if (s.size() != 4 || s[0] != "apis" || s[2] != "v1") return std::nullopt;
  const bool access = s[1] == "authorization.k8s.io" && s[3] == "selfsubjectaccessreviews";
  const bool rules = s[1] == "authorization.k8s.io" && s[3] == "selfsubjectrulesreviews";
  const bool self = s[1] == "authentication.k8s.io" && s[3] == "selfsubjectreviews";
  if (!access && !rules && !self) return std::nullopt;
  if (request.method != "POST") return std::unexpected{errors::method_not_allowed(request.method)};
  // Protobuf, as newer clients send it here, need not be read: the answer is the same whatever is asked.
  json::object empty{{"apiVersion", s[1] + "/v1"},
                     {"kind", access  ? "SelfSubjectAccessReview"
                              : rules ? "SelfSubjectRulesReview"
                                      : "SelfSubjectReview"},
                     {"metadata", json::object{}},
                     {"spec", json::object{}}};
  auto review = is_protobuf(request) ? std::expected<json::object, ApiError>{std::move(empty)} : parse_body(request);
  if (!review) return std::unexpected{review.error()};
  json::object& status = (*review)["status"].emplace_object();
  const json::array every{"*"};
  if (access) {
    status["allowed"] = true;
    status["reason"] = "the demo cluster allows everything";
  } else if (rules) {
    status["resourceRules"] = json::array{json::object{{"verbs", every}, {"apiGroups", every}, {"resources", every}}};
    status["nonResourceRules"] = json::array{json::object{{"verbs", every}, {"nonResourceURLs", every}}};
    status["incomplete"] = false;
  } else {
    status["userInfo"] = json::object{{"username", "demo"}, {"groups", json::array{"system:authenticated"}}};
  }
  return ok(*review, 201);
}

}  // namespace surgeproof::demo
