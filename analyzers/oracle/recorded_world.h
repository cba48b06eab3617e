// What the HPA controller saw at one instant of a recording.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "analyzers/timeline.h"
#include "k8s/hpa/world.h"

namespace surgeproof {

/// Which of the recorded metrics the controller had. Samples are polled: one may have been served for up to a poll's
/// interval before it was recorded.
enum class MetricsView : std::uint8_t {
  recorded,  ///< those recorded by then
  fresher,   ///< of each pod the next one, too, if its window had ended by then
  older,     ///< without those of the last poll
  none,      ///< none: the controller says that it got none
};

/// Builds worlds of one HPA. Keeps references to the timeline.
class RecordedWorlds {
 public:
  /// `zero`: the server's clock at run time zero.
  RecordedWorlds(const Timeline& timeline, const HpaTrack& track, WallTime zero);

  /// The world of the sync that wrote `sample`; hpa.status is what `before` said.
  [[nodiscard]] hpa::World at(const HpaSample& sample, const HpaSample& before, MetricsView view) const;
  [[nodiscard]] WallTime wall(RunTime t) const { return zero_ + t; }

 private:
  [[nodiscard]] RunTime sync_instant(const HpaSample& sample) const;
  [[nodiscard]] hpa::Autoscaler autoscaler(const HpaSample& sample, const HpaSample& before) const;
  void add_pods(hpa::World& world, RunTime t) const;
  void add_pod_metrics(hpa::World& world, RunTime t, MetricsView view) const;
  void add_other_metrics(hpa::World& world, const HpaSample& sample) const;

  const Timeline& timeline_;
  const HpaTrack& track_;
  WallTime zero_;
  std::map<std::string, std::vector<const PodMetricsSample*>, std::less<>> metrics_;  // by pod
  mutable std::string spec_json_;
  mutable hpa::AutoscalerSpec spec_;  // of spec_json_
};

/// What the HPA's status said, typed.
hpa::AutoscalerStatus status_of(const HpaSample& sample);

/// The server's clock at run time zero: the recording's own start, unless the stamps contradict it by seconds.
WallTime server_zero(const Timeline& timeline, WallTime started);

}  // namespace surgeproof
