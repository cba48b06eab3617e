// Builds worlds for tests in few words.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "k8s/hpa/controller.h"

namespace surgeproof::hpa {

/// A fixed noon; tests count from here.
inline constexpr WallTime kNoon{std::chrono::seconds{1'748'865'600}};

inline WallTime noon_plus(std::chrono::nanoseconds later) { return kNoon + later; }

/// A Running pod "name" of the target, ready for a day, with one container "app" that requests 100m cpu.
inline Pod ready_pod(std::string name) {
  Pod pod;
  pod.ns = "shop";
  pod.name = std::move(name);
  pod.labels = {{"app", "web"}};
  pod.phase = PodPhase::running;
  pod.start_time = kNoon - std::chrono::hours{24};
  pod.ready = "True";
  pod.ready_since = kNoon - std::chrono::hours{24} + std::chrono::seconds{20};
  pod.containers = {{"app", false, {{"cpu", 100}, {"memory", 1'000'000}}}};
  return pod;
}

/// Its usage of cpu, measured over 15 s until now.
inline PodMetrics cpu_usage(std::string pod, std::int64_t milli) {
  PodMetrics metrics;
  metrics.ns = "shop";
  metrics.name = std::move(pod);
  metrics.labels = {{"app", "web"}};
  metrics.timestamp = kNoon;
  metrics.window = std::chrono::seconds{15};
  metrics.containers = {{"app", {{"cpu", milli}}}};
  return metrics;
}

inline MetricSpec cpu_utilization(std::int32_t percent) {
  MetricSpec metric;
  metric.type = MetricType::resource;
  metric.name = "cpu";
  metric.target.type = "Utilization";
  metric.target.average_utilization_percent = percent;
  return metric;
}

inline MetricSpec cpu_average(std::int64_t milli) {
  MetricSpec metric = cpu_utilization(0);
  metric.target = {"AverageValue", std::nullopt, milli, std::nullopt};
  return metric;
}

inline MetricSpec external_metric(std::string name) {
  MetricSpec metric;
  metric.type = MetricType::external;
  metric.name = std::move(name);
  return metric;
}

inline MetricSpec external_average(std::string name, std::int64_t milli) {
  MetricSpec metric = external_metric(std::move(name));
  metric.target = {"AverageValue", std::nullopt, milli, std::nullopt};
  return metric;
}

inline MetricSpec external_value(std::string name, std::int64_t milli) {
  MetricSpec metric = external_metric(std::move(name));
  metric.target = {"Value", std::nullopt, std::nullopt, milli};
  return metric;
}

/// Deployment shop/web with `replicas`, an HPA from 1 to 20 on `metrics`, and no pods.
inline World world_of(std::int32_t replicas, std::vector<MetricSpec> metrics) {
  World world;
  world.hpa.ns = "shop";
  world.hpa.name = "web";
  world.hpa.spec.target = {"apps/v1", "Deployment", "web"};
  world.hpa.spec.max_replicas = 20;
  world.hpa.spec.metrics = std::move(metrics);
  apply_defaults(world.hpa.spec);
  world.scale = Scale{replicas, replicas, "app=web"};
  world.pod_metrics = std::vector<PodMetrics>{};
  return world;
}

/// Adds a ready pod with a sample.
inline void add_pod(World& world, const std::string& name, std::int64_t cpu_milli) {
  world.pods.push_back(ready_pod(name));
  world.pod_metrics->push_back(cpu_usage(name, cpu_milli));
}

inline void answer_external(World& world, const std::string& metric, std::vector<std::int64_t> milli) {
  world.external_metrics.push_back({metric, {}, std::move(milli)});
}

/// `behavior: {}` with the API server's defaults.
inline Behavior default_behavior() {
  AutoscalerSpec spec;
  spec.behavior = Behavior{};
  apply_defaults(spec);
  return *spec.behavior;
}

/// "AbleToScale=True/SucceededRescale"; "" without such a condition.
inline std::string condition(const Decision& decision, std::string_view type) {
  for (const auto& c : decision.status.conditions) {
    if (c.type == type) return c.type + "=" + c.status + "/" + c.reason;
  }
  return "";
}

inline std::vector<std::string> event_reasons(const Decision& decision) {
  std::vector<std::string> reasons;
  for (const auto& e : decision.events) reasons.push_back(e.reason);
  return reasons;
}

}  // namespace surgeproof::hpa
