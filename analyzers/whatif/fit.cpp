#include "analyzers/whatif/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "analyzers/load_sum.h"
#include "analyzers/oracle/recorded_world.h"
#include "analyzers/oracle/sync_times.h"
#include "analyzers/whatif/metric_rounds.h"
#include "analyzers/whatif/simulation.h"
#include "base/duration.h"
#include "base/run_time.h"
#include "k8s/hpa/json.h"
#include "scenarios/load_profile.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;

template <class T>
T median(std::vector<T> values, T if_none) {
  if (values.empty()) return if_none;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// What one pod used over one window. A kubelet measures each pod in its own time.
struct Usage {
  const PodLife* pod = nullptr;
  RunTime end{};  ///< of the window, on the run's axis
  RunTime window{};
  double millicores = 0;
};

struct Regression {
  double idle = 0;
  double cost = 0;
  double cost_error = 0;
  std::size_t windows = 0;
};

class Fitter {
 public:
  Fitter(const Timeline& timeline, const Scenario& scenario, const HpaTrack& track, WallTime started)
      : timeline_(timeline),
        scenario_(scenario),
        track_(track),
        started_(started),
        zero_(server_zero(timeline, started)) {
    for (const PodLife& pod : timeline.pods) {
      if (pod.hpa == track.name && pod.ns == track.ns) pods_.push_back(&pod);
    }
  }

  FittedService run(const hpa::Settings& settings) {
    out_.service.loop.settings = settings;
    read_demand();
    read_spec();
    read_samples();
    fit_loop();
    fit_requests_and_limits();
    fit_start();
    fit_capacity();
    fit_latency();
    return std::move(out_);
  }

 private:
  void remark(std::string text) { out_.remarks.push_back(std::move(text)); }

  void read_demand() {
    Demand& demand = out_.service.demand;
    const auto bins =
        static_cast<std::size_t>(std::max<std::int64_t>(1, (timeline_.end + demand.bin - RunTime{1}) / demand.bin));
    demand.per_second.assign(bins, 0);
    for (const LoadWindow& w : timeline_.windows) {
      const RunTime length = std::max(w.length, RunTime{1ms});
      // A window's requests, spread evenly over the bins that it touches.
      for (RunTime t = w.begin; t < w.begin + length;) {
        const RunTime bin_end = (t / demand.bin + 1) * demand.bin;
        const RunTime until = std::min(bin_end, w.begin + length);
        const auto bin = static_cast<std::size_t>(t / demand.bin);
        if (t >= RunTime{0} && bin < bins) {
          demand.per_second[bin] +=
              static_cast<double>(w.planned) * to_seconds(until - t) / to_seconds(length) / to_seconds(demand.bin);
        }
        t = until;
      }
    }
  }

  void read_spec() {
    Loop& loop = out_.service.loop;
    boost::json::error_code failed;
    const auto parse = [&](const HpaSample& s) { return boost::json::parse(s.spec_json, failed); };
    const HpaSample& first = track_.samples.front();
    boost::json::value spec = parse(first);
    if (failed) spec = boost::json::object();
    loop.spec = hpa::autoscaler_from_json(boost::json::object{{"spec", std::move(spec)}}).spec;
    if (std::ranges::any_of(track_.samples,
                            [&](const HpaSample& s) { return !s.deleted && s.spec_json != first.spec_json; })) {
      remark("The HPA was edited during the recording; its spec of the beginning is simulated.");
    }
    loop.initial_replicas = track_.wanted().empty() ? first.current_replicas : track_.wanted().changes().front().value;
    const hpa::MetricSpec* metric = simulated_metric(loop.spec);
    if (metric != nullptr && loop.spec.metrics.size() > 1) {
      remark(fmt::format("Only the HPA's metric {} is simulated; what the others would have wanted is left out.",
                         metric->label()));
    }
    container_ = metric != nullptr ? metric->container : "";
  }

  /// Millicores of a sample: of the metric's container, or of the whole pod.
  [[nodiscard]] double millicores(const PodMetricsSample& s) const {
    double sum = 0;
    for (const ContainerUsage& c : s.containers) {
      if (container_.empty() || c.name == container_) sum += static_cast<double>(c.cpu_nanocores) / 1e6;
    }
    return sum;
  }

  /// Null for a stranger's.
  [[nodiscard]] const PodLife* pod_of(const PodMetricsSample& s) const {
    const auto found = std::ranges::find_if(pods_, [&](const PodLife* p) { return p->name == s.pod; });
    return s.ns == track_.ns && found != pods_.end() ? *found : nullptr;
  }

  void read_samples() {
    std::map<const PodLife*, RunTime> last;
    for (const PodMetricsSample& s : timeline_.pod_metrics) {
      const PodLife* pod = pod_of(s);
      if (pod == nullptr) continue;
      // Timestamps are whole seconds, cut off: half a second is the middle of what they can mean.
      const bool whole = s.timestamp.time_since_epoch() % 1s == 0s;
      const RunTime end = std::min(s.timestamp - zero_ + (whole ? 500ms : 0ms), s.observed);
      usages_.push_back({pod, end, s.window, millicores(s)});
      ends_.push_back(end);
      lags_.push_back(s.observed - end);
      windows_.push_back(s.window);
      most_seen_ = std::max(most_seen_, usages_.back().millicores);
      if (const auto before = last.find(pod); before != last.end()) gaps_.push_back(end - before->second);
      last[pod] = end;
    }
  }

  void fit_loop() {
    Loop& loop = out_.service.loop;
    const SyncGrid grid = find_sync_grid(track_);
    loop.sync_period = grid.period;
    loop.first_sync = grid.anchor % grid.period;
    for (const std::size_t i : syncs_seen(track_)) loop.recorded_syncs.push_back(track_.samples[i].at.observed);
    if (!grid.measured) remark("The sync period could not be measured: 15 s is assumed.");
    if (windows_.empty()) {
      remark("No pod metrics were recorded: a resolution and window of 15 s are assumed.");
      return;
    }
    loop.metric_window = std::max<RunTime>(median(windows_, RunTime{15s}), 100ms);
    std::erase_if(gaps_, [](RunTime gap) { return gap < 500ms; });
    const RunTime tenth = 100ms;
    loop.metric_resolution = (median(gaps_, loop.metric_window) + tenth / 2) / tenth * tenth;
    // Somebody polls: the quickest tenth of the samples say how late they are served.
    std::ranges::sort(lags_);
    loop.metric_lag = std::max(lags_[lags_.size() / 10], RunTime{0});
    loop.first_sample = phase_of(ends_, loop.metric_resolution);
    loop.rounds = recorded_rounds(timeline_, track_, started_, loop.settings);
  }

  void fit_requests_and_limits() {
    PodModel& pod = out_.service.pod;
    bool limited = true;
    double limit = 0;
    for (const PodLife* p : pods_) {
      std::int64_t request = 0;
      limit = 0;
      limited = !p->containers.empty();
      for (const ContainerState& c : p->containers) {
        if (!container_.empty() && c.name != container_) continue;
        request += c.cpu_request_millicores.value_or(0);
        limited = limited && c.cpu_limit_millicores.has_value();
        limit += static_cast<double>(c.cpu_limit_millicores.value_or(0));
      }
      pod.request_millicores = std::max(pod.request_millicores, request);
    }
    if (limited && limit > 0) {
      pod.most_millicores = limit;
      out_.saturation_seen = most_seen_ >= 0.9 * limit;
      if (!out_.saturation_seen) {
        remark(
            fmt::format("No pod came near its CPU limit of {:.0f}m (the most seen is {:.0f}m): where it saturates is "
                        "taken from the limit.",
                        limit, most_seen_));
      }
    } else {
      remark("The pods have no CPU limit: they are taken never to saturate (--set pod-limit=… says otherwise).");
    }
    pod.client_timeout_s = to_seconds(scenario_.client.timeout);
  }

  void fit_start() {
    PodModel& pod = out_.service.pod;
    std::vector<RunTime> running;
    std::vector<RunTime> ready;
    RunTime still_starting{};
    for (const PodLife* p : pods_) {
      if (p->before_watch || !p->created) continue;
      if (p->started) running.push_back(p->started->observed - p->created->observed);
      if (p->ready) ready.push_back(p->ready->observed - p->created->observed);
      if (!p->ready && !p->gone) still_starting = std::max(still_starting, timeline_.end - p->created->observed);
    }
    if (ready.empty()) {
      pod.to_ready = std::max<RunTime>(still_starting, 10s);
      remark(still_starting > RunTime{0}
                 ? fmt::format("No new pod became ready; each takes {} at least, and so long is assumed.",
                               format_duration(still_starting))
                 : "No pod was started during the recording: 10 s until it is ready are assumed (--set pod-start=… "
                   "says otherwise).");
    } else {
      pod.to_ready = median(ready, RunTime{10s});
      const auto [least, most] = std::ranges::minmax(ready);
      if (most > least + least / 4) {
        remark(fmt::format("New pods took {} to {} until they were ready; {} is simulated.", format_duration(least),
                           format_duration(most), format_duration(pod.to_ready)));
      }
    }
    pod.to_running = std::min(median(running, pod.to_ready), pod.to_ready);
  }

  /// Pods ready throughout a window; empty when that changed.
  [[nodiscard]] std::optional<int> ready_throughout(Interval at) const {
    const auto range = track_.ready.range(at);
    if (!range || range->first != range->second || range->first == 0) return std::nullopt;
    return range->first;
  }

  /// Mean rate over an interval of the run; empty when the load changed by more than a quarter in it.
  [[nodiscard]] std::optional<double> steady_rate(Interval at) const {
    const Demand& demand = out_.service.demand;
    double sum = 0;
    double low = 1e300;
    double high = 0;
    int n = 0;
    for (RunTime t = at.begin / demand.bin * demand.bin; t < at.end; t += demand.bin) {
      const double rate = demand.at(t);
      sum += rate;
      low = std::min(low, rate);
      high = std::max(high, rate);
      ++n;
    }
    if (n == 0 || high > low * 1.25 + 1) return std::nullopt;
    return sum / n;
  }

  void fit_capacity() {
    Regression r;
    double nn = 0, nx = 0, xx = 0, ny = 0, xy = 0, yy = 0;
    for (const Usage& usage : usages_) {
      const Interval window{usage.end - usage.window - 1s, usage.end + 1s};
      const auto pods = ready_throughout(window);
      const auto rate = steady_rate(window);
      if (!pods || !rate || usage.pod->readiness.range(window) != std::pair{true, true}) continue;
      // A saturated pod answers less than it is offered: it says nothing of the cost.
      if (usage.millicores > 0.9 * out_.service.pod.most_millicores) continue;
      const double x = *rate / *pods;
      const double y = usage.millicores;
      nn += 1, nx += x, xx += x * x;
      ny += y, xy += x * y, yy += y * y;
      ++r.windows;
    }
    const double det = nn * xx - nx * nx;
    if (r.windows >= 3 && xx > 0 && det > 1e-9 * nn * xx) {
      r.idle = (ny * xx - xy * nx) / det;
      r.cost = (nn * xy - nx * ny) / det;
    }
    const bool plain = r.idle <= 0 || r.cost <= 0;  // no idle usage, as far as can be told
    if (plain && xx > 0) {
      r.idle = 0;
      r.cost = xy / xx;
    }
    if (r.windows == 0 || r.cost <= 0) {
      remark(
          "What a request costs could not be fitted: too few windows of steady load (--set cpu-per-request=… says "
          "it).");
      return;
    }
    const double residual = std::max(0.0, yy - r.idle * ny - r.cost * xy);
    const double freedom = std::max(1.0, static_cast<double>(r.windows) - (plain ? 1.0 : 2.0));
    r.cost_error = 1.96 * std::sqrt(residual / freedom * (plain ? 1.0 / xx : nn / det));
    out_.service.pod.cpu_per_request_ms = r.cost;
    out_.service.pod.idle_millicores = r.idle;
    out_.cpu_per_request_error_ms = r.cost_error;
    out_.windows = r.windows;
    out_.has_capacity = true;
    if (r.windows < 5) remark(fmt::format("The cost of a request stands on {} measured windows only.", r.windows));
  }

  void fit_latency() {
    const Phase* baseline = timeline_.phase(Phase::Kind::baseline);
    const Interval at = baseline != nullptr ? baseline->interval : Interval{RunTime{0}, timeline_.end};
    const LoadSum sum = sum_latency(timeline_, {at});
    if (const auto p99 = sum.latency.quantile(0.99)) {
      out_.service.pod.base_latency_s = std::chrono::duration<double>(*p99).count();
    }
  }

  const Timeline& timeline_;
  const Scenario& scenario_;
  const HpaTrack& track_;
  WallTime started_;
  WallTime zero_;
  std::vector<const PodLife*> pods_;
  std::string container_;
  std::vector<Usage> usages_;
  std::vector<RunTime> ends_, lags_, windows_, gaps_;
  double most_seen_ = 0;
  FittedService out_;
};

}  // namespace

FittedService fit_service(const Timeline& timeline, const Scenario& scenario, const HpaTrack& track, WallTime started,
                          const hpa::Settings& settings) {
  return Fitter(timeline, scenario, track, started).run(settings);
}

Demand planned_demand(const Scenario& scenario) {
  const LoadProfile profile(scenario.load.stages);
  Demand demand;
  for (RunTime t{0}; t < profile.duration(); t += demand.bin) {
    demand.per_second.push_back((profile.expected_until(t + demand.bin) - profile.expected_until(t)) /
                                to_seconds(demand.bin));
  }
  return demand;
}

}  // namespace surgeproof::whatif
