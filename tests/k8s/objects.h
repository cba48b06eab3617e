// API objects as the server writes them, shortened to what a test says.
#pragma once

#include <string>

namespace surgeproof::k8s {

struct PodOptions {
  std::string name;
  std::string ns = "todo";
  std::string uid = "";  ///< empty: "uid-" and the name
  std::string owner = "ReplicaSet/backend-5d8f6c";
  std::string phase = "Running";
  bool ready = true;
  std::string deletion_timestamp = "";  ///< with 30 s of grace
  std::string resource_version = "1";
};

std::string hpa_json(const std::string& name, int current, int desired, const std::string& resource_version = "1",
                     const std::string& ns = "todo");
std::string deployment_json(const std::string& name, int replicas, int ready, const std::string& resource_version = "1",
                            const std::string& ns = "todo");
std::string pod_json(const PodOptions& options);
/// One endpoint per pod name (comma-separated), all ready.
std::string slice_json(const std::string& name, const std::string& service, const std::string& pods,
                       const std::string& resource_version = "1", const std::string& ns = "todo");
std::string event_json(const std::string& uid, const std::string& kind, const std::string& object,
                       const std::string& reason, const std::string& last_timestamp, int count = 1,
                       const std::string& ns = "todo");
std::string metrics_json(const std::string& pod, const std::string& timestamp, const std::string& cpu,
                         const std::string& ns = "todo");

/// {"type": …, "object": …} and a line feed.
std::string watch_line(const std::string& type, const std::string& object);

}  // namespace surgeproof::k8s
