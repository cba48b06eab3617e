// One resource that the watcher keeps up to date, and where the API server serves it. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "k8s/discovery.h"

namespace surgeproof::k8s {

struct Feed {
  enum class Kind : std::uint8_t {
    hpas,          ///< all HPAs of a namespace (so that a misspelt name can be answered with those that exist)
    target,        ///< one HPA's scale target
    replica_sets,  ///< the ReplicaSets of one scale target
    pods,          ///< the pods of one scale target
    slices,        ///< all EndpointSlices of a namespace
    events,        ///< all events of a namespace
    nodes,         ///< all nodes
    log_pods,      ///< pods whose logs are read, besides those of the targets
    metrics,       ///< metrics.k8s.io of the pods of one scale target; polled
    hpa_metric,    ///< one custom or external metric of an HPA; polled
  };
  /// A kind whose resource only the server can name.
  struct Lookup {
    std::string group;
    std::string kind;
  };
  Kind kind{};
  std::string resource;  ///< as WatchState names it: "pods", "metrics.k8s.io/pods", …
  std::string ns;
  std::size_t watched = 0;         ///< of one HPA: index of the request
  std::vector<std::string> paths;  ///< in order of preference: the first that is served is used
  std::string field_selector;      ///< not encoded
  std::string label_selector;      ///< not encoded
  std::string metric_selector;     ///< not encoded; of a custom metric
  std::optional<Lookup> lookup;    ///< set: resolve() must fill the paths in
  std::string scale_path;          ///< not empty: the target's /scale tells more than the object
  std::string name;                ///< target: of the object; hpa_metric: of the metric
  std::string metric_type;         ///< hpa_metric: "Pods", "Object", "External"
  bool retired = false;            ///< no longer needed

  [[nodiscard]] bool polled() const { return kind == Kind::metrics || kind == Kind::hpa_metric; }
  /// Of one HPA, not of a whole namespace.
  [[nodiscard]] bool of_one() const {
    return kind == Kind::target || kind == Kind::replica_sets || kind == Kind::pods || polled();
  }
};

/// The paths stand in the order of HpaVersion.
Feed hpas_feed(const std::string& ns);
Feed slices_feed(const std::string& ns);
Feed events_feed(const std::string& ns);
Feed nodes_feed();
/// `api_version` and `kind` as in the HPA's scaleTargetRef. The built-in kinds are known; others are looked up.
Feed target_feed(const std::string& ns, std::size_t watched, const std::string& api_version, const std::string& kind,
                 const std::string& name);
Feed pods_feed(const std::string& ns, std::size_t watched, const std::string& selector);
/// `request`: index of the log request.
Feed log_pods_feed(const std::string& ns, std::size_t request, const std::string& selector);
Feed replica_sets_feed(const std::string& ns, std::size_t watched, const std::string& selector);
Feed metrics_feed(const std::string& ns, std::size_t watched, const std::string& selector);
/// Of one entry of the HPA's spec.metrics; empty for resource metrics. `selector`: of the target's pods.
std::optional<Feed> hpa_metric_feed(const std::string& ns, std::size_t watched, const boost::json::object& metric,
                                    const std::string& selector);

/// Fills in what the lookup found.
void resolve(Feed& feed, const ApiResource& resource);

/// Percent-encoding of a query value.
std::string encode_query(std::string_view text);
/// Request targets, below the server's base path. `version`: index into paths.
std::string list_target(const Feed& feed, std::size_t version, std::string_view continue_token);
std::string watch_target(const Feed& feed, std::size_t version, std::string_view resource_version,
                         long timeout_seconds);

/// Objects in one answer to a list.
inline constexpr int kPageSize = 500;

}  // namespace surgeproof::k8s
