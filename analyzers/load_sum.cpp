#include "analyzers/load_sum.h"

#include <numeric>

#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

template <class Predicate>
std::uint64_t count_if(const LoadSum& sum, Predicate wanted) {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) n += wanted(static_cast<Outcome>(i)) ? sum.outcomes[i] : 0;
  return n;
}

LoadSum sum_windows(const Timeline& timeline, const LoadFilter& filter, bool histograms) {
  LoadSum sum;
  const auto [first, last] = timeline.windows_in(filter.span);
  for (std::size_t i = first; i < last; ++i) {
    const LoadWindow& w = timeline.windows[i];
    if (!filter.request.empty() && w.request != filter.request) continue;
    if (!filter.stage.empty() && w.stage != filter.stage) continue;
    sum.planned += w.planned;
    sum.sent += w.sent;
    for (std::size_t o = 0; o < kOutcomes; ++o) sum.outcomes[o] += w.outcomes[o];
    if (!histograms) continue;
    sum.latency.merge(w.latency);
    sum.service_time.merge(w.service_time);
  }
  return sum;
}

}  // namespace

std::uint64_t LoadSum::ended() const { return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0}); }
std::uint64_t LoadSum::drops() const { return count_if(*this, is_drop); }
std::uint64_t LoadSum::lost() const { return count_if(*this, is_generator_fault); }
std::uint64_t LoadSum::timeouts() const { return count(Outcome::timeout) + count(Outcome::connect_timeout); }
std::uint64_t LoadSum::errors() const { return ended() - count(Outcome::ok) - lost(); }

LoadSum sum_load(const Timeline& timeline, const LoadFilter& filter) { return sum_windows(timeline, filter, true); }
LoadSum count_load(const Timeline& timeline, const LoadFilter& filter) { return sum_windows(timeline, filter, false); }

}  // namespace surgeproof
