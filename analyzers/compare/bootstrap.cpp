#include "analyzers/compare/bootstrap.h"

#include <algorithm>
#include <cmath>

namespace surgeproof {
namespace {

constexpr int kResamples = 200;
constexpr std::uint32_t kCoarse = 8;  // buckets of Histogram in one: 0.4 to 0.8 %
constexpr std::size_t kBuckets = Histogram::kBuckets / kCoarse + 1;

// Sums of bins, reused from one resample to the next.
class Sum {
 public:
  void clear() {
    for (std::size_t i = lowest_; i < highest_; ++i) counts_[i] = 0;
    lowest_ = kBuckets;
    highest_ = 0;
    total_ = 0;
  }
  void add(const TimeBin& bin) {
    if (bin.latency.empty()) return;
    lowest_ = std::min<std::size_t>(lowest_, bin.latency.front().first);
    highest_ = std::max<std::size_t>(highest_, bin.latency.back().first + std::size_t{1});
    for (const auto& [bucket, n] : bin.latency) {
      counts_[bucket] += n;
      total_ += n;
    }
  }
  [[nodiscard]] std::optional<double> quantile(double q) const {
    if (total_ == 0) return std::nullopt;
    const auto rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total_))));
    std::uint64_t seen = 0;
    for (std::size_t i = lowest_; i < highest_; ++i) {
      if (seen + counts_[i] >= rank) {
        // Between the bucket's edges by rank, so that a bucket's width is no step.
        const double low = coarse_value_us(static_cast<std::uint16_t>(i));
        const double high = coarse_value_us(static_cast<std::uint16_t>(i + 1));
        return low + (high - low) * static_cast<double>(rank - seen) / static_cast<double>(counts_[i]);
      }
      seen += counts_[i];
    }
    return std::nullopt;
  }

 private:
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kBuckets + 1);
  std::size_t lowest_ = kBuckets;
  std::size_t highest_ = 0;
  std::uint64_t total_ = 0;
};

template <class Visit>
void resample(std::span<const TimeBin> bins, std::size_t block, std::mt19937_64& random, Visit visit) {
  std::uniform_int_distribution<std::size_t> start(0, bins.size() - 1);
  for (std::size_t drawn = 0; drawn < bins.size();) {
    const std::size_t at = start(random);
    for (std::size_t i = 0; i < block && drawn < bins.size(); ++i, ++drawn) visit(bins[(at + i) % bins.size()]);
  }
}

std::optional<double> percentile(std::span<const TimeBin> bins, double q, Sum& sum) {
  sum.clear();
  for (const TimeBin& b : bins) sum.add(b);
  return sum.quantile(q);
}

double share_of_errors(std::uint64_t errors, std::uint64_t requests) {
  return requests == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(requests);
}

double deviation(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  double mean = 0;
  for (const double v : values) mean += v;
  mean /= static_cast<double>(values.size());
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// The logarithms of the bins' medians; a bin without requests takes the one before.
std::vector<double> medians(std::span<const TimeBin> bins) {
  std::vector<double> all;
  Sum sum;
  for (const TimeBin& b : bins) {
    sum.clear();
    sum.add(b);
    const auto median = sum.quantile(0.5);
    if (median) {
      all.push_back(std::log(std::max(*median, 1.0)));
    } else if (!all.empty()) {
      all.push_back(all.back());
    }
  }
  return all;
}

}  // namespace

std::uint16_t coarse_bucket(std::uint32_t histogram_bucket) {
  return static_cast<std::uint16_t>(std::min(histogram_bucket, Histogram::kBuckets - 1) / kCoarse);
}

double coarse_value_us(std::uint16_t bucket) {
  const std::uint32_t index = std::min<std::uint32_t>(bucket * kCoarse, Histogram::kBuckets - 1);
  return static_cast<double>(Histogram::lowest_of(index));
}

std::size_t block_length(std::span<const TimeBin> bins) {
  const std::size_t most = std::max<std::size_t>(1, bins.size() / 8);
  const std::vector<double> x = medians(bins);
  const std::size_t n = x.size();
  if (n < 16) return std::min<std::size_t>(most, 2);
  double mean = 0;
  for (const double v : x) mean += v;
  mean /= static_cast<double>(n);
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < n; ++i) sum += (x[i] - mean) * (x[i + lag] - mean);
    return sum / static_cast<double>(n);
  };
  const double variance = covariance(0);
  if (variance <= 0) return 1;
  // 1 + 2 Σ ρ(k), as long as ρ stays above the noise of n samples.
  const double noise = 2 / std::sqrt(static_cast<double>(n));
  double time = 1;
  for (std::size_t lag = 1; lag < n / 4; ++lag) {
    const double rho = covariance(lag) / variance;
    if (rho < noise) break;
    time += 2 * rho;
  }
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(2 * time)), 1, most);
}

std::optional<Shift> shift_of_percentile(std::span<const TimeBin> before, std::span<const TimeBin> after, double q,
                                         std::uint64_t seed) {
  Sum sum;
  const auto a = percentile(before, q, sum);
  const auto b = percentile(after, q, sum);
  if (!a || !b) return std::nullopt;
  const auto log_ratio = [](double x, double y) { return std::log(std::max(y, 1.0) / std::max(x, 1.0)); };
  std::mt19937_64 random{seed};
  const std::size_t block_a = block_length(before);
  const std::size_t block_b = block_length(after);
  std::vector<double> changes;
  for (int i = 0; i < kResamples; ++i) {
    sum.clear();
    resample(before, block_a, random, [&](const TimeBin& bin) { sum.add(bin); });
    const auto x = sum.quantile(q);
    sum.clear();
    resample(after, block_b, random, [&](const TimeBin& bin) { sum.add(bin); });
    const auto y = sum.quantile(q);
    if (x && y) changes.push_back(log_ratio(*x, *y));
  }
  return Shift{*a, *b, log_ratio(*a, *b), deviation(changes)};
}

std::optional<Shift> shift_of_errors(std::span<const TimeBin> before, std::span<const TimeBin> after,
                                     std::uint64_t seed) {
  const auto share = [](std::span<const TimeBin> bins) -> std::optional<double> {
    std::uint64_t errors = 0;
    std::uint64_t requests = 0;
    for (const TimeBin& b : bins) {
      errors += b.errors;
      requests += b.requests;
    }
    return requests == 0 ? std::nullopt : std::optional{share_of_errors(errors, requests)};
  };
  const auto a = share(before);
  const auto b = share(after);
  if (!a || !b) return std::nullopt;
  std::mt19937_64 random{seed};
  const auto drawn = [&](std::span<const TimeBin> bins, std::size_t block) {
    std::uint64_t errors = 0;
    std::uint64_t requests = 0;
    resample(bins, block, random, [&](const TimeBin& bin) {
      errors += bin.errors;
      requests += bin.requests;
    });
    return share_of_errors(errors, requests);
  };
  const std::size_t block_a = block_length(before);
  const std::size_t block_b = block_length(after);
  std::vector<double> changes;
  for (int i = 0; i < kResamples; ++i) changes.push_back(drawn(after, block_b) - drawn(before, block_a));
  return Shift{*a, *b, *b - *a, deviation(changes)};
}

double normal_quantile(double p) {
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                          -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  constexpr double kLow = 0.02425;
  const auto tail = [&](double t) {
    const double q = std::sqrt(-2 * std::log(t));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  };
  if (p < kLow) return tail(p);
  if (p > 1 - kLow) return -tail(1 - p);
  const double q = p - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace surgeproof
