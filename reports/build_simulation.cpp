// The recorded load once more, on the model of the controller with the recording's own settings: how far a simulation
// of other settings can be trusted.
#include <algorithm>

#include "analyzers/whatif/account.h"
#include "analyzers/whatif/fit.h"
#include "reports/build_parts.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {
namespace {

std::string sentence_of(const OwnSimulation& s) {
  const double share = 100.0 * static_cast<double>(s.equal) / static_cast<double>(s.syncs);
  return fmt::format(
      "A simulation with the run's own settings wants the recorded replicas at {} of {} syncs ({:.3g} %)", s.equal,
      s.syncs, share);
}

/// The recorded columns with one instant more wherever the simulation changes, and its own column.
ReplicaSteps beside(const HpaTrack& track, RunTime end, const whatif::Simulation& simulation, const Axis& axis) {
  std::vector<RunTime> changes;
  for (const whatif::ReplicaChange& c : simulation.replicas) changes.push_back(std::min(c.at, end));
  ReplicaSteps out = replicas_at(track, end, changes, axis);
  for (const double t_s : out.t_s) {
    // The axis has whole milliseconds: half of one more, and what changes at this instant has changed.
    const RunTime t = axis.origin + RunTime{std::llround(t_s * 1e9)} + std::chrono::microseconds{500};
    out.simulated.emplace_back(simulation.wanted_at(t));
  }
  return out;
}

}  // namespace

void add_own_simulation(const Timeline& timeline, const Scenario& scenario, const HpaTrack& track, WallTime started,
                        const Axis& axis, HpaReport& out) {
  if (track.samples.empty() || timeline.windows.empty() || out.replicas.t_s.empty()) return;
  const whatif::FittedService fitted = whatif::fit_service(timeline, scenario, track, started, {});
  const whatif::Service& service = fitted.service;
  const hpa::MetricSpec* metric = whatif::simulated_metric(service.loop.spec);
  if (!fitted.has_capacity || metric == nullptr) return;
  if (metric->target.average_utilization_percent && service.pod.request_millicores <= 0) return;
  const whatif::Simulation simulation = whatif::simulate(service);
  const whatif::Reproduction r = whatif::reproduction_of(simulation, track, service.loop.sync_period);
  if (r.syncs == 0) return;
  OwnSimulation own{r.syncs, r.equal, {}};
  own.sentence = sentence_of(own);
  out.own_simulation = std::move(own);
  out.replicas = beside(track, timeline.end, simulation, axis);
}

}  // namespace surgeproof::reports
