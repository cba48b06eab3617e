// The three kinds of PATCH body, applied to a JSON object.
#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>

namespace surgeproof::demo {

/// RFC 7386: null removes, objects merge, everything else replaces.
void apply_merge_patch(boost::json::object& target, const boost::json::object& patch);

/// RFC 6902: an array of add, remove, replace, move, copy and test operations. Nothing is changed when one fails; the
/// error says which.
std::expected<void, std::string> apply_json_patch(boost::json::object& target, const boost::json::array& operations);

/// Kubernetes' strategic merge patch for the kinds that the demo serves: as a merge patch, but lists with a merge key
/// (containers by name, ports by containerPort or port, conditions by type, …) merge by it. Knows $patch (replace,
/// delete), $retainKeys, $setElementOrder and $deleteFromPrimitiveList.
/// Source of the keys: patchMergeKey tags of k8s.io/api.
std::expected<void, std::string> apply_strategic_patch(boost::json::object& target, const boost::json::object& patch);

}  // namespace surgeproof::demo
