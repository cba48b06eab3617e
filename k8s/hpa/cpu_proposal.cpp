#include "k8s/hpa/cpu_proposal.h"

#include <algorithm>
#include <cmath>

#include "k8s/hpa/go_arithmetic.h"

namespace surgeproof::hpa {
namespace {

struct Sum {
  std::int64_t used = 0;
  std::int64_t samples = 0;
};

bool turned(double ratio, double recomputed) {
  return (ratio < 1.0 && recomputed > 1.0) || (ratio > 1.0 && recomputed < 1.0);
}

/// `ratio_of`: usage against target of a sum. `missing_value`: what a missing pod is taken to use on the way down.
template <class RatioOf>
std::int32_t propose(Sum sum, const CpuPods& pods, const Tolerances& tolerance, std::int32_t spec_replicas,
                     std::int64_t missing_value, RatioOf ratio_of) {
  const double ratio = ratio_of(sum);
  const bool up_with_unready = pods.unready > 0 && ratio > 1.0;
  if (!up_with_unready && pods.missing == 0) {
    if (tolerance.within(ratio)) return spec_replicas;
    return to_int32(std::ceil(ratio * static_cast<double>(pods.counted)));
  }
  if (ratio < 1.0) sum.used = wrapping_add(sum.used, wrapping_multiply(pods.missing, missing_value));
  if (ratio != 1.0) sum.samples += pods.missing;
  if (up_with_unready) sum.samples += pods.unready;
  const double again = ratio_of(sum);
  if (tolerance.within(again) || turned(ratio, again)) return spec_replicas;
  const auto proposal = to_int32(std::ceil(again * static_cast<double>(sum.samples)));
  const bool contrary = (again < 1.0 && proposal > spec_replicas) || (again > 1.0 && proposal < spec_replicas);
  return contrary ? spec_replicas : proposal;
}

}  // namespace

CpuProposal propose_by_cpu(const CpuPods& pods, const MetricTarget& target, const Tolerances& tolerance,
                           std::int32_t spec_replicas) {
  CpuProposal out;
  if (pods.counted == 0) return out;
  const Sum sum{pods.used_milli, pods.counted};
  if (target.average_value_milli) {
    const std::int64_t wanted = *target.average_value_milli;
    out.replicas = propose(sum, pods, tolerance, spec_replicas, wanted, [&](const Sum& s) {
      return static_cast<double>(s.used / s.samples) / static_cast<double>(wanted);
    });
    return out;
  }
  if (!target.average_utilization_percent || pods.request_milli == 0) return out;
  const std::int32_t wanted = *target.average_utilization_percent;
  const auto percent = [&](const Sum& s) {
    return static_cast<std::int32_t>(wrapping_multiply(s.used, 100) / wrapping_multiply(s.samples, pods.request_milli));
  };
  out.utilization = percent(sum);
  const std::int64_t fallback = wrapping_multiply(pods.request_milli, std::max(100, wanted)) / 100;
  out.replicas = propose(sum, pods, tolerance, spec_replicas, fallback,
                         [&](const Sum& s) { return static_cast<double>(percent(s)) / static_cast<double>(wanted); });
  return out;
}

}  // namespace surgeproof::hpa
