// create, update, patch, delete.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "k8s/demo/api/admission.h"
#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/patch.h"
#include "k8s/demo/api/protobuf_body.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

constexpr int kMaxDepth = 64;

std::expected<json::value, ApiError> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code ec;
  json::value parsed = json::parse({text.data(), text.size()}, ec, {}, options);
  if (ec) return std::unexpected{errors::bad_request("the body of the request was not valid JSON: " + ec.message())};
  return parsed;
}

std::string_view media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type;
}

/// Name, namespace and kind must be those of the path.
std::expected<void, ApiError> check_identity(const ApiCall& call, json::object& object) {
  const auto kind = text_at(object, "kind");
  const auto version = text_at(object, "apiVersion");
  if ((!kind.empty() && kind != call.type().kind) || (!version.empty() && version != call.view().api_version())) {
    return std::unexpected{errors::bad_request(
        fmt::format("the API version in the data ({}, Kind={}) does not match the expected API version ({}, Kind={})",
                    version, kind, call.view().api_version(), call.type().kind))};
  }
  json::object& metadata = ensure_object(object, "metadata");
  const auto ns = text_at(metadata, "namespace");
  if (call.type().namespaced) {
    if (!ns.empty() && ns != call.path.ns) {
      return std::unexpected{errors::bad_request(
          fmt::format("the namespace of the provided object does not match the namespace sent on the request "
                      "({} versus {})",
                      ns, call.path.ns))};
    }
    metadata["namespace"] = call.path.ns;
  }
  if (call.path.name.empty()) return {};
  const auto name = text_at(metadata, "name");
  if (!name.empty() && name != call.path.name) {
    return std::unexpected{errors::bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})", name, call.path.name))};
  }
  metadata["name"] = call.path.name;
  return {};
}

std::expected<void, ApiError> admit(const ApiCall& call, json::object& stored, const json::object* old) {
  set_defaults(call.type(), stored);
  auto wrong = validate(call.type(), stored, old);
  if (wrong.empty()) return {};
  return std::unexpected{errors::invalid(call.type(), text_at(stored, "metadata.name"), std::move(wrong))};
}

/// The object as the client wants it, in the view's form, becomes the stored one.
ApiOutcome replace_with(const ApiCall& call, json::object shown, const ObjectPtr& old) {
  if (auto same = check_identity(call, shown); !same) return std::unexpected{same.error()};
  json::object stored = call.view().stored(shown);
  if (auto admitted = admit(call, stored, old.get()); !admitted) return std::unexpected{admitted.error()};
  auto updated = call.store.update(call.type(), std::move(stored));
  if (!updated) return refuse(updated.error(), call);
  return render(call, *updated);
}

struct Deletion {
  Store::DeleteOptions options;
};

