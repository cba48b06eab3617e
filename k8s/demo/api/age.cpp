#include "k8s/demo/api/age.h"

#include <fmt/format.h>

#include "base/wall_time.h"

namespace surgeproof::demo {
namespace {

std::string two_units(std::int64_t first, char first_unit, std::int64_t second, char second_unit) {
  if (second == 0) return fmt::format("{}{}", first, first_unit);
  return fmt::format("{}{}{}{}", first, first_unit, second, second_unit);
}

}  // namespace

std::string human_duration(std::chrono::nanoseconds d) {
  using namespace std::chrono;
  const std::int64_t s = duration_cast<seconds>(d).count();
  if (s < -1) return "<invalid>";
  if (s < 0) return "0s";
  if (s < 120) return fmt::format("{}s", s);
  const std::int64_t m = s / 60;
  if (m < 10) return two_units(m, 'm', s % 60, 's');
  if (m < 180) return fmt::format("{}m", m);
  const std::int64_t h = m / 60;
  if (h < 8) return two_units(h, 'h', m % 60, 'm');
  if (h < 48) return fmt::format("{}h", h);
  const std::int64_t days = h / 24;
  if (h < 24 * 8) return two_units(days, 'd', h % 24, 'h');
  if (h < 24 * 365 * 2) return fmt::format("{}d", days);
  if (h < 24 * 365 * 8) return two_units(days / 365, 'y', days % 365, 'd');
  return fmt::format("{}y", days / 365);
}

std::string age_of(std::string_view stamp, WallTime now) {
  const auto t = parse_rfc3339(stamp);
  return t ? human_duration(now - *t) : "<unknown>";
}

}  // namespace surgeproof::demo
