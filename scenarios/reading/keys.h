// Every key of the scenario format, by the mapping it stands in. The JSON Schema is checked against these tables.
#pragma once

#include <span>
#include <string_view>

namespace surgeproof::reading {

struct KeyTable {
  std::string_view name;                        ///< of the mapping: its definition in schema.json
  std::span<const std::string_view> known;      ///< what is read
  std::span<const std::string_view> planned{};  ///< part of the format, refused as "not supported yet"
};

namespace lists {
using Word = std::string_view;
inline constexpr Word kScenario[] = {"name",   "target",   "cluster", "watch",   "prometheus", "signals", "connections",
                                     "client", "requests", "load",    "actions", "warm_up",    "price",   "criteria"};
inline constexpr Word kPrometheus[] = {"url", "token", "headers", "tls"};
inline constexpr Word kSignal[] = {"prometheus", "every"};
inline constexpr Word kCluster[] = {"kubeconfig", "context", "namespace"};
inline constexpr Word kWatch[] = {"namespace", "hpa", "container"};
inline constexpr Word kConnections[] = {"max",        "streams",   "max_age", "max_requests", "jitter",
                                        "re_resolve", "addresses", "reuse",   "direct"};
inline constexpr Word kDirect[] = {"service", "namespace", "port"};
inline constexpr Word kClient[] = {"timeout", "max_lateness", "http",       "pacing", "traceparent",
                                   "tls",     "headers",      "pod_header", "workers"};
inline constexpr Word kTls[] = {"ca_file", "cert_file", "key_file", "server_name", "insecure"};
inline constexpr Word kRequest[] = {"name",   "weight", "get",  "post", "put",     "patch",
                                    "delete", "head",   "json", "body", "headers", "expect"};
inline constexpr Word kRequestPlanned[] = {"steps", "capture", "until"};
inline constexpr Word kMethods[] = {"get", "post", "put", "patch", "delete", "head"};
inline constexpr Word kExpect[] = {"status", "within"};
inline constexpr Word kLoad[] = {"arrivals", "seed", "stages", "closed"};
inline constexpr Word kClosed[] = {"connections", "streams", "for"};
inline constexpr Word kStage[] = {"name", "hold", "step", "ramp", "pause", "for", "over"};
inline constexpr Word kShapes[] = {"hold", "step", "ramp", "pause"};
inline constexpr Word kAction[] = {"name", "at", "namespace", "restart", "delete_pod", "scale"};
inline constexpr Word kActionKinds[] = {"restart", "delete_pod", "scale"};
inline constexpr Word kDeletePod[] = {"hpa", "pick"};
inline constexpr Word kScale[] = {"target", "replicas"};
inline constexpr Word kCriterion[] = {"scale_up", "scale_down", "latency", "error_rate", "dropped_requests",
                                      "replicas", "signal",     "logs",    "eventually"};
inline constexpr Word kScaleUp[] = {"hpa", "to", "within", "from"};
inline constexpr Word kScaleDown[] = {"hpa", "to", "not_before", "within", "from"};
inline constexpr Word kLatency[] = {"p50", "p90", "p95", "p99", "p99.9", "max", "during", "request"};
inline constexpr Word kPercentiles[] = {"p50", "p90", "p95", "p99", "p99.9", "max"};
inline constexpr Word kErrorRate[] = {"max", "during", "request"};
inline constexpr Word kDroppedRequests[] = {"max", "during"};
inline constexpr Word kReplicas[] = {"hpa", "min", "max", "max_changes", "during"};
inline constexpr Word kSignalCriterion[] = {"during"};  // and the signals' names
inline constexpr Word kSignalLimits[] = {"min", "max"};
inline constexpr Word kLogs[] = {"pods", "namespace", "absent", "present", "during"};
inline constexpr Word kEventually[] = {"signal", "above", "below", "logs", "pods", "namespace", "within", "after"};
}  // namespace lists

inline constexpr KeyTable kScenario{"scenario", lists::kScenario};
inline constexpr KeyTable kCluster{"cluster", lists::kCluster};
inline constexpr KeyTable kWatch{"watch", lists::kWatch};
inline constexpr KeyTable kPrometheus{"prometheus", lists::kPrometheus};
inline constexpr KeyTable kSignal{"signal", lists::kSignal};
inline constexpr KeyTable kConnections{"connections", lists::kConnections};
inline constexpr KeyTable kDirect{"direct", lists::kDirect};
inline constexpr KeyTable kClient{"client", lists::kClient};
inline constexpr KeyTable kTls{"tls", lists::kTls};
inline constexpr KeyTable kRequest{"request", lists::kRequest, lists::kRequestPlanned};
inline constexpr KeyTable kExpect{"expect", lists::kExpect};
inline constexpr KeyTable kLoad{"load", lists::kLoad};
inline constexpr KeyTable kClosed{"closed", lists::kClosed};
inline constexpr KeyTable kStage{"stage", lists::kStage};
inline constexpr KeyTable kAction{"action", lists::kAction};
inline constexpr KeyTable kDeletePod{"delete_pod", lists::kDeletePod};
inline constexpr KeyTable kScale{"scale", lists::kScale};
inline constexpr KeyTable kCriterion{"criterion", lists::kCriterion};
inline constexpr KeyTable kScaleUp{"scale_up", lists::kScaleUp};
inline constexpr KeyTable kScaleDown{"scale_down", lists::kScaleDown};
inline constexpr KeyTable kLatency{"latency", lists::kLatency};
inline constexpr KeyTable kErrorRate{"error_rate", lists::kErrorRate};
inline constexpr KeyTable kDroppedRequests{"dropped_requests", lists::kDroppedRequests};
inline constexpr KeyTable kReplicas{"replicas", lists::kReplicas};

inline constexpr KeyTable kSignalCriterion{"signal_criterion", lists::kSignalCriterion};
inline constexpr KeyTable kSignalLimits{"signal_limits", lists::kSignalLimits};
inline constexpr KeyTable kLogs{"logs", lists::kLogs};
inline constexpr KeyTable kEventually{"eventually", lists::kEventually};

inline constexpr const KeyTable* kAllTables[] = {
    &kScenario,        &kCluster,      &kWatch,   &kPrometheus, &kSignal,          &kConnections,
    &kDirect,          &kClient,       &kTls,     &kRequest,    &kExpect,          &kLoad,
    &kClosed,          &kStage,        &kAction,  &kDeletePod,  &kScale,           &kCriterion,
    &kScaleUp,         &kScaleDown,    &kLatency, &kErrorRate,  &kDroppedRequests, &kReplicas,
    &kSignalCriterion, &kSignalLimits, &kLogs,    &kEventually};

/// The detected phases that `during` may name.
inline constexpr std::string_view kPhases[] = {"baseline", "scaling", "scaled", "draining"};

}  // namespace surgeproof::reading
