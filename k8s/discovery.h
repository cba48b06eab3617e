// What the server serves: groups, versions, resources. Read from aggregated discovery (apidiscovery.k8s.io, Kubernetes
// 1.26 and newer) or from the lists of before. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::k8s {

struct ApiResource {
  std::string group;  ///< empty: core
  std::string version;
  std::string plural;  ///< "rollouts": not always the kind's name with an "s"
  std::string kind;
  bool namespaced = true;
  bool scale = false;  ///< has a /scale subresource

  /// "/apis/argoproj.io/v1alpha1/namespaces/todo/rollouts"; without the namespace where there is none.
  [[nodiscard]] std::string collection(std::string_view ns) const;
  /// "rollouts.argoproj.io", "services": as the custom metrics API wants it.
  [[nodiscard]] std::string qualified() const { return group.empty() ? plural : plural + "." + group; }
};

class Discovery {
 public:
  /// Accept header for add_groups().
  static constexpr std::string_view kAccept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

  /// The answer to /apis or /api, in either form. False when it is neither.
  bool add_groups(const boost::json::object& answer);
  /// The APIResourceList of one group and version. False when it is none.
  bool add_resources(const boost::json::object& list);

  /// In the server's order of preference; empty when the group is not served.
  [[nodiscard]] std::vector<std::string> versions(std::string_view group) const;
  /// In the preferred version that has it; null when none does or none was read.
  [[nodiscard]] const ApiResource* find(std::string_view group, std::string_view kind) const;
  /// Nothing was read.
  [[nodiscard]] bool empty() const { return groups_.empty(); }

 private:
  struct Version {
    std::string name;
    std::vector<ApiResource> resources;
  };
  Version& version_of(const std::string& group, const std::string& version);

  std::map<std::string, std::vector<Version>, std::less<>> groups_;
};

/// "argoproj.io/v1alpha1" → "argoproj.io"; "v1" → "".
std::string group_of(std::string_view api_version);

}  // namespace surgeproof::k8s
