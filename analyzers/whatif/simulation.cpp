#include "analyzers/whatif/simulation.h"

#include <algorithm>
#include <cmath>

#include "base/run_time.h"
#include "k8s/hpa/cpu_proposal.h"
#include "k8s/hpa/limits.h"
#include "k8s/hpa/replica_calculator.h"

namespace surgeproof::whatif {
namespace {

/// The wall time of RunTime zero: any will do, away from the ends of the range.
constexpr WallTime kZero{std::chrono::seconds{1'000'000'000}};

/// Pods that were created together; alike throughout.
struct PodGroup {
  std::int32_t count = 0;
  RunTime running{};
  RunTime ready{};
};

class Run {
 public:
  Run(const Service& service, SimulationBuffers& buffers)
      : demand_(service.demand),
        pod_(service.pod),
        loop_(service.loop),
        spec_(service.loop.spec),
        metric_(*simulated_metric(service.loop.spec)),
        tolerance_(hpa::tolerances_for(spec_, loop_.settings)),
        most_per_second_(service.pod.most_per_second()),
        used_(buffers.used) {}

  Simulation run() {
    begin();
    const RunTime end = demand_.length();
    RunTime on_grid = loop_.first_sync;
    RunTime next_sync = sync_near(on_grid);
    for (std::size_t bin = 0; bin < demand_.per_second.size(); ++bin) {
      offered_ = demand_.per_second[bin];
      const RunTime bin_end = demand_.bin * static_cast<std::int64_t>(bin + 1);
      ServedBin served;
      while (now_ < bin_end) {
        RunTime until = std::min(bin_end, next_sync);
        if (starting_ < groups_.size()) until = std::min(until, groups_[starting_].ready);
        advance(std::max(until, now_), served);
        note_ready();
        if (now_ == next_sync && now_ < end) {
          sync();
          on_grid += loop_.sync_period;
          next_sync = std::max(sync_near(on_grid), now_ + RunTime{1});
        }
      }
      served.wait_s = static_cast<float>(wait_s());
      out_.worst_wait_s = std::max(out_.worst_wait_s, wait_s());
      out_.bins.push_back(served);
    }
    out_.end = end;
    return std::move(out_);
  }

 private:
  /// The recorded sync near an instant of the grid; that instant without one.
  [[nodiscard]] RunTime sync_near(RunTime t) const {
    const RunTime reach = std::min<RunTime>(loop_.sync_period / 4, std::chrono::seconds{1});
    const auto found = std::ranges::lower_bound(loop_.recorded_syncs, t - reach);
    return found != loop_.recorded_syncs.end() && *found < t + reach ? *found : t;
  }

  void begin() {
    used_.clear();
    wanted_ = std::max(loop_.initial_replicas, 0);
    if (wanted_ > 0) groups_.push_back({wanted_, RunTime::min() / 2, RunTime::min() / 2});
    ready_ = wanted_;
    starting_ = groups_.size();
    out_.replicas.push_back({RunTime{0}, wanted_, ready_});
    out_.bins.reserve(demand_.per_second.size());
    memory_.recommendations.push_back({wanted_, kZero - loop_.sync_period});
    // Before zero everything was as in the first bin.
    offered_ = demand_.per_second.empty() ? 0 : demand_.per_second.front();
    before_zero_ = ready_ > 0 ? cpu_of(std::min(offered_ / ready_, most_per_second_)) : 0;
    used_.emplace_back(0, 0);
  }

  /// Millicores of one pod that answers so many requests per second.
  [[nodiscard]] double cpu_of(double per_second) const {
    return std::min(pod_.idle_millicores + per_second * pod_.cpu_per_request_ms, pod_.most_millicores);
  }

  [[nodiscard]] double wait_s() const {
    if (backlog_ <= 0) return 0;
    return ready_ > 0 ? backlog_ / (ready_ * most_per_second_) : pod_.client_timeout_s;
  }

  void advance(RunTime until, ServedBin& bin) {
    const double dt = to_seconds(until - now_);
    if (dt <= 0) return;
    now_ = until;
    const double capacity = ready_ > 0 ? ready_ * most_per_second_ : 0;
    const double served = std::min(backlog_ + offered_ * dt, capacity * dt);
    backlog_ += offered_ * dt - served;
    const double longest = pod_.client_timeout_s * (ready_ > 0 ? capacity : offered_);
    if (backlog_ > longest) {
      bin.lost += static_cast<float>(backlog_ - longest);
      out_.lost_requests += backlog_ - longest;
      backlog_ = longest;
    }
    const double cpu = ready_ > 0 ? cpu_of(served / dt / ready_) : 0;
    used_.emplace_back(to_seconds(now_), used_.back().second + cpu * dt);
    if (offered_ > capacity) out_.under_capacity_s += dt;
    if (capacity > 0) bin.utilization = std::max(bin.utilization, static_cast<float>(served / (capacity * dt)));
    if (pod_.request_millicores > 0) {
      out_.peak_utilization = std::max(out_.peak_utilization, cpu * 100 / static_cast<double>(pod_.request_millicores));
    }
    out_.replica_seconds += ready_ * dt;
    out_.wanted_replica_seconds += wanted_ * dt;
  }

  void note_ready() {
    const std::int32_t before = ready_;
    while (starting_ < groups_.size() && groups_[starting_].ready <= now_) ready_ += groups_[starting_++].count;
    if (ready_ != before) note_change();
  }

  void note_change() {
    if (out_.replicas.back().at == now_) {
      out_.replicas.back() = {now_, wanted_, ready_};
    } else {
      out_.replicas.push_back({now_, wanted_, ready_});
    }
  }

  /// CPU (millicore-seconds) that a pod which was ready all the time has used until `t`; the newest entries first.
  [[nodiscard]] double used_until(double t) const {
    if (t <= 0) return before_zero_ * t;
    auto end = used_.size();
    std::size_t begin = end;
    for (std::size_t step = 16; begin > 0 && used_[begin - 1].first > t; step *= 2) {
      end = begin;
      begin = begin > step ? begin - step : 0;
    }
    const auto first = used_.begin() + static_cast<std::ptrdiff_t>(begin > 0 ? begin - 1 : 0);
    const auto last = used_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto after = std::upper_bound(first, last, t, [](double x, const auto& u) { return x < u.first; });
    if (after == used_.end()) return used_.back().second;
    const auto& [t1, u1] = *after;
    const auto& [t0, u0] = *std::prev(after);
    return u0 + (u1 - u0) * (t - t0) / (t1 - t0);
  }

  /// End of the last window whose samples are served now.
  [[nodiscard]] RunTime last_sample() const {
    const RunTime since = now_ - loop_.metric_lag - loop_.first_sample;
    auto n = since / loop_.metric_resolution;
    if (since < RunTime{0} && since % loop_.metric_resolution != RunTime{0}) --n;
    return loop_.first_sample + loop_.metric_resolution * n;
  }

  /// The samples that are served now, with what is to be added to their instants.
  [[nodiscard]] std::pair<const MetricRound*, RunTime> round_now() const {
    const auto& rounds = loop_.rounds;
    const RunTime first = rounds.front().from;
    const RunTime last = rounds.back().from;
    const RunTime cycle = loop_.sync_period * std::max<std::int64_t>((last - first) / loop_.sync_period, 1);
    RunTime shift{};
    if (now_ < first) shift = -((first - now_ + cycle - RunTime{1}) / cycle) * cycle;
    if (now_ > last + loop_.sync_period) shift = (now_ - first) / cycle * cycle;
    const auto after = std::ranges::upper_bound(rounds, now_ - shift, {}, &MetricRound::from);
    return {after == rounds.begin() ? &rounds.front() : &*std::prev(after), shift};
  }

  /// groupPods with cpu_unready (see k8s/hpa/pods.cpp), group by group; pod by pod where each has a sample of its own.
  [[nodiscard]] hpa::CpuPods look() const {
    hpa::CpuPods pods;
    pods.request_milli = pod_.request_millicores;
    if (loop_.rounds.empty()) {
      const MetricSample sample{last_sample(), loop_.metric_window};
      for (const PodGroup& g : groups_) look_at(g, g.count, &sample, pods);
      return pods;
    }
    const auto [round, shift] = round_now();
    std::size_t pod = 0;
    for (const PodGroup& g : groups_) {
      for (std::int32_t i = 0; i < g.count; ++i, ++pod) {
        if (round->samples.empty()) {
          look_at(g, 1, nullptr, pods);
          continue;
        }
        MetricSample sample = round->samples[pod % round->samples.size()];
        sample.end += shift;
        look_at(g, 1, &sample, pods);
      }
    }
    return pods;
  }

  /// `count` pods of a group, whose samples are alike; null: they have none.
  void look_at(const PodGroup& g, std::int32_t count, const MetricSample* sample, hpa::CpuPods& pods) const {
    if (now_ < g.running) {
      pods.unready += count;
      return;
    }
    const RunTime begin = sample != nullptr ? sample->end - sample->window : RunTime::min();
    if (sample == nullptr || g.running > begin) {
      pods.missing += count;
      return;
    }
    const bool young = g.running + loop_.settings.cpu_initialization_period > now_;
    if (now_ < g.ready || (young && sample->end < g.ready + sample->window)) {
      pods.unready += count;
      return;
    }
    const RunTime from = std::max(begin, std::min(g.ready, sample->end));
    const double used = used_until(to_seconds(sample->end)) - used_until(to_seconds(from)) +
                        pod_.idle_millicores * to_seconds(from - begin);
    pods.used_milli += static_cast<std::int64_t>(std::ceil(used / to_seconds(sample->window) - 1e-9)) * count;
    pods.counted += count;
  }

  /// reconcileAutoscaler (horizontal.go), as hpa::Controller does it.
  void sync() {
    const WallTime at = kZero + now_;
    const std::int32_t min = spec_.min_replicas.value_or(1);
    SimulatedSync sync{now_, wanted_, wanted_, ready_, std::nullopt};
    if (wanted_ == 0 && min != 0) {
      // Scaling is disabled.
    } else if (wanted_ > spec_.max_replicas) {
      sync.desired = spec_.max_replicas;
    } else if (wanted_ < min) {
      sync.desired = min;
    } else {
      const auto proposal = hpa::propose_by_cpu(look(), metric_.target, tolerance_, wanted_);
      sync.utilization = proposal.utilization;
      if (proposal.replicas) {
        const std::int32_t recommended = std::max(*proposal.replicas, 0);
        const hpa::ReplicaRange range{min, spec_.max_replicas};
        sync.desired =
            spec_.behavior
                ? hpa::limit_with_behavior(memory_, loop_.settings, *spec_.behavior, wanted_, recommended, range, at)
                      .limited
                : hpa::limit_without_behavior(memory_, loop_.settings, wanted_, recommended, range, at).limited;
      }
    }
    out_.syncs.push_back(sync);
    if (sync.desired != wanted_) rescale(sync.desired, at);
  }

  void rescale(std::int32_t desired, WallTime at) {
    if (spec_.behavior) hpa::store_scale_event(memory_, *spec_.behavior, wanted_, desired, at);
    const int direction = desired > wanted_ ? 1 : -1;
    ++out_.changes;
    if (direction_ != 0 && direction != direction_) ++out_.reversals;
    direction_ = direction;
    if (desired > wanted_) {
      groups_.push_back({desired - wanted_, now_ + pod_.to_running, now_ + pod_.to_ready});
    } else {
      take_away(wanted_ - desired);
    }
    wanted_ = desired;
    note_change();
    note_ready();
  }

  /// The newest go first, as a ReplicaSet has it: not ready before ready, young before old.
  void take_away(std::int32_t count) {
    while (count > 0 && !groups_.empty()) {
      PodGroup& newest = groups_.back();
      const std::int32_t gone = std::min(count, newest.count);
      if (groups_.size() <= starting_) ready_ -= gone;
      newest.count -= gone;
      count -= gone;
      if (newest.count == 0) groups_.pop_back();
      starting_ = std::min(starting_, groups_.size());
    }
  }

  const Demand& demand_;
  const PodModel& pod_;
  const Loop& loop_;
  const hpa::AutoscalerSpec& spec_;
  const hpa::MetricSpec& metric_;
  const hpa::Tolerances tolerance_;
  const double most_per_second_;
  std::vector<std::pair<double, double>>& used_;
  Simulation out_;
  hpa::Memory memory_;
  std::vector<PodGroup> groups_;  // by creation
  std::size_t starting_ = 0;      // the first group that is not ready yet
  std::int32_t wanted_ = 0;
  std::int32_t ready_ = 0;
  RunTime now_{};
  double offered_ = 0;
  double backlog_ = 0;
  double before_zero_ = 0;  // CPU of each pod
  int direction_ = 0;
};

}  // namespace

double Demand::at(RunTime t) const {
  if (t < RunTime{0} || t >= length()) return 0;
  return per_second[static_cast<std::size_t>(t / bin)];
}

double Demand::peak() const { return per_second.empty() ? 0 : *std::max_element(per_second.begin(), per_second.end()); }

double PodModel::most_per_second() const {
  if (cpu_per_request_ms <= 0 || !std::isfinite(most_millicores)) return 1e12;  // it never saturates
  return std::max(most_millicores - idle_millicores, 1e-3) / cpu_per_request_ms;
}

std::optional<RunTime> Simulation::ready_from(std::int32_t count, RunTime from) const {
  if (ready_at(from) >= count) return from;
  for (const ReplicaChange& c : replicas) {
    if (c.at >= from && c.ready >= count) return c.at;
  }
  return std::nullopt;
}

std::optional<RunTime> Simulation::wanted_down_to(std::int32_t count, RunTime from) const {
  if (wanted_at(from) <= count) return from;
  for (const ReplicaChange& c : replicas) {
    if (c.at >= from && c.wanted <= count) return c.at;
  }
  return std::nullopt;
}

namespace {
const ReplicaChange& change_at(const std::vector<ReplicaChange>& changes, RunTime t) {
  const auto after =
      std::upper_bound(changes.begin(), changes.end(), t, [](RunTime x, const ReplicaChange& c) { return x < c.at; });
  return after == changes.begin() ? changes.front() : *std::prev(after);
}
}  // namespace

std::int32_t Simulation::wanted_at(RunTime t) const { return replicas.empty() ? 0 : change_at(replicas, t).wanted; }
std::int32_t Simulation::ready_at(RunTime t) const { return replicas.empty() ? 0 : change_at(replicas, t).ready; }

std::int32_t Simulation::most_ready() const {
  std::int32_t most = 0;
  for (const ReplicaChange& c : replicas) most = std::max(most, c.ready);
  return most;
}

const hpa::MetricSpec* simulated_metric(const hpa::AutoscalerSpec& spec) {
  for (const hpa::MetricSpec& m : spec.metrics) {
    const bool of_cpu = m.type == hpa::MetricType::resource || m.type == hpa::MetricType::container_resource;
    if (of_cpu && m.name == "cpu" && (m.target.average_utilization_percent || m.target.average_value_milli)) return &m;
  }
  return nullptr;
}

Simulation simulate(const Service& service, SimulationBuffers& buffers) { return Run(service, buffers).run(); }

Simulation simulate(const Service& service) {
  SimulationBuffers buffers;
  return simulate(service, buffers);
}

}  // namespace surgeproof::whatif
