// Quantities as the controller sees them, beyond the range where rounding is all there is to it.
// Mirrors k8s.io/apimachinery/pkg/api/resource (quantity.go, amount.go).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace surgeproof::hpa {

/// Quantity.MilliValue: thousandths, rounded away from zero. Within 64 bits it is what surgeproof::parse_quantity_milli
/// says. Beyond, it overflows as the original does: short decimal notation wraps around, or is 0 for large suffixes;
/// long notation keeps the low 64 bits, after a cap at 2^63-1 units if its suffix is binary. Empty when the text is not
/// a quantity.
std::optional<std::int64_t> milli_value(std::string_view quantity);

/// Quantity.AsApproximateFloat64. Empty when the text is not a quantity.
std::optional<double> approximate_value(std::string_view quantity);

}  // namespace surgeproof::hpa
