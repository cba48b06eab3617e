// Writes what happened in the world as records, with a watcher's delays.
#pragma once

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/analyzers/truth/world.h"

namespace surgeproof::truth {

/// Seconds of the run; infinity: never.
struct SimPod {
  static constexpr double kNever = std::numeric_limits<double>::infinity();
  std::string name;
  std::string ip;
  std::string node;
  double created = 0;
  double ready = 0;     ///< Ready=True
  double serves = 0;    ///< its server listens
  double in_proxy = 0;  ///< new connections may reach it
  double out_of_proxy = kNever;
  double deletion = kNever;
  double closes = kNever;  ///< it stops listening and closes its connections
  double ended = kNever;   ///< its containers have ended
  double crashed = kNever;
  double restarted = kNever;
  double node_drops = kNever;  ///< its node drops new connections
  std::pair<double, double> unready{kNever, kNever};
  bool drains = false;               ///< it ends connections in good order
  bool touched = false;              ///< something is done to it already
  Injected why = Injected::unknown;  ///< what was done
};

class Narrator {
 public:
  struct OnConnection {
    std::uint64_t id = 0;
    double opened = 0;
    std::uint32_t served = 0;
    std::uint64_t received = 0;
  };

  Narrator(std::uint64_t seed, bool pods_known) : random_(seed ^ 0x5eed), pods_known_(pods_known) {}

  void answered(double t, const SimPod& pod);
  void failed(double t, double ended, Outcome outcome, const OnConnection& connection, const SimPod* pod, Injected why);
  void node_event(const std::string& node, double t, const std::string& reason, const std::string& message);
  void saturated(double from, double to);
  Told finish(const std::vector<SimPod>& pods, double length);

 private:
  /// When the watch tells of something, on the run's axis.
  RunTime observed(double t);
  void tell_pod(const SimPod& pod, double length);
  void tell_endpoints(const std::vector<SimPod>& pods, double length);
  void tell_hpa(int pods);
  PodSample sample(const SimPod& pod, double t) const;

  std::mt19937_64 random_;
  bool pods_known_;
  Told told_;
  std::map<std::pair<int, std::string>, std::uint64_t> answers_;  // second, pod
  std::map<int, std::array<std::uint64_t, kOutcomes>> seconds_;
  std::vector<std::pair<double, int>> cpu_;
};

}  // namespace surgeproof::truth
