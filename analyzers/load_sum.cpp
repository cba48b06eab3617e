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

}  // namespace

std::uint64_t LoadSum::ended() const { return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0}); }
std::uint64_t LoadSum::drops() const { return count_if(*this, is_drop); }
std::uint64_t LoadSum::lost() const { return count_if(*this, is_generator_fault); }
std::uint64_t LoadSum::timeouts() const { return count(Outcome::timeout) + count(Outcome::connect_timeout); }
std::uint64_t LoadSum::errors() const { return ended() - count(Outcome::ok) - lost(); }

void LoadSum::reset() {
  planned = sent = 0;
  outcomes = {};
  latency.reset();
  service_time.reset();
}

LoadSum sum_load(const Timeline& t, const LoadFilter& filter) { return t.windows.sum(filter, LoadParts::all); }
LoadSum sum_latency(const Timeline& t, const LoadFilter& filter) { return t.windows.sum(filter, LoadParts::latency); }
LoadSum count_load(const Timeline& t, const LoadFilter& filter) { return t.windows.sum(filter, LoadParts::counts); }

}  // namespace surgeproof
