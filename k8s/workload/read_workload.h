// Reads one autoscaled workload once: the HPA, what it scales, pods, metrics, and what bounds them. Whatever cannot be
// read is named in Workload::unseen, and the rest is read all the same.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/workload.h"
#include "k8s/api_failure.h"

namespace surgeproof::k8s {

/// The body of the answer to GET `path` ("/version"); blocks.
using ApiGet = std::function<std::expected<std::string, ApiFailure>(const std::string& path)>;

struct WorkloadScope {
  bool metrics = true;  ///< metrics.k8s.io for the pods
  bool bounds = true;   ///< quotas, limit ranges, disruption budgets, services
  bool nodes = true;    ///< and every pod of the cluster, to know what is taken
};

/// A failure only when the server cannot be talked to at all; a missing HPA is a Workload without `hpa`.
std::expected<Workload, ApiFailure> read_workload(const ApiGet& get, const std::string& ns, const std::string& hpa,
                                                  const WorkloadScope& scope = {});

}  // namespace surgeproof::k8s
