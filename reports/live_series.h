// A figure over the time of a run, as the live view draws it: however long the run, the memory and the drawing stay
// small.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace surgeproof::reports {

class LiveSeries {
 public:
  /// What stands for several samples where only one can be shown.
  enum class Fold : std::uint8_t {
    mean,  ///< rates
    peak,  ///< latencies, errors: a short one must not vanish
    last,  ///< replicas: a state that holds
  };
  LiveSeries() = default;  ///< Fold::mean
  explicit LiveSeries(Fold fold) : fold_{fold} {}

  /// Samples come in the order of their time (since the start of the load).
  void add(std::chrono::nanoseconds at, double value);

  /// Of the samples before `t` only the last one is kept, which still holds there.
  void forget_before(std::chrono::nanoseconds t);

  /// [begin, end) cut into `width` columns, and one value for each up to the one with the last sample. A column without
  /// a sample holds on to the one before; empty before the first. Samples before `begin` count for the first column.
  [[nodiscard]] std::vector<std::optional<double>> columns(std::chrono::nanoseconds begin, std::chrono::nanoseconds end,
                                                           int width) const;
  /// Of all that was ever added, forgotten ones too; 0 when there is nothing above it.
  [[nodiscard]] double peak() const { return peak_; }
  [[nodiscard]] bool empty() const { return samples_.empty(); }

 private:
  struct Sample {
    std::chrono::nanoseconds at{};
    double value = 0;
    double weight = 1;  ///< how many it stands for
  };
  [[nodiscard]] Sample folded(const Sample& a, const Sample& b) const;

  Fold fold_ = Fold::mean;
  std::vector<Sample> samples_;
  double peak_ = 0;
};

}  // namespace surgeproof::reports
