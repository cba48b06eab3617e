// A demo cluster in virtual time, with a table in place of the real servers.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/wall_time.h"
#include "k8s/demo/control_plane.h"

namespace surgeproof::demo {

/// Containers that answer probes once their start delay is over, and share a given CPU demand.
class TableRuntime : public ContainerRuntime {
 public:
  explicit TableRuntime(EventQueue& queue) : queue_(queue), counted_until_(queue.now()) {}

  void start(const ContainerSpec& spec) override;
  void probe(const std::string& uid, const HttpProbe& probe, std::function<void(ProbeAnswer)> done) override;
  void terminate(const std::string& uid) override;
  void kill(const std::string& uid) override;
  [[nodiscard]] std::chrono::nanoseconds cpu_used(const std::string& uid) const override;

  /// From now on all containers together are asked for so much; each gives at most its limit.
  void set_demand(Millicores demand);
  /// A container ends by itself.
  void crash(const std::string& pod, const ContainerExit& exit);
  [[nodiscard]] std::size_t running() const { return containers_.size(); }

  struct Stop {
    std::string pod;
    std::string how;  ///< "TERM", "KILL"
    WallTime at{};
  };
  std::vector<Stop> stops;
  std::chrono::nanoseconds drain_time = std::chrono::milliseconds{100};  ///< from SIGTERM to the end
  bool ignores_term = false;

 private:
  struct Container {
    ContainerSpec spec;
    WallTime serves_from{};
    std::chrono::nanoseconds used{};
  };
  void count();

  EventQueue& queue_;
  Millicores demand_{};
  WallTime counted_until_;
  std::map<std::string, Container> containers_;
};

/// Everything together, from a fixed date on.
class World {
 public:
  explicit World(DemoOptions options = DemoOptions::quick());

  /// Steps on by this much.
  void run(std::chrono::nanoseconds d);
  [[nodiscard]] std::chrono::nanoseconds elapsed() const { return queue.now() - begin; }
  [[nodiscard]] Store& store() { return plane->store(); }
  [[nodiscard]] ObjectPtr deployment() { return store().get(types::kDeployments, "todo", "todo"); }
  [[nodiscard]] ObjectPtr hpa() { return store().get(types::kHpas, "todo", "todo"); }
  [[nodiscard]] std::vector<ObjectPtr> pods() { return store().list_in(types::kPods, "todo"); }
  [[nodiscard]] std::int64_t wanted();
  [[nodiscard]] std::size_t ready();
  /// Whether an event of that reason is there, whose message holds the text.
  [[nodiscard]] bool saw(std::string_view reason, std::string_view text = "");

  WallTime begin;
  EventQueue queue;
  TableRuntime runtime;
  std::vector<std::vector<Backend>> backends;  ///< every word of the proxy
  std::vector<WallTime> backends_at;
  std::unique_ptr<ControlPlane> plane;

 private:
  int last_address_ = 1;
};

}  // namespace surgeproof::demo
