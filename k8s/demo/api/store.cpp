#include "k8s/demo/api/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

using Code = StoreError::Code;

std::unexpected<StoreError> fail(Code code, std::string message) {
  return std::unexpected{StoreError{code, std::move(message)}};
}

std::unexpected<StoreError> not_found(const ResourceType& type, std::string_view name) {
  return fail(Code::not_found, fmt::format("{} \"{}\" not found", type.qualified(), name));
}

std::unexpected<StoreError> conflict(const ResourceType& type, std::string_view name) {
  return fail(Code::conflict,
              fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has been modified; please apply your "
                          "changes to the latest version and try again",
                          type.qualified(), name));
}

/// Fields that only the server writes.
constexpr std::array<std::string_view, 6> kServerMetadata{
    "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"};

/// Whether anything besides apiVersion, kind, metadata and status differs.
bool same_spec(const json::object& a, const json::object& b) {
  const auto counts = [](std::string_view key) {
    return key != "apiVersion" && key != "kind" && key != "metadata" && key != "status";
  };
  const auto contains_all = [&](const json::object& x, const json::object& y) {
    return std::ranges::all_of(x, [&](const auto& member) {
      if (!counts(member.key())) return true;
      const json::value* other = y.if_contains(member.key());
      return other != nullptr && *other == member.value();
    });
  };
  return contains_all(a, b) && contains_all(b, a);
}

void set_revision(json::object& object, std::uint64_t revision) {
  ensure_object(object, "metadata")["resourceVersion"] = std::to_string(revision);
}

}  // namespace

std::string name_of(const json::object& object) {
  const auto ns = text_at(object, "metadata.namespace");
  const auto name = text_at(object, "metadata.name");
  return ns.empty() ? std::string{name} : fmt::format("{}/{}", ns, name);
}

Store::Store(Clock now) : Store(std::move(now), Options{}) {}
Store::Store(Clock now, Options options) : now_(std::move(now)), options_(options), random_(options.seed) {}

Store::Result Store::create(const ResourceType& type, json::object object) {
  // First: adding members moves the others, and metadata is held by reference below.
  object["apiVersion"] = type.api_version();
  object["kind"] = type.kind;
  json::object& metadata = ensure_object(object, "metadata");
  if (text_at(metadata, "name").empty() && !text_at(metadata, "generateName").empty()) {
    metadata["name"] = std::string{text_at(metadata, "generateName")} + make_suffix();
  }
  const std::string name{text_at(metadata, "name")};
  if (name.empty()) return fail(Code::invalid, "resource name may not be empty");
  if (!type.namespaced) metadata.erase("namespace");
  const std::string ns{text_at(metadata, "namespace")};
  if (type.namespaced && ns.empty()) {
    return fail(Code::invalid, "an empty namespace may not be set during creation");
  }
  Objects& objects = objects_[&type];
  if (objects.contains({ns, name})) {
    return fail(Code::already_exists, fmt::format("{} \"{}\" already exists", type.qualified(), name));
  }
  for (const auto key : kServerMetadata) metadata.erase(key);
  metadata.erase("managedFields");
  metadata.erase("selfLink");
  metadata["creationTimestamp"] = format_rfc3339(now_(), 0);
  if (type.has_history) {
    metadata["uid"] = make_uid();
    if (type.counts_generation) metadata["generation"] = 1;
    set_revision(object, revision_ + 1);
  }
  auto stored = std::make_shared<const json::object>(std::move(object));
  objects[{ns, name}] = stored;
  if (type.has_history) record({Change::Type::added, ++revision_, &type, stored, nullptr});
  return stored;
}

ObjectPtr Store::get(const ResourceType& type, std::string_view ns, std::string_view name) const {
  const auto objects = objects_.find(&type);
  if (objects == objects_.end()) return nullptr;
  const auto found = objects->second.find({std::string{type.namespaced ? ns : ""}, std::string{name}});
  return found == objects->second.end() ? nullptr : found->second;
}

std::vector<ObjectPtr> Store::list(const ResourceType& type, const Filter& filter) const {
  std::vector<ObjectPtr> found;
  const auto objects = objects_.find(&type);
  if (objects == objects_.end()) return found;
  for (const auto& [key, object] : objects->second) {
    if (filter.matches(*object)) found.push_back(object);
  }
  return found;
}

std::vector<ObjectPtr> Store::list_in(const ResourceType& type, std::string_view ns) const {
  return list(type, Filter{.ns = std::string{ns}, .labels = {}, .fields = {}});
}

std::expected<std::vector<ObjectPtr>, StoreError> Store::list_at(const ResourceType& type, const Filter& filter,
                                                                 std::uint64_t revision) const {
  if (revision == revision_) return list(type, filter);
  if (revision < compacted_) return fail(Code::expired, "The provided continue parameter is too old");
  Objects then;
  if (const auto objects = objects_.find(&type); objects != objects_.end()) then = objects->second;
  // Undo, newest first, what happened since.
  for (auto change = history_.rbegin(); change != history_.rend() && change->revision > revision; ++change) {
    if (change->resource != &type) continue;
    const Key key{text_at(*change->object, "metadata.namespace"), text_at(*change->object, "metadata.name")};
    if (change->before) {
      then[key] = change->before;
    } else {
      then.erase(key);
    }
  }
  std::vector<ObjectPtr> found;
  for (const auto& [key, object] : then) {
    if (filter.matches(*object)) found.push_back(object);
  }
  return found;
}

