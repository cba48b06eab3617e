// Objects as `kubectl get -o json` saved them.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "k8s/hpa/snapshot.h"

namespace surgeproof {

/// Each file holds one JSON document or several, one after the other; "-" is standard input. The error is one sentence.
std::expected<hpa::ObjectHeap, std::string> read_object_files(const std::vector<std::string>& paths);

}  // namespace surgeproof
