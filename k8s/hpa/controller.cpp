#include "k8s/hpa/controller.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/hpa/limits.h"
#include "k8s/hpa/metric.h"
#include "k8s/hpa/pods.h"

namespace surgeproof::hpa {
namespace {

/// One run of reconcileAutoscaler: the decision as it grows.
class Sync {
 public:
  Sync(const Settings& settings, Memory& memory, const World& world, WallTime now)
      : settings_(settings), memory_(memory), world_(world), spec_(world.hpa.spec), now_(now) {
    decision_.status = world.hpa.status;
  }

  Decision run() {
    if (!read_scale()) return std::move(decision_);
    const std::int32_t current = world_.scale->spec_replicas;
    const std::int32_t min = spec_.min_replicas.value_or(1);
    decision_.current_replicas = decision_.desired_replicas = current;
    if (memory_.recommendations.empty()) memory_.recommendations.push_back({current, now_});
    if (current == 0 && min != 0) {
      set_condition("ScalingActive", "False", "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
      set_status(current, 0);
    } else if (current > spec_.max_replicas) {
      rescale(current, spec_.max_replicas, "Current number of replicas above Spec.MaxReplicas");
    } else if (current < min) {
      rescale(current, min, "Current number of replicas below Spec.MinReplicas");
    } else {
      follow_metrics(current, min);
    }
    return std::move(decision_);
  }

 private:
  void emit(std::string_view type, std::string_view reason, std::string message) {
    decision_.events.push_back({std::string(type), std::string(reason), std::move(message)});
  }

  /// setConditionInList: the transition time changes with the status only.
  void set_condition(std::string_view type, std::string_view status, std::string_view reason, std::string message) {
    auto& conditions = decision_.status.conditions;
    auto found = std::ranges::find(conditions, type, &AutoscalerCondition::type);
    if (found == conditions.end()) {
      conditions.push_back({std::string(type), "", "", "", std::nullopt});
      found = std::prev(conditions.end());
    }
    if (found->status != status) found->last_transition = now_;
    found->status = status;
    found->reason = reason;
    found->message = std::move(message);
  }

  /// setStatus; the last scale time changes in `rescale`.
  void set_status(std::int32_t current, std::int32_t desired) {
    decision_.status.current_replicas = current;
    decision_.status.desired_replicas = desired;
    decision_.status.current_metrics = std::move(metric_statuses_);
  }

  /// What the target is called in errors: "Deployment/shop/web".
  [[nodiscard]] std::string reference() const {
    return fmt::format("{}/{}/{}", spec_.target.kind, world_.hpa.ns, spec_.target.name);
  }

  bool fail_scale(const std::string& words, std::string_view error) {
    emit("Warning", "FailedGetScale", words);
    set_condition("AbleToScale", "False", "FailedGetScale",
                  "the HPA controller was unable to get the target's current scale: " + words);
    decision_.error = fmt::format("{}: {}", error, words);
    return false;
  }

  bool read_scale() {
    const std::string& version = spec_.target.api_version;
    if (std::ranges::count(version, '/') > 1) {  // schema.ParseGroupVersion
      return fail_scale("unexpected GroupVersion string: " + version, "invalid API version in scale target reference");
    }
    if (!world_.scale) {
      const Failure& failure = world_.scale.error();
      return fail_scale(failure.message.empty() ? "the scale could not be read" : failure.message,
                        "failed to query scale subresource for " + reference());
    }
    set_condition("AbleToScale", "True", "SucceededGetScale",
                  "the HPA controller was able to get the target's current scale");
    return true;
  }

  void fail_selector(std::string_view event, std::string_view reason, const std::string& words,
                     std::string condition_words) {
    emit("Warning", event, words);
    set_condition("ScalingActive", "False", reason, std::move(condition_words));
    metrics_error_ = words;
  }

  /// validateAndParseSelector
  std::optional<Selector> read_selector() {
    const std::string& text = world_.scale->selector;
    if (text.empty()) {
      fail_selector("SelectorRequired", "InvalidSelector", "selector is required",
                    "the HPA target's scale is missing a selector");
      return std::nullopt;
    }
    auto selector = parse_selector(text);
    if (!selector) {
      const auto words = "couldn't convert selector into a corresponding internal selector object: " + selector.error();
      fail_selector("InvalidSelector", "InvalidSelector", words, words);
      return std::nullopt;
    }
    const auto rivals = other_owners(*selector);
    if (!rivals.empty()) {
      const auto words = fmt::format("pods by selector {} are controlled by multiple HPAs: [{}/{} {}]", text,
                                     world_.hpa.ns, world_.hpa.name, fmt::join(rivals, " "));
      fail_selector("AmbiguousSelector", "AmbiguousSelector", words, words);
      return std::nullopt;
    }
    return std::move(*selector);
  }

  /// hpasControllingPodsUnderSelector, without this HPA.
  [[nodiscard]] std::vector<std::string> other_owners(const Selector& selector) const {
    std::vector<std::string> owners;
    const auto pods = target_pods(world_, selector);
    for (const auto& other : world_.other_autoscalers) {
      if (other.ns != world_.hpa.ns || other.name == world_.hpa.name || other.selector.empty()) continue;
      const auto theirs = parse_selector(other.selector);
      if (theirs && std::ranges::any_of(pods, [&](const Pod* p) { return theirs->matches(p->labels); })) {
        owners.push_back(other.ns + "/" + other.name);
      }
    }
    return owners;
  }

  /// computeReplicasForMetrics: the largest proposal, or nothing if too much failed. Sets metrics_error_ on any
  /// failure.
  std::optional<std::int32_t> compute_metrics(std::string& description) {
    const auto selector = read_selector();
    if (!selector) return std::nullopt;
    const Calculation calculation{world_,
                                  settings_,
                                  *selector,
                                  now_,
                                  tolerances_for(spec_, settings_),
                                  world_.scale->spec_replicas,
                                  world_.scale->status_replicas};
    std::int32_t best = 0;
    std::size_t failed = 0;
    std::string first_words;
    const MetricResult* first = nullptr;
    decision_.per_metric.reserve(spec_.metrics.size());
    for (const auto& metric : spec_.metrics) {
      std::string words;
      auto& result = decision_.per_metric.emplace_back(compute_metric(calculation, metric, words));
      metric_statuses_.push_back(status_of(metric, result));
      if (!result.proposal) {
        emit("Warning", result.reason, words);
        if (failed++ == 0) {
          first = &result;
          first_words = words;
        }
      } else if (best == 0 || *result.proposal > best) {
        best = *result.proposal;
        description = result.description;
      }
    }
    if (first != nullptr) {
      metrics_error_ = fmt::format("invalid metrics ({} invalid out of {}), first error is: {}", failed,
                                   spec_.metrics.size(), first->error);
      if (failed >= spec_.metrics.size() || best < calculation.spec_replicas) {
        set_condition("ScalingActive", "False", first->reason,
                      "the HPA was unable to compute the replica count: " + first_words);
        return std::nullopt;
      }
    }
    set_condition("ScalingActive", "True", "ValidMetricFound",
                  "the HPA was able to successfully calculate a replica count from " + description);
    return best;
  }

  void follow_metrics(std::int32_t current, std::int32_t min) {
    std::string description;
    const auto computed = compute_metrics(description);
    if (!computed) {
      set_status(current, decision_.status.desired_replicas);
      emit("Warning", "FailedComputeMetricsReplicas", *metrics_error_);
      decision_.error = fmt::format("failed to compute desired number of replicas based on listed metrics for {}: {}",
                                    reference(), *metrics_error_);
      return;
    }
    decision_.error = metrics_error_;
    const std::int32_t recommended = std::max(*computed, 0);
    if (recommended == 0) description.clear();
    std::string reason;
    if (recommended > current) reason = description + " above target";
    if (recommended < current) reason = "All metrics below target";
    const ReplicaRange range{min, spec_.max_replicas};
    const Limits& limits = decision_.limits.emplace(
        spec_.behavior ? limit_with_behavior(memory_, settings_, *spec_.behavior, current, recommended, range, now_)
                       : limit_without_behavior(memory_, settings_, current, recommended, range, now_));
    set_condition("AbleToScale", "True", limits.stabilization_reason,
                  stabilization_message(limits.stabilization_reason));
    set_condition("ScalingLimited", limits.limited == limits.stabilized ? "False" : "True", limits.limiting_reason,
                  limiting_message(limits.limiting_reason));
    if (limits.limited != current) {
      rescale(current, limits.limited, reason);
    } else {
      set_status(current, current);
    }
  }

  void rescale(std::int32_t current, std::int32_t desired, const std::string& reason) {
    if (world_.scale_update) {
      const std::string& words = world_.scale_update->message;
      emit("Warning", "FailedRescale", fmt::format("New size: {}; reason: {}; error: {}", desired, reason, words));
      set_condition("AbleToScale", "False", "FailedUpdateScale",
                    "the HPA controller was unable to update the target scale: " + words);
      set_status(current, decision_.status.desired_replicas);
      decision_.error = fmt::format("failed to rescale {}: {}", reference(), words);
      return;
    }
    decision_.rescaled = true;
    decision_.desired_replicas = desired;
    decision_.rescale_reason = reason;
    set_condition("AbleToScale", "True", "SucceededRescale",
                  fmt::format("the HPA controller was able to update the target scale to {}", desired));
    emit("Normal", "SuccessfulRescale", fmt::format("New size: {}; reason: {}", desired, reason));
    if (spec_.behavior) store_scale_event(memory_, *spec_.behavior, current, desired, now_);
    set_status(current, desired);
    decision_.status.last_scale_time = now_;
  }

  const Settings& settings_;
  Memory& memory_;
  const World& world_;
  const AutoscalerSpec& spec_;
  WallTime now_;
  Decision decision_;
  std::vector<MetricStatus> metric_statuses_;
  std::optional<std::string> metrics_error_;
};

}  // namespace

Decision Controller::sync(const World& world, WallTime now) { return Sync(settings_, memory_, world, now).run(); }

}  // namespace surgeproof::hpa
