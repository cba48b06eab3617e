// Units as types: a bare double never says what it counts.
#pragma once

#include <compare>
#include <cstdint>

namespace surgeproof {

/// Requests per second.
struct Rate {
  double per_second = 0;
  auto operator<=>(const Rate&) const = default;
};

/// A share: 0.7 is 70 %.
struct Ratio {
  double value = 0;
  auto operator<=>(const Ratio&) const = default;
};

/// Thousandths of a CPU core.
struct Millicores {
  std::int64_t value = 0;
  auto operator<=>(const Millicores&) const = default;
};

}  // namespace surgeproof
