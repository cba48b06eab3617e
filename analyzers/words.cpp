#include "analyzers/words.h"

#include <fmt/format.h>

#include <cmath>

#include "base/duration.h"

namespace surgeproof {

std::string percent(double share) {
  const double p = share * 100;
  if (p == 0) return "0 %";
  if (p >= 99.95 && p < 100) return ">99.9 %";
  return fmt::format("{:.3g} %", p);
}

std::string plural(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string plural_was(std::uint64_t n, std::string_view noun) { return plural(n, noun) + (n == 1 ? " was" : " were"); }

std::string plural_are(std::uint64_t n, std::string_view noun) { return plural(n, noun) + (n == 1 ? " is" : " are"); }

std::string duration_margin(RunTime observed, RunTime limit) {
  const RunTime left = limit - observed;
  if (limit <= RunTime{}) return format_duration(left);
  const double share = to_seconds(left) / to_seconds(limit) * 100;
  return fmt::format("{} ({:.0f} %)", format_duration(left), share);
}

std::string instant(RunTime t, std::optional<RunTime> load_started) {
  const RunTime since = t - load_started.value_or(RunTime{});
  return (since < RunTime{} ? "" : "+") + format_duration(since);
}

}  // namespace surgeproof