std::expected<Deletion, ApiError> read_deletion(const ApiCall& call) {
  Deletion deletion;
  json::object body;
  if (!call.request.body.empty()) {
    auto parsed = parse_body(call.request);
    if (!parsed) return std::unexpected{parsed.error()};
    body = *std::move(parsed);
  }
  auto grace = int_at(body, "gracePeriodSeconds");
  if (!grace) grace = call.query.number("gracePeriodSeconds");
  if (grace) deletion.options.grace = std::chrono::seconds{std::clamp<std::int64_t>(*grace, 0, 86'400)};
  deletion.options.uid = text_at(body, "preconditions.uid");
  deletion.options.resource_version = text_at(body, "preconditions.resourceVersion");
  auto policy = text_at(body, "propagationPolicy");
  if (policy.empty()) policy = call.query.get("propagationPolicy");
  deletion.options.orphan = policy == "Orphan" || bool_at(body, "orphanDependents");
  return deletion;
}

ApiResponse deleted_status(const ApiCall& call, const json::object& object) {
  json::object details{{"name", text_at(object, "metadata.name")},
                       {"kind", call.type().plural},
                       {"uid", text_at(object, "metadata.uid")}};
  if (!call.type().group.empty()) details["group"] = call.type().group;
  return {200, "application/json",
          json::serialize(json::object{{"kind", "Status"},
                                       {"apiVersion", "v1"},
                                       {"metadata", json::object{}},
                                       {"status", "Success"},
                                       {"details", std::move(details)}})};
}

}  // namespace

std::unexpected<ApiError> refuse(const StoreError& error, const ApiCall& call) {
  return std::unexpected{errors::from_store(error, call.type(), call.path.name)};
}

bool is_protobuf(const ApiRequest& request) {
  return media_type(request.content_type) == "application/vnd.kubernetes.protobuf";
}

std::expected<json::object, ApiError> parse_body(const ApiRequest& request) {
  const auto type = media_type(request.content_type);
  if (is_protobuf(request)) {
    auto decoded = decode_protobuf(request.body);
    if (decoded) return *std::move(decoded);
    return std::unexpected{errors::unsupported_media_type(
        decoded.error() + ": write the object to a file (--dry-run=client -o yaml) and use kubectl apply -f")};
  }
  if (!type.empty() && type != "application/json" && type != "*/*") {
    return std::unexpected{errors::unsupported_media_type(
        fmt::format("the body of the request was in an unknown format - accepted media types include: "
                    "application/json (not {})",
                    type))};
  }
  auto parsed = parse_json(request.body);
  if (!parsed) return std::unexpected{parsed.error()};
  if (!parsed->is_object())
    return std::unexpected{errors::bad_request("the body of the request must be a JSON object")};
  return std::move(parsed->get_object());
}

std::expected<void, ApiError> apply_patch(json::object& target, const ApiRequest& request) {
  const auto type = media_type(request.content_type);
  const bool list = type == "application/json-patch+json";
  const bool merge = type == "application/merge-patch+json";
  const bool strategic = type == "application/strategic-merge-patch+json";
  if (type == "application/apply-patch+yaml" || type == "application/apply-patch+cbor") {
    return std::unexpected{errors::unsupported_media_type(
        "server-side apply is not supported by the demo cluster: use kubectl apply without --server-side")};
  }
  if (!list && !merge && !strategic) {
    return std::unexpected{errors::unsupported_media_type(
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
        "application/merge-patch+json, application/strategic-merge-patch+json")};
  }
  auto patch = parse_json(request.body);
  if (!patch) return std::unexpected{patch.error()};
  if (list ? !patch->is_array() : !patch->is_object()) {
    return std::unexpected{errors::bad_request(list ? "a JSON patch must be an array" : "the patch must be an object")};
  }
  if (merge) {
    apply_merge_patch(target, patch->get_object());
    return {};
  }
  const auto applied =
      list ? apply_json_patch(target, patch->get_array()) : apply_strategic_patch(target, patch->get_object());
  if (applied) return {};
  return std::unexpected{list ? ApiError{422, "Invalid",
                                         "the server rejected our request due to an error in our "
                                         "request: " +
                                             applied.error()}
                              : errors::bad_request(applied.error())};
}

ApiOutcome create_object(const ApiCall& call) {
  auto body = parse_body(call.request);
  if (!body) return std::unexpected{body.error()};
  if (call.type().namespaced && call.path.ns.empty()) return std::unexpected{errors::method_not_allowed("POST")};
  if (auto same = check_identity(call, *body); !same) return std::unexpected{same.error()};
  json::object stored = call.view().stored(*body);
  if (call.type().has_status) stored.erase("status");
  if (call.type().namespaced && !call.store.get(types::kNamespaces, "", call.path.ns)) {
    return std::unexpected{errors::not_found(types::kNamespaces, call.path.ns)};
  }
  json::object named = stored;  // validated under the name that generateName will make
  const auto prefix = text_at(named, "metadata.generateName");
  if (text_at(named, "metadata.name").empty() && !prefix.empty()) {
    ensure_object(named, "metadata")["name"] = std::string{prefix} + "x";
  }
  if (auto admitted = admit(call, named, nullptr); !admitted) return std::unexpected{admitted.error()};
  set_defaults(call.type(), stored);
  auto created = call.store.create(call.type(), std::move(stored));
  if (!created) {
    ApiError error = errors::from_store(created.error(), call.type(), text_at(*body, "metadata.name"));
    return std::unexpected{std::move(error)};
  }
  return render(call, *created, 201);
}

ApiOutcome update_object(const ApiCall& call) {
  auto body = parse_body(call.request);
  if (!body) return std::unexpected{body.error()};
  const auto old = find_object(call);
  if (!old) return std::unexpected{old.error()};
  return replace_with(call, *std::move(body), *old);
}

ApiOutcome patch_object(const ApiCall& call) {
  const auto old = find_object(call);
  if (!old) return std::unexpected{old.error()};
  json::object shown = call.view().shown(**old);
  if (auto applied = apply_patch(shown, call.request); !applied) return std::unexpected{applied.error()};
  return replace_with(call, std::move(shown), *old);
}

ApiOutcome delete_object(const ApiCall& call) {
  const auto deletion = read_deletion(call);
  if (!deletion) return std::unexpected{deletion.error()};
  const auto last = call.store.remove(call.type(), call.path.ns, call.path.name, deletion->options);
  if (!last) return refuse(last.error(), call);
  if (call.type().graceful) return render(call, *last);
  return deleted_status(call, **last);
}

ApiOutcome delete_collection(const ApiCall& call) {
  if (call.type().namespaced && call.path.ns.empty()) return std::unexpected{errors::method_not_allowed("DELETE")};
  const auto deletion = read_deletion(call);
  if (!deletion) return std::unexpected{deletion.error()};
  const auto filter = read_filter(call);
  if (!filter) return std::unexpected{filter.error()};
  json::array items;
  for (const ObjectPtr& object : call.store.list(call.type(), *filter)) {
    const auto last =
        call.store.remove(call.type(), call.path.ns, text_at(*object, "metadata.name"), deletion->options);
    if (last) items.push_back(call.view().shown(**last));
  }
  return ApiResponse{200, "application/json",
                     json::serialize(json::object{{"kind", std::string{call.type().kind} + "List"},
                                                  {"apiVersion", call.view().api_version()},
                                                  {"metadata", json::object{}},
                                                  {"items", std::move(items)}})};
}

}  // namespace surgeproof::demo
