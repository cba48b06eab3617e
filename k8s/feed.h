// One resource that the watcher keeps up to date, and where the API server serves it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace surgeproof::k8s {

struct Feed {
  enum class Kind : std::uint8_t {
    hpas,     ///< all HPAs of a namespace (so that a misspelt name can be answered with those that exist)
    target,   ///< one HPA's scale target
    pods,     ///< the pods of one scale target
    slices,   ///< all EndpointSlices of a namespace
    events,   ///< all events of a namespace
    metrics,  ///< metrics.k8s.io of the pods of one scale target; polled
  };
  Kind kind{};
  std::string resource;  ///< as WatchState names it: "pods", "metrics.k8s.io/pods", …
  std::string ns;
  std::size_t watched = 0;         ///< target, pods, metrics: index of the request
  std::vector<std::string> paths;  ///< in order of preference: the first that is served is used
  std::string field_selector;      ///< not encoded
  std::string label_selector;      ///< not encoded
};

/// The paths stand in the order of HpaVersion.
Feed hpas_feed(const std::string& ns);
Feed slices_feed(const std::string& ns);
Feed events_feed(const std::string& ns);
/// `api_version` and `kind` as in the HPA's scaleTargetRef. The built-in kinds are known; for others the plural is
/// the kind's lower-case name with an "s".
Feed target_feed(const std::string& ns, std::size_t watched, const std::string& api_version, const std::string& kind,
                 const std::string& name);
Feed pods_feed(const std::string& ns, std::size_t watched, const std::string& selector);
Feed metrics_feed(const std::string& ns, std::size_t watched, const std::string& selector);

/// Percent-encoding of a query value.
std::string encode_query(std::string_view text);
/// Request targets, below the server's base path. `version`: index into paths.
std::string list_target(const Feed& feed, std::size_t version, std::string_view continue_token);
std::string watch_target(const Feed& feed, std::size_t version, std::string_view resource_version,
                         long timeout_seconds);

/// Objects in one answer to a list.
inline constexpr int kPageSize = 500;

}  // namespace surgeproof::k8s
