// Carries out one action through the API server, as kubectl does, and never twice.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/records.h"
#include "base/run_time.h"
#include "k8s/actions/action_request.h"
#include "k8s/api_failure.h"
#include "k8s/kubeconfig.h"
#include "k8s/workload/read_workload.h"

namespace surgeproof::k8s {

/// How it ended; `state` is done, refused, failed or unknown.
struct ActionOutcome {
  ActionSample::State state{};
  ObjectRef object;
  std::string result;
  std::string error;
};

/// The requests that actions are made of; the error is how the request failed.
struct ActionApi {
  using Answer = std::expected<std::string, ApiFailure>;
  ApiGet get;
  std::function<Answer(const std::string& path, const std::string& json, const std::string& content_type)> patch;
  std::function<Answer(const std::string& path, const std::string& options)> remove;
};

/// `now`: what a restart writes into the pod template.
ActionOutcome perform(const ActionApi& api, const ActionRequest& request, WallTime now);

/// The same through a connection of its own: one that was kept open may have died unseen, and then nobody could say
/// whether the request arrived. Blocks, at most as long as connecting and a few answers may take.
ActionOutcome perform(const ClusterConfig& config, const ActionRequest& request, WallTime now);

}  // namespace surgeproof::k8s
