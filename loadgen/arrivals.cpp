#include "loadgen/arrivals.h"

#include <algorithm>
#include <cmath>

#include "loadgen/random.h"

namespace surgeproof::loadgen {

Arrivals::Arrivals(const LoadProfile& profile, const Load& load, std::uint32_t worker, std::uint32_t workers)
    : profile_(profile),
      kind_(load.arrivals),
      seed_(mix(mix(load.seed) + worker)),
      worker_(worker),
      workers_(workers) {}

double Arrivals::next_count() {
  if (kind_ == Load::Arrivals::uniform) return static_cast<double>(taken_ * workers_ + worker_) + 0.5;
  const double u = random_unit(seed_, Purpose::arrival_gaps, taken_);
  exponentials_ += -std::log1p(-u);
  return exponentials_ * workers_;
}

std::optional<Arrival> Arrivals::next() {
  const auto due = profile_.instant_of(next_count());
  if (!due) return std::nullopt;
  last_ = std::max(last_, *due);  // rounding never turns the order around
  return Arrival{.due = last_, .sequence = taken_++ * workers_ + worker_};
}

}  // namespace surgeproof::loadgen
