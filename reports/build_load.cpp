// Load, latency and errors over time, and their sums over stages and phases.
#include <set>

#include "analyzers/load_sum.h"
#include "reports/build_parts.h"

namespace surgeproof::reports {
namespace {

constexpr double kMostBins = 1800;
constexpr double kMostHeatColumns = 600;
constexpr int kHeatRowsPerDecade = 10;

/// Of a LoadWindow or a LoadSum.
std::uint64_t answered(const auto& w) {
  return w.count(Outcome::ok) + w.count(Outcome::unexpected_status) + w.count(Outcome::server_error) +
         w.count(Outcome::too_slow) + w.count(Outcome::bad_gateway);
}

std::uint64_t lost_here(const auto& w) { return w.count(Outcome::generator_error) + w.count(Outcome::unsent); }

RunTime end_of_windows(const Timeline& timeline) {
  RunTime end = timeline.windows.end_of_last();
  for (const PeerWindow& p : timeline.peers) end = std::max(end, p.begin + p.length);
  return end;
}

// A second, unless the run is too short for that or too long.
RunTime bin_width(const Timeline& timeline, RunTime duration) {
  using namespace std::chrono_literals;
  const RunTime window = timeline.windows.front().length;
  const RunTime wanted = std::max(duration < 20s ? window : RunTime{1s}, duration / static_cast<int>(kMostBins));
  for (const RunTime nice : {RunTime{100ms}, RunTime{200ms}, RunTime{500ms}, RunTime{1s}, RunTime{2s}, RunTime{5s},
                             RunTime{10s}, RunTime{15s}, RunTime{30s}, RunTime{1min}, RunTime{2min}, RunTime{5min}}) {
    if (nice >= wanted && nice >= window) return nice;
  }
  return std::max<RunTime>(10min, wanted);
}

class SeriesBuilder {
 public:
  SeriesBuilder(const Timeline& timeline, const Axis& axis) : timeline_(timeline), axis_(axis) {
    const RunTime duration = end_of_windows(timeline) - axis.origin;
    width_ = bin_width(timeline, duration);
    count_ = static_cast<std::size_t>((duration + width_ - RunTime{1}) / width_);
    for (std::vector<double>* column : {&out_.offered, &out_.sent, &out_.served, &out_.unsent}) column->resize(count_);
    for (auto* column : {&out_.p50_ms, &out_.p95_ms, &out_.p99_ms}) column->resize(count_);
    out_.bin_s = std::chrono::duration<double>(width_).count();
    for (std::size_t i = 0; i < count_; ++i) out_.t_s.push_back(axis(axis.origin + width_ * static_cast<int>(i)));
    bins_per_heat_column_ = static_cast<std::size_t>(std::ceil(static_cast<double>(count_) / kMostHeatColumns));
    out_.heat.bin_s = out_.bin_s * static_cast<double>(bins_per_heat_column_);
  }

  LoadSeries build() && {
    add_windows();
    add_served();
    scale_to_rates();
    drop_trailing_silence();
    if (!timeline_.complete && !timeline_.load_finished) drop_unfinished();
    cut_columns();
    add_heat();
    return std::move(out_);
  }

 private:
  std::size_t bin_of(RunTime t) const {
    if (t <= axis_.origin) return 0;
    return std::min(count_ - 1, static_cast<std::size_t>((t - axis_.origin) / width_));
  }

  void add_windows() {
    Histogram latency;
    std::size_t current = 0;
    for (const LoadWindow& w : timeline_.windows) {
      const std::size_t bin = bin_of(w.begin);
      if (bin != current) {
        finish_bin(current, latency);
        current = bin;
      }
      latency.merge(w.latency);
      out_.offered[bin] += static_cast<double>(w.planned);
      out_.sent[bin] += static_cast<double>(w.sent);
      out_.unsent[bin] += static_cast<double>(lost_here(w));
      for (std::size_t o = 1; o < kOutcomes; ++o) {
        if (w.outcomes[o] > 0) errors(static_cast<Outcome>(o))[bin] += static_cast<double>(w.outcomes[o]);
      }
      for (const auto& [index, n] : w.latency.buckets) {
        cells_[{static_cast<std::uint32_t>(bin / bins_per_heat_column_), row_of(Histogram::lowest_of(index))}] += n;
      }
    }
    finish_bin(current, latency);
  }

  void finish_bin(std::size_t bin, Histogram& latency) {
    out_.p50_ms[bin] = to_ms(latency.quantile(0.5));
    out_.p95_ms[bin] = to_ms(latency.quantile(0.95));
    out_.p99_ms[bin] = to_ms(latency.quantile(0.99));
    latency.reset();
  }

  // Answers by the instant of the answer where peers were recorded; else by the instant of the plan.
  void add_served() {
    for (const PeerWindow& p : timeline_.peers) out_.served[bin_of(p.begin)] += static_cast<double>(p.answered);
    if (!timeline_.peers.empty()) return;
    for (const LoadWindow& w : timeline_.windows) out_.served[bin_of(w.begin)] += static_cast<double>(answered(w));
  }

  void scale_to_rates() {
    const RunTime end = end_of_windows(timeline_);
    for (std::size_t i = 0; i < count_; ++i) {
      const RunTime begin = axis_.origin + width_ * static_cast<int>(i);
      const double seconds = std::chrono::duration<double>(std::min(width_, end - begin)).count();
      for (std::vector<double>* column : {&out_.offered, &out_.sent, &out_.served, &out_.unsent}) {
        (*column)[i] /= seconds;
      }
      for (LoadSeries::Errors& e : out_.errors) e.per_second[i] /= seconds;
    }
  }

