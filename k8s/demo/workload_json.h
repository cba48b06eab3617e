// What several controllers read from and write into objects.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// The status ("True", …) of a condition; empty when there is none.
std::string_view condition_status(const boost::json::object& object, std::string_view type);
/// When a condition last changed; empty without one.
std::string_view condition_transition(const boost::json::object& object, std::string_view type);
/// A condition for `status.conditions`; keeps lastTransitionTime of the one in `object` while the status is the same.
boost::json::object make_condition(const boost::json::object& object, std::string_view type, bool is_true,
                                   std::string_view reason, std::string_view message, WallTime now);

[[nodiscard]] bool is_terminating(const boost::json::object& object);
/// Ready=True, whether it terminates or not.
[[nodiscard]] bool is_pod_ready(const boost::json::object& pod);
/// Succeeded or Failed.
[[nodiscard]] bool is_pod_finished(const boost::json::object& pod);

/// The uid of the owner that is its controller; empty without one.
std::string_view controller_uid(const boost::json::object& object);
/// For metadata.ownerReferences.
boost::json::array owner_references(const boost::json::object& owner);
/// Those of `objects` that `owner` controls.
std::vector<ObjectPtr> owned_by(const boost::json::object& owner, const std::vector<ObjectPtr>& objects);

}  // namespace surgeproof::demo
