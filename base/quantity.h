// Kubernetes quantities: "250m", "1.5", "128Mi", "123456789n".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace surgeproof {

/// The quantity in billionths (so "250m" is 250'000'000), rounded away from zero as apimachinery's resource.Quantity
/// does when it scales (k8s.io/apimachinery/pkg/api/resource/quantity.go). Empty when the text is not a quantity;
/// clamped to the range of 64 bits.
std::optional<std::int64_t> parse_quantity_nano(std::string_view text);

/// The same in thousandths, rounded away from zero (Quantity.MilliValue).
std::optional<std::int64_t> parse_quantity_milli(std::string_view text);

/// The same in whole units, rounded away from zero (Quantity.Value).
std::optional<std::int64_t> parse_quantity(std::string_view text);

}  // namespace surgeproof
