#include "k8s/discovery.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/json_access.h"

namespace surgeproof::k8s {

std::string ApiResource::collection(std::string_view ns) const {
  const std::string root = group.empty() ? "/api/" + version : fmt::format("/apis/{}/{}", group, version);
  return namespaced && !ns.empty() ? fmt::format("{}/namespaces/{}/{}", root, ns, plural) : root + "/" + plural;
}

std::string group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string() : std::string(api_version.substr(0, slash));
}

Discovery::Version& Discovery::version_of(const std::string& group, const std::string& version) {
  auto& versions = groups_[group];
  const auto known = std::ranges::find(versions, version, &Version::name);
  if (known != versions.end()) return *known;
  return versions.emplace_back(Version{version, {}});
}

bool Discovery::add_groups(const json::object& answer) {
  const std::string kind = text_at(answer, "kind");
  if (kind == "APIGroupList") {
    for (const json::value& entry : array_at(answer, "groups")) {
      const json::object& group = as_object(entry);
      const std::string name = text_at(group, "name");
      // The preferred version first, the others as they stand.
      const std::string preferred = text_at(object_at(group, "preferredVersion"), "version");
      if (!preferred.empty()) version_of(name, preferred);
      for (const json::value& version : array_at(group, "versions")) {
        version_of(name, text_at(as_object(version), "version"));
      }
    }
    return true;
  }
  if (kind != "APIGroupDiscoveryList") return false;
  for (const json::value& entry : array_at(answer, "items")) {
    const json::object& group = as_object(entry);
    const std::string name = text_at(object_at(group, "metadata"), "name");
    for (const json::value& item : array_at(group, "versions")) {
      const json::object& version = as_object(item);
      Version& into = version_of(name, text_at(version, "version"));
      into.resources.clear();
      for (const json::value& resource : array_at(version, "resources")) {
        const json::object& r = as_object(resource);
        ApiResource out{name,
                        into.name,
                        text_at(r, "resource"),
                        text_at(object_at(r, "responseKind"), "kind"),
                        text_at(r, "scope") != "Cluster",
                        false};
        for (const json::value& sub : array_at(r, "subresources")) {
          out.scale = out.scale || text_at(as_object(sub), "subresource") == "scale";
        }
        into.resources.push_back(std::move(out));
      }
    }
  }
  return true;
}

bool Discovery::add_resources(const json::object& list) {
  if (text_at(list, "kind") != "APIResourceList") return false;
  const std::string group_version = text_at(list, "groupVersion");
  const std::string group = group_of(group_version);
  Version& into = version_of(group, group.empty() ? group_version : group_version.substr(group.size() + 1));
  into.resources.clear();
  const json::array& resources = array_at(list, "resources");
  for (const json::value& entry : resources) {
    const json::object& r = as_object(entry);
    const std::string name = text_at(r, "name");
    if (name.find('/') != std::string::npos) continue;
    const bool scale = std::ranges::any_of(
        resources, [&](const json::value& other) { return text_at(as_object(other), "name") == name + "/scale"; });
    into.resources.push_back(
        {group, into.name, name, text_at(r, "kind"), flag_at(r, "namespaced").value_or(false), scale});
  }
  return true;
}

std::vector<std::string> Discovery::versions(std::string_view group) const {
  std::vector<std::string> out;
  if (const auto found = groups_.find(group); found != groups_.end()) {
    for (const Version& version : found->second) out.push_back(version.name);
  }
  return out;
}

const ApiResource* Discovery::find(std::string_view group, std::string_view kind) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return nullptr;
  for (const Version& version : found->second) {
    for (const ApiResource& resource : version.resources) {
      if (resource.kind == kind) return &resource;
    }
  }
  return nullptr;
}

}  // namespace surgeproof::k8s