  // The last answers come after the last request: their windows are there, but with nothing planned.
  void drop_trailing_silence() {
    while (count_ > 0 && out_.offered[count_ - 1] <= 0 && out_.served[count_ - 1] <= 0) --count_;
  }

  // While the load goes on, its last window holds what was due until the recording's last flush: a bin that reaches
  // into it would look as if the load fell.
  void drop_unfinished() {
    const RunTime whole = timeline_.windows.end_of_last() - timeline_.windows.front().length;
    while (count_ > 1 && axis_.origin + width_ * static_cast<int>(count_) > whole) --count_;
  }

  void cut_columns() {
    for (std::vector<double>* column : {&out_.t_s, &out_.offered, &out_.sent, &out_.served, &out_.unsent}) {
      column->resize(count_);
    }
    for (auto* column : {&out_.p50_ms, &out_.p95_ms, &out_.p99_ms}) column->resize(count_);
    for (LoadSeries::Errors& e : out_.errors) e.per_second.resize(count_);
  }

  std::vector<double>& errors(Outcome o) {
    for (LoadSeries::Errors& e : out_.errors) {
      if (e.outcome == o) return e.per_second;
    }
    out_.errors.push_back({o, std::vector<double>(count_)});
    return out_.errors.back().per_second;
  }

  // Rows are tenths of a decade above 1 µs.
  static std::uint32_t row_of(std::int64_t us) {
    return us < 1 ? 0
                  : static_cast<std::uint32_t>(std::floor(std::log10(static_cast<double>(us)) * kHeatRowsPerDecade));
  }
  static double edge_ms(std::uint32_t row) { return std::pow(10.0, row / double{kHeatRowsPerDecade}) / 1e3; }

  void add_heat() {
    if (cells_.empty()) return;
    std::uint32_t lowest = UINT32_MAX;
    std::uint32_t highest = 0;
    for (const auto& [at, n] : cells_) {
      lowest = std::min(lowest, at.second);
      highest = std::max(highest, at.second);
    }
    for (std::uint32_t row = lowest; row <= highest + 1; ++row) out_.heat.row_ms.push_back(edge_ms(row));
    for (const auto& [at, n] : cells_) out_.heat.cells.push_back({at.first, at.second - lowest, n});
  }

  const Timeline& timeline_;
  const Axis& axis_;
  RunTime width_{};
  std::size_t count_ = 0;
  std::size_t bins_per_heat_column_ = 1;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> cells_;
  LoadSeries out_;
};

void add_counts(const LoadSum& w, SpanSummary& sum) {
  sum.planned += w.planned;
  sum.sent += w.sent;
  sum.answered_well += w.count(Outcome::ok);
  sum.lost_here += lost_here(w);
  sum.dropped += w.drops();
  sum.errors += w.count(Outcome::unexpected_status) + w.count(Outcome::server_error) + w.count(Outcome::too_slow);
}

// The part of a span in which there was load.
double seconds_of(Interval interval, const Timeline& timeline) {
  return std::chrono::duration<double>(std::min(interval.end, end_of_windows(timeline)) - interval.begin).count();
}

// A window counts as a whole when it begins within the span: so the time that the counts stand for runs from one
// window's begin to another's, not from the span's begin to its end.
double covered_seconds(const Timeline& timeline, Interval interval) {
  if (timeline.windows.empty()) return 0;
  const LoadWindow first = timeline.windows.front();
  const auto next_begin = [&](RunTime t) {
    if (t <= first.begin || first.length <= RunTime{0}) return t;
    return first.begin + (t - first.begin + first.length - RunTime{1}) / first.length * first.length;
  };
  return seconds_of({next_begin(interval.begin), next_begin(interval.end)}, timeline);
}

}  // namespace

LoadSeries build_load_series(const Timeline& timeline, const Axis& axis) {
  if (timeline.windows.empty() || end_of_windows(timeline) <= axis.origin) return {};
  return SeriesBuilder(timeline, axis).build();
}

SpanSummary summarize(const Timeline& timeline, const Axis& axis, Interval interval, const std::string& stage) {
  SpanSummary sum;
  sum.span.begin_s = axis(interval.begin);
  sum.span.end_s = axis(interval.end);
  // A stage's requests are known by its name, whenever their windows begin.
  const Interval counted = stage.empty() ? interval : Interval{RunTime::min(), RunTime::max()};
  const LoadSum load = sum_latency(timeline, {.span = counted, .stage = stage});
  add_counts(load, sum);
  const Histogram& latency = load.latency;
  const double seconds = stage.empty() ? covered_seconds(timeline, interval) : seconds_of(interval, timeline);
  if (seconds > 0) {
    sum.offered_per_second = static_cast<double>(sum.planned) / seconds;
    sum.served_per_second = static_cast<double>(answered(load)) / seconds;
  }
  sum.p50_ms = to_ms(latency.quantile(0.5));
  sum.p95_ms = to_ms(latency.quantile(0.95));
  sum.p99_ms = to_ms(latency.quantile(0.99));
  if (latency.count() > 0) sum.max_ms = to_ms(latency.max());
  for (const HpaTrack& hpa : timeline.hpas) {
    if (const auto range = hpa.ready.range(interval)) {
      sum.replicas.push_back({hpa.name, range->first, range->second});
    }
  }
  return sum;
}

}  // namespace surgeproof::reports
