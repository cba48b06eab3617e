#include "k8s/demo/api/api_handler.h"

#include <boost/json.hpp>
#include <exception>

#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/discovery.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

ApiOutcome serve_subresource(const ApiCall& call) {
  const std::string& name = call.path.subresource;
  if (name == "status" && call.type().has_status) return serve_status(call);
  if (name == "scale" && call.type().has_scale) return serve_scale(call);
  if (name == "log" && &call.type() == &types::kPods) return serve_log(call);
  if (name == "eviction" && &call.type() == &types::kPods) return serve_eviction(call);
  return std::unexpected{errors::no_such_path()};
}

ApiOutcome serve_resource(const ApiCall& call) {
  const std::string& method = call.request.method;
  const bool fixed = call.type().read_only && method != "GET";
  if (fixed) return std::unexpected{errors::method_not_allowed(method)};
  if (!call.path.subresource.empty()) return serve_subresource(call);
  const bool watch = call.query.flag("watch") && call.type().has_history;
  if (call.path.name.empty()) {
    if (method == "GET") return watch ? watch_objects(call) : list_objects(call);
    if (method == "POST") return create_object(call);
    if (method == "DELETE") return delete_collection(call);
  } else {
    if (method == "GET") return watch ? watch_objects(call) : get_object(call);
    if (method == "PUT") return update_object(call);
    if (method == "PATCH") return patch_object(call);
    if (method == "DELETE") return delete_object(call);
  }
  return std::unexpected{errors::method_not_allowed(method)};
}

/// `dryRun=All` in the query, or in a DELETE's body.
bool is_dry_run(const ApiRequest& request, const Query& query) {
  if (query.has("dryRun")) return true;
  if (request.method != "DELETE" || request.body.empty()) return false;
  const auto body = parse_body(request);
  return body && !array_at(*body, "dryRun").empty();
}

ApiOutcome serve(const ApiRequest& request, Store& store, const ClusterHooks& hooks) {
  const auto target = parse_target(request.target);
  if (!target) return std::unexpected{errors::bad_request("the request's target is not a path")};
  const bool metrics = !hooks.metrics_available || hooks.metrics_available();
  const bool reading = request.method == "GET" || request.method == "HEAD";
  if (reading) {
    if (auto answer = answer_discovery(target->segments, metrics)) return *std::move(answer);
  }
  if (!metrics && target->segments.size() > 1 && target->segments[1] == "metrics.k8s.io") {
    return std::unexpected{errors::unavailable()};
  }
  if (auto review = answer_review(request, target->segments)) return *std::move(review);
  const auto path = find_resource(target->segments);
  if (!path) return std::unexpected{errors::no_such_path()};
  const auto shape = path->subresource == "log" ? Shape::object : choose_shape(request.accept);
  if (!shape) return std::unexpected{errors::not_acceptable()};
  if (!reading && is_dry_run(request, target->query)) {
    Store scratch = store.scratch_copy();
    return serve_resource(ApiCall{request, target->query, *path, hooks, scratch, *shape});
  }
  return serve_resource(ApiCall{request, target->query, *path, hooks, store, *shape});
}

}  // namespace

ApiHandler::ApiHandler(Store& store, ClusterHooks hooks) : store_(store), hooks_(std::move(hooks)) {}

ApiAnswer ApiHandler::handle(const ApiRequest& request) {
  try {
    auto outcome = serve(request, store_, hooks_);
    if (outcome) return *std::move(outcome);
    return to_response(outcome.error());
  } catch (const std::exception& e) {
    return to_response(ApiError{500, "InternalError", std::string{"Internal error occurred: "} + e.what()});
  }
}

}  // namespace surgeproof::demo
