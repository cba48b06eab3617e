#include "k8s/demo/api/discovery.h"

#include <algorithm>
#include <boost/json.hpp>

#include "k8s/demo/api/api_error.h"
#include "k8s/demo/api/views.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

struct GroupVersion {
  std::string_view group;
  std::string_view version;
  bool operator==(const GroupVersion&) const = default;
  [[nodiscard]] std::string text() const { return std::string{group} + "/" + std::string{version}; }
};

/// Served, with preferred versions first; the reviews have no stored type.
std::vector<GroupVersion> group_versions(bool metrics) {
  std::vector<GroupVersion> found;
  const auto add = [&](GroupVersion gv) {
    if (!gv.group.empty() && std::ranges::find(found, gv) == found.end()) found.push_back(gv);
  };
  for (const View& view : all_views()) {
    if (metrics || view.group != "metrics.k8s.io") add({view.group, view.version});
  }
  add({"authentication.k8s.io", "v1"});
  add({"authorization.k8s.io", "v1"});
  return found;
}

json::array strings(std::initializer_list<std::string_view> texts) {
  json::array a;
  for (const auto text : texts) a.emplace_back(text);
  return a;
}

json::array verbs_of(const ResourceType& type) {
  if (!type.has_history) return strings({"get", "list"});
  return strings({"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"});
}

json::object describe(const ResourceType& type) {
  json::object r{{"name", type.plural},
                 {"singularName", type.singular},
                 {"namespaced", type.namespaced},
                 {"kind", type.kind},
                 {"verbs", verbs_of(type)}};
  if (!type.short_names.empty()) r["shortNames"] = strings({type.short_names});
  if (type.in_all) r["categories"] = strings({"all"});
  return r;
}

json::object subresource(const ResourceType& type, std::string_view name, std::string_view kind, json::array verbs) {
  return {{"name", std::string{type.plural} + "/" + std::string{name}},
          {"singularName", ""},
          {"namespaced", type.namespaced},
          {"kind", kind},
          {"verbs", std::move(verbs)}};
}

void add_subresources(json::array& resources, const ResourceType& type) {
  if (type.has_scale) {
    json::object scale = subresource(type, "scale", "Scale", strings({"get", "patch", "update"}));
    scale["group"] = "autoscaling";
    scale["version"] = "v1";
    resources.push_back(std::move(scale));
  }
  if (type.has_status) resources.push_back(subresource(type, "status", type.kind, strings({"get", "patch", "update"})));
  if (&type != &types::kPods) return;
  resources.push_back(subresource(type, "log", "Pod", strings({"get"})));
  json::object eviction = subresource(type, "eviction", "Eviction", strings({"create"}));
  eviction["group"] = "policy";
  eviction["version"] = "v1";
  resources.push_back(std::move(eviction));
}

json::object review(std::string_view plural, std::string_view singular, std::string_view kind) {
  return {{"name", plural},
          {"singularName", singular},
          {"namespaced", false},
          {"kind", kind},
          {"verbs", strings({"create"})}};
}

json::object resource_list(std::string_view group, std::string_view version) {
  const std::string api = group.empty() ? std::string{version} : GroupVersion{group, version}.text();
  json::object list{{"kind", "APIResourceList"}, {"apiVersion", "v1"}, {"groupVersion", api}};
  json::array& resources = list["resources"].emplace_array();
  for (const View& view : all_views()) {
    if (view.group != group || view.version != version) continue;
    resources.push_back(describe(*view.type));
    add_subresources(resources, *view.type);
  }
  if (group == "authorization.k8s.io") {
    resources.push_back(review("selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview"));
    resources.push_back(review("selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview"));
  }
  if (group == "authentication.k8s.io") {
    resources.push_back(review("selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview"));
  }
  return list;
}

json::object describe_group(std::string_view group, const std::vector<GroupVersion>& all) {
  json::array versions;
  for (const GroupVersion& gv : all) {
    if (gv.group == group) versions.push_back(json::object{{"groupVersion", gv.text()}, {"version", gv.version}});
  }
  json::value preferred = versions.front();
  return {{"name", group}, {"versions", std::move(versions)}, {"preferredVersion", std::move(preferred)}};
}

json::object group_list(const std::vector<GroupVersion>& all) {
  json::object list{{"kind", "APIGroupList"}, {"apiVersion", "v1"}};
  json::array& groups = list["groups"].emplace_array();
  std::string_view last;
  for (const GroupVersion& gv : all) {
    if (gv.group != last) groups.push_back(describe_group(gv.group, all));
    last = gv.group;
  }
  return list;
}

ApiResponse ok(const json::object& o) { return {200, "application/json", json::serialize(o)}; }

json::object version() {
  return {{"major", "1"},    {"minor", "34"},           {"gitVersion", "v1.34.0+surgeproof-demo"},
          {"gitCommit", ""}, {"gitTreeState", "clean"}, {"buildDate", "1970-01-01T00:00:00Z"},
          {"goVersion", ""}, {"compiler", "clang"},     {"platform", "linux/amd64"}};
}

std::optional<ApiResponse> answer_groups(const std::vector<std::string>& s, bool metrics) {
  const auto all = group_versions(metrics);
  if (s.size() == 1) return ok(group_list(all));
  const bool known = std::ranges::any_of(all, [&](const GroupVersion& gv) { return gv.group == s[1]; });
  if (s.size() == 2) {
    if (!known) return std::nullopt;
    json::object group = describe_group(s[1], all);
    group["kind"] = "APIGroup";
    group["apiVersion"] = "v1";
    return ok(group);
  }
  if (s.size() == 3 && std::ranges::find(all, GroupVersion{s[1], s[2]}) != all.end())
    return ok(resource_list(s[1], s[2]));
  return std::nullopt;
}

}  // namespace

std::optional<ApiResponse> answer_discovery(const std::vector<std::string>& s, bool metrics) {
  if (s.empty()) {
    return ok({{"paths", strings({"/api", "/api/v1", "/apis", "/healthz", "/livez", "/readyz", "/version"})}});
  }
  if (s[0] == "version" && s.size() == 1) return ok(version());
  if (s[0] == "healthz" || s[0] == "livez" || s[0] == "readyz") return ApiResponse{200, "text/plain", "ok"};
  if (s[0] == "openapi" && s.size() == 2 && s[1] == "v2") {
    // An empty document in the only form that clients ask for: without schemas kubectl leaves validation to the server.
    return ApiResponse{200, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", ""};
  }
  if (s[0] == "api") {
    if (s.size() == 1) {
      return ok(
          {{"kind", "APIVersions"}, {"versions", strings({"v1"})}, {"serverAddressByClientCIDRs", json::array{}}});
    }
    if (s.size() == 2 && s[1] == "v1") return ok(resource_list("", "v1"));
  }
  return s[0] == "apis" ? answer_groups(s, metrics) : std::nullopt;
}

}  // namespace surgeproof::demo
