#include "k8s/hpa/amount.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/quantity.h"

namespace surgeproof::hpa {
namespace {

/// A quantity's text, taken apart: [sign] whole [. fraction] suffix.
struct Parts {
  bool negative = false;
  std::string_view whole;  ///< without leading zeros; "0" if nothing is left
  std::string_view fraction;
  int exponent = 0;
  bool binary = false;
};

std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

/// The suffix: sets the exponent (of 10, or of 2 when `binary`). False when there is no such suffix.
bool read_suffix(std::string_view text, Parts& parts) {
  constexpr std::string_view kBinary = "KMGTPE";
  constexpr std::string_view kLarge = "kMGTPE";
  if (text.empty()) return true;
  if (text.size() == 2 && text[1] == 'i') {
    const auto at = kBinary.find(text[0]);
    parts.binary = true;
    parts.exponent = static_cast<int>(at + 1) * 10;
    return at != std::string_view::npos;
  }
  if (text.size() == 1) {
    constexpr std::string_view kSmall = "mun";
    if (const auto at = kSmall.find(text[0]); at != std::string_view::npos) {
      parts.exponent = -3 * static_cast<int>(at + 1);
      return true;
    }
    const auto at = kLarge.find(text[0]);
    parts.exponent = 3 * static_cast<int>(at + 1);
    return at != std::string_view::npos;
  }
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts.exponent);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Parts> take_apart(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Parts parts;
  if (text.front() == '-' || text.front() == '+') {
    parts.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  parts.whole = take_digits(text);
  bool digits = !parts.whole.empty();
  while (parts.whole.starts_with('0')) parts.whole.remove_prefix(1);
  if (parts.whole.empty()) parts.whole = "0";
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
    digits = digits || !parts.fraction.empty();
  }
  if (!digits || !read_suffix(text, parts)) return std::nullopt;
  return parts;
}

/// value * 10^scale, when the text is short enough for the original's fast path (quantity.go, ParseQuantity).
struct Short {
  std::int64_t value = 0;
  int scale = 0;
};

std::optional<Short> as_short(const Parts& parts) {
  constexpr int kMaxDigits = 18;
  const int digits = static_cast<int>(parts.whole.size() + parts.fraction.size());
  Short result;
  std::int64_t factor = 1;
  if (parts.binary) {
    const int room = 15 - static_cast<int>(parts.whole.size()) - parts.exponent * 3 / 10 - 1;
    if (!parts.fraction.empty() || room < 0) return std::nullopt;
    factor = std::int64_t{1} << parts.exponent;
  } else {
    if (digits > kMaxDigits) return std::nullopt;
    result.scale = parts.exponent - static_cast<int>(parts.fraction.size());
    if (result.scale < -9) return std::nullopt;
  }
  const std::string text = std::string(parts.whole) + std::string(parts.fraction);
  std::from_chars(text.data(), text.data() + text.size(), result.value);
  if (__builtin_mul_overflow(result.value, factor, &result.value)) return std::nullopt;
  if (parts.negative) result.value = -result.value;
  return result;
}

/// amount.go, positiveScaleInt64: common scales wrap around, the others give 0 when they overflow.
std::int64_t scale_up(std::int64_t value, int scale) {
  const bool wraps = scale <= 3 || scale == 6 || scale == 9;
  for (int i = 0; i < scale; ++i) {
    std::int64_t next = 0;
    const bool overflow = __builtin_mul_overflow(value, std::int64_t{10}, &next);
    if (overflow && !wraps) return 0;
    value = next;
  }
  return value;
}

/// amount.go, negativeScaleInt64: away from zero.
std::int64_t scale_down(std::int64_t value, int scale) {
  bool fraction = false;
  const bool negative = value < 0;
  for (int i = 0; i < scale && value != 0; ++i) {
    fraction = fraction || value % 10 != 0;
    value /= 10;
  }
  if (!fraction) return value;
  return negative ? value - 1 : value + 1;
}

/// Decimal digits without leading zeros; "" is 0.
using Digits = std::string;

void double_it(Digits& digits) {
  int carry = 0;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    const int twice = 2 * (*at - '0') + carry;
    *at = static_cast<char>('0' + twice % 10);
    carry = twice / 10;
  }
  if (carry != 0) digits.insert(digits.begin(), '1');
}

/// The quantity's size in billionths, rounded away from zero. Trailing zeros beyond eighty are left out: modulo 2^64
/// they change nothing.
Digits nano_digits(const Parts& parts) {
  Digits digits = std::string(parts.whole) + std::string(parts.fraction);
  if (parts.binary) {
    for (int i = 0; i < parts.exponent; ++i) double_it(digits);
  }
  const auto shift = std::int64_t{parts.binary ? 0 : parts.exponent} - std::ssize(parts.fraction) + 9;
  if (shift >= 0) {
    digits.append(static_cast<std::size_t>(std::min<std::int64_t>(shift, 80)), '0');
  } else {
    const auto cut = std::min(static_cast<std::size_t>(-shift), digits.size());
    const bool lost = digits.find_first_not_of('0', digits.size() - cut) != std::string::npos;
    digits.resize(digits.size() - cut);
    if (lost) {
      digits.insert(digits.begin(), '0');
      auto at = digits.rbegin();
      for (; *at == '9'; ++at) *at = '0';
      ++*at;
    }
  }
  return digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

std::uint64_t modulo_64_bits(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

/// More than 2^63-1 units, the most that a quantity with a binary suffix can be.
bool above_cap(const Digits& nano) {
  constexpr std::string_view kCap = "9223372036854775807000000000";
  return nano.size() > kCap.size() || (nano.size() == kCap.size() && nano > kCap);
}

/// Long notation (math.go, scaledValue): the low 64 bits; a negative number is cut to them before it is divided.
std::int64_t long_milli(const Parts& parts) {
  constexpr std::int64_t kNanoInMilli = 1'000'000;
  const Digits nano = nano_digits(parts);
  if (parts.binary && above_cap(nano)) return parts.negative ? 1000 : -1000;
  if (parts.negative) {
    const auto low = static_cast<std::int64_t>(-modulo_64_bits(nano));
    return low / kNanoInMilli + (low % kNanoInMilli != 0 ? 1 : 0);
  }
  const std::size_t kept = nano.size() > 6 ? nano.size() - 6 : 0;
  const bool lost = nano.find_first_not_of('0', kept) != std::string::npos;
  return static_cast<std::int64_t>(modulo_64_bits(std::string_view(nano).substr(0, kept)) + (lost ? 1 : 0));
}

}  // namespace

std::optional<std::int64_t> milli_value(std::string_view quantity) {
  const auto parts = take_apart(quantity);
  if (!parts) return std::nullopt;
  const auto amount = as_short(*parts);
  if (!amount) return long_milli(*parts);
  if (amount->value == 0) return 0;
  const int shift = amount->scale + 3;
  return shift < 0 ? scale_down(amount->value, -shift) : scale_up(amount->value, shift);
}

std::optional<double> approximate_value(std::string_view quantity) {
  const auto parts = take_apart(quantity);
  if (!parts) return std::nullopt;
  constexpr std::array<double, 10> kNegativePowers = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
  const auto amount = as_short(*parts);
  if (!amount) {
    const auto nano = parse_quantity_nano(quantity);
    return nano ? std::optional(static_cast<double>(*nano) * 1e-9) : std::nullopt;
  }
  const auto base = static_cast<double>(amount->value);
  if (amount->scale == 0) return base;
  if (amount->scale < 0) return base * kNegativePowers[static_cast<std::size_t>(-amount->scale)];
  return base * std::pow(10.0, amount->scale);
}

}  // namespace surgeproof::hpa
