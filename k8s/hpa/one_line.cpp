#include "k8s/hpa/one_line.h"

#include <fmt/format.h>

#include <algorithm>

namespace surgeproof::hpa {
namespace {

std::string number(std::int64_t milli) { return fmt::format("{:.6g}", static_cast<double>(milli) / 1000.0); }

std::string usage(const MetricSpec& spec, const MetricResult& result) {
  const MetricTarget& target = spec.target;
  if (target.average_utilization_percent && result.utilization) {
    return fmt::format("{} {} % against {} %", spec.label(), *result.utilization, *target.average_utilization_percent);
  }
  if (target.average_value_milli && result.raw_average_milli) {
    return fmt::format("{} {} on average against {}", spec.label(), number(*result.raw_average_milli),
                       number(*target.average_value_milli));
  }
  if (target.value_milli && result.raw_value_milli) {
    return fmt::format("{} {} against {}", spec.label(), number(*result.raw_value_milli), number(*target.value_milli));
  }
  return spec.label();
}

std::string proposal(const MetricResult& r) {
  const double ratio = r.recomputed_ratio.value_or(r.ratio.value_or(0));
  switch (r.path) {
    case ProposalPath::within_tolerance:
    case ProposalPath::recomputed_within:
      return fmt::format("within the tolerance of {:.4g} %", (ratio < 1 ? r.tolerance.down : r.tolerance.up) * 100);
    case ProposalPath::simple:
      return fmt::format("ceil({:.4g} x {} pods) = {}", ratio, r.pods.counted.size(), r.proposal.value_or(0));
    case ProposalPath::recomputed: {
      const std::size_t assumed = r.samples - std::min(r.samples, r.pods.counted.size());
      return fmt::format("ceil({:.4g} x {} pods, {} of them assumed) = {}", ratio, r.samples, assumed,
                         r.proposal.value_or(0));
    }
    case ProposalPath::recomputed_contrary:
      return "no change, as missing and unready pods would turn it around";
    case ProposalPath::value_per_pod:
    case ProposalPath::value:
    case ProposalPath::from_zero:
      return fmt::format("ratio {:.4g}, so {}", ratio, r.proposal.value_or(0));
    case ProposalPath::none:
      break;
  }
  return "failed: " + r.error;
}

/// Window, policies, minimum and maximum, as far as they had a say.
std::string limits(const Limits& l, const AutoscalerSpec& spec, std::int32_t current) {
  std::string text;
  if (l.stabilized != l.recommended) {
    text += fmt::format("; the stabilization window makes it {}", l.stabilized);
  }
  if (l.limiting_reason == "ScaleUpLimit") {
    text += l.with_behavior ? fmt::format("; the scale-up policies allow {}", l.limited)
                            : fmt::format("; one sync goes to {} at most", l.limited);
  } else if (l.limiting_reason == "ScaleDownLimit") {
    text += fmt::format("; the scale-down policies allow no less than {}", l.limited);
  } else if (l.limiting_reason == "TooManyReplicas") {
    text += fmt::format("; the maximum is {}", spec.max_replicas);
  } else if (l.limiting_reason == "TooFewReplicas" && l.stabilized < current) {
    text += fmt::format("; the minimum is {}", spec.min_replicas.value_or(1));
  }
  return text;
}

}  // namespace

std::string one_line(const Decision& d, const World& world) {
  if (!d.current_replicas) return "the scale could not be read";
  const auto& specs = world.hpa.spec.metrics;
  if (d.per_metric.empty()) {
    if (d.rescale_reason && !d.rescale_reason->empty()) return *d.rescale_reason;
    return d.error ? *d.error : "scaling is disabled: the target is at zero replicas";
  }
  // The metric that decided: the largest proposal; without any, the first that failed.
  std::size_t best = 0;
  for (std::size_t i = 1; i < std::min(specs.size(), d.per_metric.size()); ++i) {
    if (d.per_metric[i].proposal.value_or(-1) > d.per_metric[best].proposal.value_or(-1)) best = i;
  }
  const MetricResult& result = d.per_metric[best];
  std::string text = fmt::format("{}: {}", usage(specs[best], result), proposal(result));
  if (d.limits) text += limits(*d.limits, world.hpa.spec, *d.current_replicas);
  if (!d.limits && d.error && result.proposal) text += "; another metric failed, so nothing is taken away";
  return text;
}

}  // namespace surgeproof::hpa
