// What an HPA's status and its pods' say, in words.
#pragma once

#include <optional>
#include <string>

#include "base/records.h"

namespace surgeproof::reports {

/// What an HPA's status says of its metrics: "cpu 143 % of 70 %, queue 12 of 30".
std::string metrics_words(const HpaSample& hpa);

/// One of them.
struct MetricStanding {
  std::string name;             ///< "cpu", "app/cpu"
  std::string value;            ///< "143 %", "12", "unknown"
  std::string target;           ///< "70 %", "30"; empty when the spec has none
  std::optional<double> ratio;  ///< value / target
};
MetricStanding standing_of(const HpaMetric& metric);

/// Something keeps the HPA from doing what it should.
bool is_bad(const Condition& condition);

/// What keeps a pod from coming up: "ImagePullBackOff (app)", or why it is not scheduled; empty: nothing unusual.
std::string trouble_of(const PodSample& pod);

}  // namespace surgeproof::reports
