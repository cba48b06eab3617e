// The two things that are asked of a Prometheus (or what speaks like one: Thanos, Mimir, VictoriaMetrics). Pure.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof::k8s {

struct InstantValue {
  double value = 0;
  WallTime timestamp{};  ///< of the evaluation
  bool operator==(const InstantValue&) const = default;
};

/// Request target of an instant query, below the server's path.
std::string instant_query_target(std::string_view query);

/// The answer to it: a scalar, or a vector of one element. Empty when there is no series now (or a stale one). The
/// error, a sentence, says what else it gave: several series, NaN, a matrix, an error of the server's.
std::expected<std::optional<InstantValue>, std::string> parse_instant_answer(std::string_view body);

}  // namespace surgeproof::k8s
