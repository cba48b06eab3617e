#include "reports/load_histogram.h"

#include <algorithm>
#include <cmath>

namespace surgeproof::reports {
namespace {

// To `digits` significant ones, downwards: the first edge must not lie above the least value.
double rounded(double value, int digits) {
  if (value <= 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - (digits - 1));
  return std::floor(value / unit + 1e-9) * unit;
}

// In microseconds, ascending, each once.
std::vector<double> edges_of(double least, double greatest, int rows, int digits) {
  std::vector<double> edges;
  const double factor = std::pow(greatest / least, 1.0 / rows);
  for (int i = 0; i < rows; ++i) edges.push_back(std::floor(rounded(least * std::pow(factor, i), digits)));
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

}  // namespace

std::vector<HistogramRow> histogram_rows(const SparseHistogram& latency, int rows) {
  if (latency.buckets.empty()) return {};
  const auto least =
      static_cast<double>(std::max<std::int64_t>(1, Histogram::lowest_of(latency.buckets.front().first)));
  const auto greatest = static_cast<double>(std::max<std::int64_t>(latency.max_us, 1)) + 1;  // it lies below the end
  std::vector<double> edges;
  for (int digits = 2; digits <= 5 && static_cast<int>(edges.size()) < rows; ++digits) {
    edges = edges_of(least, greatest, rows, digits);
  }
  if (Histogram::lowest_of(latency.buckets.front().first) == 0) edges.front() = 0;
  edges.push_back(greatest);
  std::vector<HistogramRow> out;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) out.push_back({edges[i] / 1e3, edges[i + 1] / 1e3, 0, 0, 0});
  std::uint64_t total = 0;
  std::size_t row = 0;
  for (const auto& [index, count] : latency.buckets) {
    while (row + 2 < edges.size() && static_cast<double>(Histogram::lowest_of(index)) >= edges[row + 1]) ++row;
    out[row].requests += count;
    total += count;
  }
  const auto most = std::ranges::max(out, {}, &HistogramRow::requests).requests;
  for (HistogramRow& r : out) {
    r.share = static_cast<double>(r.requests) / static_cast<double>(total);
    r.share_of_most = static_cast<double>(r.requests) / static_cast<double>(most);
  }
  return out;
}

}  // namespace surgeproof::reports
