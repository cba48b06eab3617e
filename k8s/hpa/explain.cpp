#include "k8s/hpa/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace surgeproof::hpa {
namespace {

std::string count_of(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string replicas(std::int32_t n) { return fmt::format("{} {}", n, n == 1 ? "replica" : "replicas"); }

/// "2", "0.187", "1500": thousandths as a plain number.
std::string number(std::int64_t milli) {
  if (milli % 1000 == 0) return fmt::format("{}", milli / 1000);
  std::string text = fmt::format("{:.3f}", static_cast<double>(milli) / 1000.0);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

/// A quantity of this metric: cpu in millicores, memory in bytes.
std::string amount(const MetricSpec& metric, std::int64_t milli) {
  const bool of_resource = metric.type == MetricType::resource || metric.type == MetricType::container_resource;
  if (of_resource && metric.name == "cpu") return fmt::format("{}m", milli);
  if (of_resource && metric.name == "memory") {
    return fmt::format("{:.1f} MiB", static_cast<double>(milli) / 1000.0 / 1024.0 / 1024.0);
  }
  return number(milli);
}

std::string percent(double share) { return fmt::format("{:.4g} %", share * 100.0); }

std::string tolerance_text(const Tolerances& t) {
  if (t.down == t.up) return percent(t.up);
  return fmt::format("{} down and {} up", percent(t.down), percent(t.up));
}

std::string title(const MetricSpec& metric) {
  switch (metric.type) {
    case MetricType::resource:
      return metric.name;
    case MetricType::container_resource:
      return fmt::format("{} of container {}", metric.name, metric.container);
    case MetricType::pods:
      return "pods metric " + metric.name;
    case MetricType::object:
      return fmt::format("metric {} of {} {}", metric.name, metric.described_object.kind, metric.described_object.name);
    case MetricType::external:
      return "external metric " + metric.name;
    case MetricType::unknown:
      break;
  }
  return "metric of unknown type " + metric.type_name;
}

/// " (web-a, web-b)"; at most three names.
std::string names(const std::vector<std::string>& pods) {
  if (pods.empty()) return "";
  std::string text = " (";
  for (std::size_t i = 0; i < pods.size() && i < 3; ++i) text += (i == 0 ? "" : ", ") + pods[i];
  return text + (pods.size() > 3 ? ", …)" : ")");
}

std::string pods_sentence(const PodGroups& pods) {
  return fmt::format("{} counted, {} missing{}, {} unready{}, {} ignored{}",
                     count_of(pods.counted.size(), "pod", "pods"), pods.missing.size(), names(pods.missing),
                     pods.unready.size(), names(pods.unready), pods.ignored.size(), names(pods.ignored));
}

std::string usage_sentence(const MetricSpec& metric, const MetricResult& result) {
  const auto& target = metric.target;
  std::string current = "unknown";
  std::string wanted = "none";
  if (target.average_value_milli) {
    wanted = amount(metric, *target.average_value_milli) + " on average";
    if (result.raw_average_milli) current = amount(metric, *result.raw_average_milli) + " on average";
  } else if (target.value_milli) {
    wanted = amount(metric, *target.value_milli);
    if (result.raw_value_milli) current = amount(metric, *result.raw_value_milli);
  } else if (target.average_utilization_percent) {
    wanted = fmt::format("{} % of the request", *target.average_utilization_percent);
    if (result.utilization) current = fmt::format("{} %", *result.utilization);
    if (result.raw_average_milli) current += fmt::format(" ({} on average)", amount(metric, *result.raw_average_milli));
  }
  return fmt::format("usage {}, target {}, ratio {:.4g}, tolerance {}", current, wanted, result.ratio.value_or(0),
                     tolerance_text(result.tolerance));
}

std::string fill_in_sentence(const MetricSpec& metric, const MetricResult& result) {
  const bool up = result.ratio.value_or(1) > 1.0;
  std::string text;
  if (!result.pods.missing.empty() && result.ratio != 1.0) {
    std::string assumed = "0";
    if (!up) {
      const auto target = metric.target.average_utilization_percent;
      assumed = metric.target.average_value_milli
                    ? "exactly the target"
                    : fmt::format("{} % of their request", std::max(100, target.value_or(0)));
    }
    text =
        fmt::format("{} taken to use {}", count_of(result.pods.missing.size(), "missing pod", "missing pods"), assumed);
  }
  if (up && !result.pods.unready.empty()) {
    text += fmt::format("{}{} taken to use 0", text.empty() ? "" : ", ",
                        count_of(result.pods.unready.size(), "unready pod", "unready pods"));
  }
  if (text.empty()) text = "nothing filled in";
  return fmt::format("{}: ratio {:.4g} over {}", text, result.recomputed_ratio.value_or(0),
                     count_of(result.samples, "sample", "samples"));
}

std::string proposal_sentence(const MetricResult& result, const World& world) {
  const auto proposal = replicas(result.proposal.value_or(0));
  const double ratio = result.recomputed_ratio.value_or(result.ratio.value_or(0));
  switch (result.path) {
    case ProposalPath::within_tolerance: {
      const bool by_status = world.scale && result.type != MetricType::unknown && result.raw_average_milli &&
                             (result.type == MetricType::object || result.type == MetricType::external);
      return fmt::format("within the tolerance: {}{}", proposal, by_status ? " (the scale's status)" : "");
    }
    case ProposalPath::simple:
      return fmt::format("ceil({:.4g} x {}) = {}", ratio, count_of(result.pods.counted.size(), "pod", "pods"),
                         proposal);
    case ProposalPath::recomputed:
      return fmt::format("ceil({:.4g} x {}) = {}", ratio, count_of(result.samples, "sample", "samples"), proposal);
    case ProposalPath::recomputed_within:
      return fmt::format("that is within the tolerance or on the other side of the target: {}", proposal);
    case ProposalPath::recomputed_contrary:
      return fmt::format("ceil({:.4g} x {}) would go the other way: {}", ratio,
                         count_of(result.samples, "sample", "samples"), proposal);
    case ProposalPath::value_per_pod:
      return fmt::format("ceil(total / target) = {}", proposal);
    case ProposalPath::value:
      return fmt::format("ceil({:.4g} x {} Running and Ready) = {}", ratio, result.ready_pods.value_or(0), proposal);
    case ProposalPath::from_zero:
      return fmt::format("from zero: ceil({:.4g}) = {}", ratio, proposal);
    case ProposalPath::none:
      break;
  }
  return "no proposal";
}

void explain_metric(std::vector<std::string>& out, const MetricSpec& metric, const MetricResult& result,
                    const World& world) {
  const auto name = title(metric);
  if (!result.proposal) {
    out.push_back(fmt::format("{}: failed ({}): {}", name, result.reason, result.error));
    return;
  }
  const bool of_pods = result.type == MetricType::resource || result.type == MetricType::container_resource ||
                       result.type == MetricType::pods;
  if (of_pods) out.push_back(fmt::format("{}: {}", name, pods_sentence(result.pods)));
  out.push_back(fmt::format("{}: {}", name, usage_sentence(metric, result)));
  if (result.recomputed_ratio) out.push_back(fmt::format("{}: {}", name, fill_in_sentence(metric, result)));
  out.push_back(fmt::format("{}: {}", name, proposal_sentence(result, world)));
}

std::string window_sentence(const Limits& limits, std::int32_t current) {
  if (limits.stabilized == limits.recommended) return "Stabilization window: no recommendation in it changes that.";
  if (!limits.with_behavior) {
    return fmt::format("Stabilization window (no behavior): the highest recommendation in it is {}, and it counts{}.",
                       limits.stabilized, limits.stabilized > current ? " even above the current count" : "");
  }
  return fmt::format("Stabilization window: recent recommendations were {}; {} instead of {}.",
                     limits.stabilization_reason == "ScaleUpStabilized" ? "lower" : "higher", limits.stabilized,
                     limits.recommended);
}

std::string limit_sentence(const Limits& limits, std::int32_t current, const AutoscalerSpec& spec) {
  const auto min = spec.min_replicas.value_or(1);
  if (limits.limiting_reason == "ScaleUpLimit") {
    if (!limits.with_behavior) {
      return fmt::format("Rate limit (no behavior): at most max(2 x {}, 4) = {} in one sync.", current, limits.limited);
    }
    if (limits.limited == current) return "Rate limit: the scale-up policies allow nothing more at present.";
    return fmt::format("Rate limit: the scale-up policies allow {} at present.", limits.limited);
  }
  if (limits.limiting_reason == "ScaleDownLimit") {
    if (limits.limited == current) return "Rate limit: the scale-down policies allow nothing less at present.";
    return fmt::format("Rate limit: the scale-down policies allow no less than {} at present.", limits.limited);
  }
  if (limits.limiting_reason == "TooManyReplicas") return fmt::format("Maximum: {}.", spec.max_replicas);
  if (limits.limiting_reason == "TooFewReplicas") return fmt::format("Minimum: {}.", min);
  return fmt::format("Limits: {} is within {} to {} and within the rate.", limits.limited, min, spec.max_replicas);
}

std::string result_sentence(const Decision& decision) {
  if (!decision.current_replicas) return "Result: nothing, the scale could not be read: " + *decision.error + ".";
  if (decision.rescaled) {
    return fmt::format("Result: {} -> {}; reason: {}.", *decision.current_replicas, *decision.desired_replicas,
                       decision.rescale_reason->empty() ? "(none given)" : *decision.rescale_reason);
  }
  return fmt::format("Result: stays at {}{}.", *decision.current_replicas,
                     decision.error ? "; the sync ended in an error: " + *decision.error : "");
}

}  // namespace

std::vector<std::string> explain(const Decision& decision, const World& world) {
  std::vector<std::string> out;
  const auto& metrics = world.hpa.spec.metrics;
  for (std::size_t i = 0; i < std::min(metrics.size(), decision.per_metric.size()); ++i) {
    explain_metric(out, metrics[i], decision.per_metric[i], world);
  }
  if (decision.per_metric.empty() && decision.current_replicas) {
    out.push_back("The metrics were not read.");
  }
  if (decision.limits) {
    const auto current = decision.current_replicas.value_or(0);
    if (decision.per_metric.size() > 1) {
      out.push_back(fmt::format("The largest proposal counts: {}.", replicas(decision.limits->recommended)));
    }
    out.push_back(window_sentence(*decision.limits, current));
    out.push_back(limit_sentence(*decision.limits, current, world.hpa.spec));
  }
  out.push_back(result_sentence(decision));
  return out;
}

}  // namespace surgeproof::hpa