Store::Result Store::replace(const ResourceType& type, const ObjectPtr& old, json::object object) {
  object["apiVersion"] = type.api_version();
  object["kind"] = type.kind;
  json::object& metadata = ensure_object(object, "metadata");
  const json::object& old_metadata = object_at(*old, "metadata");
  for (const auto key : kServerMetadata) {
    const json::value* kept = old_metadata.if_contains(key);
    if (kept != nullptr) {
      metadata[key] = *kept;
    } else {
      metadata.erase(key);
    }
  }
  metadata.erase("managedFields");
  metadata.erase("selfLink");
  if (object == *old) return old;
  if (type.counts_generation && !same_spec(object, *old)) {
    metadata["generation"] = int_at(old_metadata, "generation").value_or(0) + 1;
  }
  if (type.has_history) set_revision(object, revision_ + 1);
  auto stored = std::make_shared<const json::object>(std::move(object));
  objects_[&type][{std::string{text_at(old_metadata, "namespace")}, std::string{text_at(old_metadata, "name")}}] =
      stored;
  if (type.has_history) record({Change::Type::modified, ++revision_, &type, stored, old});
  return stored;
}

namespace {

/// Conflict when the object names another version or another uid than the stored one's.
std::expected<void, StoreError> check_current(const ResourceType& type, const json::object& stored,
                                              std::string_view revision, std::string_view uid) {
  const auto name = text_at(stored, "metadata.name");
  if (!revision.empty() && revision != "0" && revision != text_at(stored, "metadata.resourceVersion")) {
    return conflict(type, name);
  }
  if (!uid.empty() && uid != text_at(stored, "metadata.uid")) {
    return fail(Code::conflict,
                fmt::format("Operation cannot be fulfilled on {} \"{}\": Precondition failed: UID in precondition: {}, "
                            "UID in object meta: {}",
                            type.qualified(), name, uid, text_at(stored, "metadata.uid")));
  }
  return {};
}

/// What stands in the store under the object's name, if the object was made from it.
Store::Result current_of(const Store& store, const ResourceType& type, const json::object& object) {
  const std::string name{text_at(object, "metadata.name")};
  ObjectPtr old = store.get(type, text_at(object, "metadata.namespace"), name);
  if (!old) return not_found(type, name);
  const auto current =
      check_current(type, *old, text_at(object, "metadata.resourceVersion"), text_at(object, "metadata.uid"));
  if (!current) return std::unexpected{current.error()};
  return old;
}

}  // namespace

Store::Result Store::update(const ResourceType& type, json::object object) {
  const Result current = current_of(*this, type, object);
  if (!current) return current;
  const ObjectPtr& old = *current;
  if (type.has_status) {
    const json::value* status = old->if_contains("status");
    if (status != nullptr) {
      object["status"] = *status;
    } else {
      object.erase("status");
    }
  }
  return replace(type, old, std::move(object));
}

Store::Result Store::update_status(const ResourceType& type, const json::object& object) {
  const Result current = current_of(*this, type, object);
  if (!current) return current;
  const ObjectPtr& old = *current;
  json::object edited = *old;
  if (const json::value* status = object.if_contains("status")) edited["status"] = *status;
  return replace(type, old, std::move(edited));
}

Store::Result Store::modify(const ResourceType& type, std::string_view ns, std::string_view name,
                            const std::function<void(json::object&)>& edit) {
  const ObjectPtr old = get(type, ns, name);
  if (!old) return not_found(type, name);
  json::object edited = *old;
  edit(edited);
  json::object& metadata = ensure_object(edited, "metadata");
  metadata["name"] = name;
  if (type.namespaced) metadata["namespace"] = ns;
  return replace(type, old, std::move(edited));
}

Store::Result Store::put(const ResourceType& type, json::object object) {
  const ObjectPtr old = get(type, text_at(object, "metadata.namespace"), text_at(object, "metadata.name"));
  return old ? replace(type, old, std::move(object)) : create(type, std::move(object));
}

Store::Result Store::remove(const ResourceType& type, std::string_view ns, std::string_view name) {
  return remove(type, ns, name, DeleteOptions{});
}

Store::Result Store::remove(const ResourceType& type, std::string_view ns, std::string_view name,
                            const DeleteOptions& options) {
  const ObjectPtr old = get(type, ns, name);
  if (!old) return not_found(type, name);
  if (auto current = check_current(type, *old, options.resource_version, options.uid); !current) {
    return std::unexpected{current.error()};
  }
  if (!type.graceful || text_at(*old, "spec.nodeName").empty()) return erase(type, old, options.orphan);
  const std::int64_t preset = int_at(*old, "spec.terminationGracePeriodSeconds").value_or(30);
  std::int64_t grace = std::max<std::int64_t>(options.grace ? options.grace->count() : preset, 0);
  if (grace == 0) return erase(type, old, options.orphan);
  const auto phase = text_at(*old, "status.phase");
  if (phase == "Succeeded" || phase == "Failed") return erase(type, old, options.orphan);
  const bool already = find_at(*old, "metadata.deletionTimestamp") != nullptr;
  if (already && int_at(*old, "metadata.deletionGracePeriodSeconds").value_or(0) <= grace) return old;
  json::object marked = *old;
  json::object& metadata = ensure_object(marked, "metadata");
  metadata["deletionTimestamp"] = format_rfc3339(now_() + std::chrono::seconds{grace}, 0);
  metadata["deletionGracePeriodSeconds"] = grace;
  set_revision(marked, revision_ + 1);
  auto stored = std::make_shared<const json::object>(std::move(marked));
  objects_[&type][{std::string{ns}, std::string{name}}] = stored;
  record({Change::Type::modified, ++revision_, &type, stored, old});
  return stored;
}

Store::Result Store::finish_delete(const ResourceType& type, std::string_view ns, std::string_view name) {
  const ObjectPtr old = get(type, ns, name);
  if (!old) return not_found(type, name);
  return erase(type, old, false);
}

}  // namespace surgeproof::demo
