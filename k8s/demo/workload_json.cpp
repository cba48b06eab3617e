#include "k8s/demo/workload_json.h"

#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

const json::object* find_condition(const json::object& object, std::string_view type) {
  for (const json::value& v : array_at(object, "status.conditions")) {
    if (v.is_object() && text_at(v.get_object(), "type") == type) return &v.get_object();
  }
  return nullptr;
}

}  // namespace

std::string_view condition_status(const json::object& object, std::string_view type) {
  const json::object* c = find_condition(object, type);
  return c == nullptr ? std::string_view{} : text_at(*c, "status");
}

std::string_view condition_transition(const json::object& object, std::string_view type) {
  const json::object* c = find_condition(object, type);
  return c == nullptr ? std::string_view{} : text_at(*c, "lastTransitionTime");
}

json::object make_condition(const json::object& object, std::string_view type, bool is_true, std::string_view reason,
                            std::string_view message, WallTime now) {
  const std::string_view status = is_true ? "True" : "False";
  const bool same = condition_status(object, type) == status;
  json::object c{{"type", type}, {"status", status}};
  c["lastTransitionTime"] = same ? std::string{condition_transition(object, type)} : format_rfc3339(now, 0);
  if (!reason.empty()) c["reason"] = reason;
  if (!message.empty()) c["message"] = message;
  return c;
}

bool is_terminating(const json::object& object) { return find_at(object, "metadata.deletionTimestamp") != nullptr; }
bool is_pod_ready(const json::object& pod) { return condition_status(pod, "Ready") == "True"; }

bool is_pod_finished(const json::object& pod) {
  const auto phase = text_at(pod, "status.phase");
  return phase == "Succeeded" || phase == "Failed";
}

std::string_view controller_uid(const json::object& object) {
  for (const json::value& v : array_at(object, "metadata.ownerReferences")) {
    if (v.is_object() && bool_at(v.get_object(), "controller")) return text_at(v.get_object(), "uid");
  }
  return {};
}

json::array owner_references(const json::object& owner) {
  return {json::object{{"apiVersion", text_at(owner, "apiVersion")},
                       {"kind", text_at(owner, "kind")},
                       {"name", text_at(owner, "metadata.name")},
                       {"uid", text_at(owner, "metadata.uid")},
                       {"controller", true},
                       {"blockOwnerDeletion", true}}};
}

std::vector<ObjectPtr> owned_by(const json::object& owner, const std::vector<ObjectPtr>& objects) {
  std::vector<ObjectPtr> owned;
  const auto uid = text_at(owner, "metadata.uid");
  for (const ObjectPtr& o : objects) {
    if (controller_uid(*o) == uid) owned.push_back(o);
  }
  return owned;
}

}  // namespace surgeproof::demo
