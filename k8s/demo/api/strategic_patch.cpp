// Kubernetes' strategic merge patch, driven by field names: within the kinds served here a name has one merge key.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/patch.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

using Result = std::expected<void, std::string>;
using Failure = std::unexpected<std::string>;

constexpr std::string_view kOrderPrefix = "$setElementOrder/";
constexpr std::string_view kDeletePrefix = "$deleteFromPrimitiveList/";
constexpr int kMaxDepth = 64;

struct MergeKey {
  std::string_view list;
  std::string_view key;
};
constexpr std::array<MergeKey, 14> kMergeKeys{{{"containers", "name"},
                                               {"initContainers", "name"},
                                               {"ephemeralContainers", "name"},
                                               {"env", "name"},
                                               {"volumes", "name"},
                                               {"volumeMounts", "mountPath"},
                                               {"volumeDevices", "devicePath"},
                                               {"imagePullSecrets", "name"},
                                               {"hostAliases", "ip"},
                                               {"topologySpreadConstraints", "topologyKey"},
                                               {"conditions", "type"},
                                               {"ownerReferences", "uid"},
                                               {"taints", "key"},
                                               {"addresses", "type"}}};

/// Empty: the list is replaced as a whole.
std::string_view merge_key_of(std::string_view list, const json::array& patch, const json::array& present) {
  if (list == "ports") {  // of a container, or of a Service
    const auto holds = [](const json::array& a, std::string_view key) {
      return std::ranges::any_of(a,
                                 [&](const json::value& v) { return v.is_object() && v.get_object().contains(key); });
    };
    return holds(patch, "containerPort") || holds(present, "containerPort") ? "containerPort" : "port";
  }
  const auto* found = std::ranges::find(kMergeKeys, list, &MergeKey::list);
  return found == kMergeKeys.end() ? std::string_view{} : found->key;
}

bool is_merged_primitive_list(std::string_view list) { return list == "finalizers"; }

const json::value* key_value(const json::value& element, std::string_view key) {
  return element.is_object() ? element.get_object().if_contains(key) : nullptr;
}

json::value* find_element(json::array& list, std::string_view key, const json::value& value) {
  const auto found = std::ranges::find_if(list, [&](const json::value& v) {
    const json::value* own = key_value(v, key);
    return own != nullptr && *own == value;
  });
  return found == list.end() ? nullptr : &*found;
}

Result merge(json::object& target, const json::object& patch, int depth);

/// A list or map taken over from a patch: without directives and nulls.
json::value without_directives(const json::value& v, int depth = 0) {
  if (depth > kMaxDepth) return v;
  if (const json::array* a = v.if_array()) {
    json::array plain;
    for (const json::value& element : *a) plain.push_back(without_directives(element, depth + 1));
    return plain;
  }
  const json::object* o = v.if_object();
  if (o == nullptr) return v;
  json::object plain;
  for (const auto& [key, value] : *o) {
    const bool directive =
        key == "$patch" || key == "$retainKeys" || key.starts_with(kOrderPrefix) || key.starts_with(kDeletePrefix);
    if (!directive && !value.is_null()) plain[key] = without_directives(value, depth + 1);
  }
  return plain;
}

Result merge_keyed_list(json::array& target, const json::array& patch, std::string_view key, int depth) {
  for (const json::value& v : patch) {
    const json::value* id = key_value(v, key);
    const auto directive = v.is_object() ? text_at(v.get_object(), "$patch") : std::string_view{};
    if (id == nullptr && directive == "replace") continue;  // taken before
    if (id == nullptr)
      return Failure{fmt::format("map: {} does not contain declared merge key: {}", json::serialize(v), key)};
    json::value* present = find_element(target, key, *id);
    if (directive == "delete") {
      if (present != nullptr) target.erase(target.begin() + (present - target.data()));
    } else if (present == nullptr) {
      target.push_back(without_directives(v));
    } else if (directive == "replace" || !present->is_object()) {
      *present = without_directives(v);
    } else if (auto merged = merge(present->get_object(), v.get_object(), depth + 1); !merged) {
      return merged;
    }
  }
  return {};
}

