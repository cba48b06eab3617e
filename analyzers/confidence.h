// How sure a cause is.
#pragma once

#include <cstdint>
#include <string_view>

namespace surgeproof {

enum class Confidence : std::uint8_t {
  low,       ///< it fits, and so might others
  probable,  ///< the time fits; whose it was is not proven
  high,      ///< the pod is known, and its own moment fits
};
std::string_view name_of(Confidence c);

}  // namespace surgeproof
