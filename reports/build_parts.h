// The parts that build_report puts together. Internal to reports/.
#pragma once

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "analyzers/timeline.h"
#include "reports/report.h"

namespace surgeproof::reports {

/// The report's axis: seconds since the load began, to the millisecond.
struct Axis {
  RunTime origin{};

  [[nodiscard]] double operator()(RunTime t) const {
    return std::round(std::chrono::duration<double>(t - origin).count() * 1e3) / 1e3;
  }
  [[nodiscard]] std::optional<double> operator()(const std::optional<RunTime>& t) const {
    return t ? std::optional{(*this)(*t)} : std::nullopt;
  }
  [[nodiscard]] std::optional<double> operator()(const std::optional<Stamp>& t) const {
    return t ? std::optional{(*this)(t->observed)} : std::nullopt;
  }
};

inline std::optional<double> to_ms(std::optional<std::chrono::microseconds> us) {
  return us ? std::optional{static_cast<double>(us->count()) / 1e3} : std::nullopt;
}

/// What the analyzers say of one HPA: its critical paths and elasticity.
void add_analysis(const Verdict& verdict, const HpaTrack& hpa, const Axis& axis, HpaReport& out);
DropSection build_drops(const DropReport& drops, const Axis& axis);

/// Bins of equal width (1, 2 or 5 times a power of ten, or a minute's part), at most 1,800 of them.
LoadSeries build_load_series(const Timeline& timeline, const Axis& axis);

/// Over the windows of `stage`, or, when that is empty, those planned within `interval`.
SpanSummary summarize(const Timeline& timeline, const Axis& axis, Interval interval, const std::string& stage);

std::vector<FailureRow> build_failures(const Timeline& timeline, const Axis& axis);
std::vector<FailureExample> build_failure_examples(const Timeline& timeline, const Axis& axis);
std::vector<PeerRow> build_peers(const Timeline& timeline, const Axis& axis);
GeneratorHealth build_generator_health(const Timeline& timeline);

/// What the HPA wanted, what was set and what was ready, at each change and at the instants `also`.
ReplicaSteps replicas_at(const HpaTrack& track, RunTime end, const std::vector<RunTime>& also, const Axis& axis);
HpaReport build_hpa(const Timeline& timeline, const HpaTrack& track, const Axis& axis);
/// Events of the cluster and decisions seen in the HPAs, by time; at most 400 lines.
/// `started`: wall time of RunTime zero.
std::vector<LogLine> build_log(const Timeline& timeline, const Axis& axis, WallTime started);
/// `started`: wall time of the recording's zero.
Decisions build_decisions(const Timeline& timeline, const HpaTrack& track, WallTime started, const Axis& axis);
/// Fills own_simulation and replicas.simulated when the recording holds enough for it.
void add_own_simulation(const Timeline& timeline, const Scenario& scenario, const HpaTrack& track, WallTime started,
                        const Axis& axis, HpaReport& out);
std::vector<SignalSeries> build_signals(const Scenario& scenario, const Timeline& timeline, const Axis& axis);
std::vector<LogTextRow> build_log_texts(const Scenario& scenario, const Timeline& timeline, const Axis& axis);
std::vector<Gap> build_gaps(const Timeline& timeline, const Axis& axis);

}  // namespace surgeproof::reports