Result merge_list(json::object& target, std::string_view name, const json::array& patch, int depth) {
  json::value& value = target[name];
  if (!value.is_array()) value.emplace_array();
  json::array& present = value.get_array();
  const auto key = merge_key_of(name, patch, present);
  const bool replaced = std::ranges::any_of(patch, [&](const json::value& v) {
    return v.is_object() && text_at(v.get_object(), "$patch") == "replace" && key_value(v, key) == nullptr;
  });
  if (is_merged_primitive_list(name)) {
    for (const json::value& v : patch) {
      if (std::ranges::find(present, v) == present.end()) present.push_back(v);
    }
    return {};
  }
  if (key.empty() || replaced) {
    json::array plain;
    for (const json::value& v : patch) {
      if (!(v.is_object() && v.get_object().contains("$patch"))) plain.push_back(without_directives(v));
    }
    present = std::move(plain);
    return {};
  }
  return merge_keyed_list(present, patch, key, depth);
}

/// Puts the listed elements into the wanted order; others keep theirs, behind.
void reorder(json::array& list, const json::array& order, std::string_view key) {
  const auto rank = [&](const json::value& v) {
    const auto same = [&](const json::value& wanted) {
      const json::value* a = key.empty() ? &v : key_value(v, key);
      const json::value* b = key.empty() ? &wanted : key_value(wanted, key);
      return a != nullptr && b != nullptr && *a == *b;
    };
    return std::ranges::find_if(order, same) - order.begin();
  };
  std::vector<std::pair<std::ptrdiff_t, std::size_t>> places;  // rank, then the old place: stable
  for (std::size_t i = 0; i < list.size(); ++i) places.emplace_back(rank(list[i]), i);
  std::ranges::sort(places);
  json::array sorted;
  for (const auto& [wanted, i] : places) sorted.push_back(list[i]);
  list = std::move(sorted);
}

void apply_list_directives(json::object& target, const json::object& patch) {
  for (const auto& [key, value] : patch) {
    if (!value.is_array()) continue;
    const bool order = key.starts_with(kOrderPrefix);
    if (!order && !key.starts_with(kDeletePrefix)) continue;
    const std::string_view name{key.data() + (order ? kOrderPrefix : kDeletePrefix).size(),
                                key.size() - (order ? kOrderPrefix : kDeletePrefix).size()};
    json::value* list = target.if_contains(name);
    if (list == nullptr || !list->is_array()) continue;
    json::array& present = list->get_array();
    if (order) {
      reorder(present, value.get_array(), merge_key_of(name, value.get_array(), present));
    } else {
      for (const json::value& gone : value.get_array()) {
        const auto found = std::ranges::find(present, gone);
        if (found != present.end()) present.erase(found);
      }
    }
  }
}

void retain_keys(json::object& target, const json::array& keys) {
  std::vector<std::string> gone;
  for (const auto& member : target) {
    const bool kept = std::ranges::any_of(
        keys, [&](const json::value& v) { return v.is_string() && v.get_string() == member.key(); });
    if (!kept) gone.emplace_back(member.key());
  }
  for (const std::string& key : gone) target.erase(key);
}

Result merge(json::object& target, const json::object& patch, int depth) {
  if (depth > kMaxDepth) return Failure{"the patch is nested too deeply"};
  const auto directive = text_at(patch, "$patch");
  if (directive == "replace") {
    target = without_directives(patch).get_object();
    return {};
  }
  if (directive == "delete") {
    target.clear();
    return {};
  }
  if (!directive.empty() && directive != "merge")
    return Failure{fmt::format("unknown patch type found: {}", directive)};
  if (const json::value* keys = patch.if_contains("$retainKeys"); keys != nullptr && keys->is_array()) {
    retain_keys(target, keys->get_array());
  }
  for (const auto& [key, value] : patch) {
    if (key.starts_with('$')) continue;
    if (value.is_null()) {
      target.erase(key);
    } else if (value.is_array()) {
      if (auto merged = merge_list(target, key, value.get_array(), depth); !merged) return merged;
    } else if (value.is_object()) {
      json::value& inner = target[key];
      if (!inner.is_object()) inner.emplace_object();
      if (auto merged = merge(inner.get_object(), value.get_object(), depth + 1); !merged) return merged;
    } else {
      target[key] = value;
    }
  }
  apply_list_directives(target, patch);
  return {};
}

}  // namespace

Result apply_strategic_patch(json::object& target, const json::object& patch) {
  json::object edited = target;
  auto merged = merge(edited, patch, 0);
  if (merged) target = std::move(edited);
  return merged;
}

}  // namespace surgeproof::demo
