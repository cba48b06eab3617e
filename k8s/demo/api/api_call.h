// What the handler's verbs share; not for use outside this folder.
#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <memory>

#include "k8s/demo/api/api_error.h"
#include "k8s/demo/api/api_message.h"
#include "k8s/demo/api/cluster_hooks.h"
#include "k8s/demo/api/route.h"
#include "k8s/demo/api/store.h"
#include "k8s/demo/api/table.h"

namespace surgeproof::demo {

struct ApiCall {
  const ApiRequest& request;
  const Query& query;
  const ResourcePath& path;
  const ClusterHooks& hooks;
  Store& store;  ///< a scratch copy in a dry run
  Shape shape = Shape::object;
  [[nodiscard]] const View& view() const { return *path.view; }
  [[nodiscard]] const ResourceType& type() const { return *path.view->type; }
};

using ApiOutcome = std::expected<ApiAnswer, ApiError>;

ApiOutcome get_object(const ApiCall& call);
ApiOutcome list_objects(const ApiCall& call);
ApiOutcome watch_objects(const ApiCall& call);
ApiOutcome create_object(const ApiCall& call);
ApiOutcome update_object(const ApiCall& call);
ApiOutcome patch_object(const ApiCall& call);
ApiOutcome delete_object(const ApiCall& call);
ApiOutcome delete_collection(const ApiCall& call);
ApiOutcome serve_status(const ApiCall& call);
ApiOutcome serve_scale(const ApiCall& call);
ApiOutcome serve_log(const ApiCall& call);
ApiOutcome serve_eviction(const ApiCall& call);
/// selfsubjectaccessreviews and their like: everything is allowed to everybody.
std::optional<ApiOutcome> answer_review(const ApiRequest& request, const std::vector<std::string>& segments);

/// Newer kubectls send what they create themselves so.
bool is_protobuf(const ApiRequest& request);
std::expected<boost::json::object, ApiError> parse_body(const ApiRequest& request);
/// By the request's content type; the body is the patch.
std::expected<void, ApiError> apply_patch(boost::json::object& target, const ApiRequest& request);
std::expected<Filter, ApiError> read_filter(const ApiCall& call);
std::expected<ObjectPtr, ApiError> find_object(const ApiCall& call);
RowObject row_object_of(const Query& query);
ApiResponse render(const ApiCall& call, const ObjectPtr& object, int status = 200);
std::unexpected<ApiError> refuse(const StoreError& error, const ApiCall& call);

}  // namespace surgeproof::demo
