// Why the autoscaler does what it does at one instant: the model's steps beside the controller's words.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "k8s/hpa/comparison.h"
#include "k8s/hpa/decision.h"
#include "k8s/hpa/snapshot.h"

namespace surgeproof::hpa {

struct Explanation {
  std::string title;               ///< "HPA shop/web (Deployment/web, 2 to 5 replicas) at 2025-06-02T09:14:15Z"
  std::vector<std::string> steps;  ///< explain()
  Decision decision;
  Comparison comparison;            ///< with what the controller said
  std::vector<std::string> said;    ///< the controller's conditions with their messages
  std::vector<std::string> events;  ///< the HPA's last ones
  std::vector<std::string> remarks;
};

/// One sync of the model over the snapshot.
Explanation explain_snapshot(const Snapshot& snapshot, const Settings& settings);

/// For people; ends with a line feed.
std::string explanation_text(const Explanation& explanation);
/// For programs: "title", "steps", "answer" (as in case files), "comparison", "likely_reason", "said", "events",
/// "remarks".
boost::json::object to_json(const Explanation& explanation);

}  // namespace surgeproof::hpa
