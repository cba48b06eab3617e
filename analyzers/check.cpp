#include "analyzers/check.h"

#include <algorithm>

namespace surgeproof {

std::string_view name_of(Check::Level level) {
  switch (level) {
    case Check::Level::ok:
      return "ok";
    case Check::Level::note:
      return "note";
    case Check::Level::warning:
      return "warning";
    case Check::Level::unseen:
      return "unseen";
    case Check::Level::failure:
      return "failure";
  }
  return {};
}

std::size_t count(const Checks& checks, Check::Level level) {
  return static_cast<std::size_t>(std::ranges::count(checks, level, &Check::level));
}

}  // namespace surgeproof
