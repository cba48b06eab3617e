#include "loadgen/pacer.h"

#include <algorithm>

namespace surgeproof::loadgen {

PacerSettings pacer_settings(ClientOptions::Pacing pacing) {
  switch (pacing) {
    case ClientOptions::Pacing::thrifty:
      return {.spin = {}, .spin_share = 0};
    case ClientOptions::Pacing::balanced:
      return {};
    case ClientOptions::Pacing::exact:
      return {.spin = std::chrono::hours{24}, .spin_share = 1};
  }
  return {};
}

Pacer::Step Pacer::next(RunTime now, std::optional<RunTime> due, RunTime wake) const {
  if (due && *due <= now) return {.action = Action::dispatch};
  if (wake <= now) return {.action = Action::poll};
  if (!due) return {.action = Action::sleep, .until = wake};
  const auto gap = static_cast<double>((*due - std::min(last_due_, *due)).count());
  const auto share = RunTime{static_cast<std::int64_t>(gap * settings_.spin_share)};
  const RunTime alarm = *due - std::min(settings_.spin, share);
  if (alarm <= now) return {.action = Action::poll};
  return {.action = Action::sleep, .until = std::min(alarm, wake)};
}

}  // namespace surgeproof::loadgen
