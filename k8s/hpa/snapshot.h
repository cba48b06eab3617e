// From a heap of saved objects (`kubectl get -o json`, in any order) to what one autoscaler sees at one instant.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "k8s/hpa/controller.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// Objects as they were saved; lists are opened.
class ObjectHeap {
 public:
  /// Takes one document: an object, or a List of any kind. A v1 Status stands for the metrics' request that failed.
  /// False when it is no Kubernetes object.
  bool add(const boost::json::value& document);

  [[nodiscard]] const std::vector<boost::json::value>& of_kind(std::string_view kind) const;
  [[nodiscard]] bool has_list_of(std::string_view kind) const;  ///< a list came, though it may be empty
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  void add_one(const boost::json::value& object, std::string kind);
  std::vector<std::pair<std::string, std::vector<boost::json::value>>> kinds_;
  std::vector<std::string> lists_;
  std::size_t count_ = 0;
};

/// One autoscaler's world, with what can be told of the controller's memory.
struct Snapshot {
  World world;    ///< hpa.status is what the controller said last
  Memory memory;  ///< the last scale (status.lastScaleTime) and the changes that events tell of
  WallTime now{};
  std::vector<std::string> events;   ///< of the HPA, oldest first: "09:14:02 SuccessfulRescale: New size: 4; …"
  std::vector<std::string> remarks;  ///< what was assumed because no file says it
};

/// Which autoscaler is meant, and when.
struct SnapshotQuery {
  std::string ns;               ///< empty: any
  std::string name;             ///< empty: the only one
  std::optional<WallTime> now;  ///< empty: the latest instant that an object tells of
};

/// The error is one sentence with what would do.
std::expected<Snapshot, std::string> assemble(const ObjectHeap& heap, const SnapshotQuery& query);

}  // namespace surgeproof::hpa
