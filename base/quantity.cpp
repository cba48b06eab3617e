#include "base/quantity.h"

#include <limits>

namespace surgeproof {
namespace {

// Wide enough for the largest legal quantity (under 2^63 of the base unit) times 10^9.
using Wide = __int128;
constexpr Wide kLimit = static_cast<Wide>(1) << 120;

struct Suffix {
  std::string_view name;
  Wide factor_numerator;
  Wide factor_denominator;
};

constexpr Suffix kSuffixes[] = {{"Ki", Wide{1} << 10, 1},
                                {"Mi", Wide{1} << 20, 1},
                                {"Gi", Wide{1} << 30, 1},
                                {"Ti", Wide{1} << 40, 1},
                                {"Pi", Wide{1} << 50, 1},
                                {"Ei", Wide{1} << 60, 1},
                                {"n", 1, 1'000'000'000},
                                {"u", 1, 1'000'000},
                                {"m", 1, 1'000},
                                {"k", 1'000, 1},
                                {"M", 1'000'000, 1},
                                {"G", 1'000'000'000, 1},
                                {"T", 1'000'000'000'000, 1},
                                {"P", 1'000'000'000'000'000, 1},
                                {"E", 1'000'000'000'000'000'000, 1},
                                {"", 1, 1}};

Wide saturating_multiply(Wide a, Wide b) {
  Wide r = 0;
  return __builtin_mul_overflow(a, b, &r) || r > kLimit ? kLimit : r;
}

Wide divide_away_from_zero(Wide a, Wide b) { return (a + b - 1) / b; }

/// value = mantissa / 10^decimals * suffix, in units of 1/`scale`.
std::optional<std::int64_t> parse_scaled(std::string_view text, Wide scale) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  Wide mantissa = 0;
  int decimals = 0;
  bool any = false;
  bool after_dot = false;
  bool lost = false;  // non-zero digits beyond what the mantissa holds
  while (!text.empty()) {
    const char c = text.front();
    if (c == '.' && !after_dot) {
      after_dot = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      if (mantissa < (Wide{1} << 90) && decimals < 27) {
        mantissa = mantissa * 10 + (c - '0');
        if (after_dot) ++decimals;
      } else if (after_dot) {
        lost = lost || c != '0';
      } else {
        mantissa = kLimit;
      }
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  Wide numerator = 1;
  Wide denominator = 1;
  // Decimal exponent: "1e3", "12E-2" (a bare "E" is the suffix exa).
  if (text.size() >= 2 && (text.front() == 'e' || text.front() == 'E') && text != "Ei") {
    text.remove_prefix(1);
    const bool minus = text.front() == '-';
    if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
    if (text.empty() || text.size() > 3) return std::nullopt;
    int exponent = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      exponent = exponent * 10 + (c - '0');
    }
    for (int i = 0; i < std::min(exponent, 30); ++i) {
      if (minus) {
        denominator = saturating_multiply(denominator, 10);
      } else {
        numerator = saturating_multiply(numerator, 10);
      }
    }
  } else {
    const Suffix* suffix = nullptr;
    for (const auto& s : kSuffixes) {
      if (text == s.name) {
        suffix = &s;
        break;
      }
    }
    if (suffix == nullptr) return std::nullopt;
    numerator = suffix->factor_numerator;
    denominator = suffix->factor_denominator;
  }
  for (int i = 0; i < decimals; ++i) denominator = saturating_multiply(denominator, 10);
  // Shorten by common tens first, so that the products below do not saturate needlessly.
  while (denominator % 10 == 0 && numerator % 10 == 0) {
    denominator /= 10;
    numerator /= 10;
  }
  Wide s = scale;
  while (denominator % 10 == 0 && s % 10 == 0) {
    denominator /= 10;
    s /= 10;
  }
  Wide value = saturating_multiply(saturating_multiply(mantissa, numerator), s);
  if (value < kLimit) value = divide_away_from_zero(value + (lost ? 1 : 0), denominator);
  constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
  if (value > kMax) value = kMax;
  return static_cast<std::int64_t>(negative ? -value : value);
}

}  // namespace

std::optional<std::int64_t> parse_quantity_nano(std::string_view text) { return parse_scaled(text, 1'000'000'000); }
std::optional<std::int64_t> parse_quantity_milli(std::string_view text) { return parse_scaled(text, 1'000); }
std::optional<std::int64_t> parse_quantity(std::string_view text) { return parse_scaled(text, 1); }

}  // namespace surgeproof
