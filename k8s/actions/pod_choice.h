// Which pod an action deletes. Pure.
#pragma once

#include <span>

#include "base/records.h"
#include "k8s/actions/action_request.h"

namespace surgeproof::k8s {

/// Of those that run, are ready and not terminating; null when there is none. Equal ages: by name.
const PodSample* choose_pod(std::span<const PodSample> pods, PodPick pick, std::uint64_t seed);

}  // namespace surgeproof::k8s
