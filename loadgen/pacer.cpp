#include "loadgen/pacer.h"

#include <algorithm>

namespace surgeproof::loadgen {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::nanoseconds kShortestSleep = 5us;  // a shorter one costs more than polling

}  // namespace

PacerSettings pacer_settings(ClientOptions::Pacing pacing) {
  switch (pacing) {
    case ClientOptions::Pacing::thrifty:
      return {.least_margin = {}, .most_margin = {}, .nap = 3ms};
    case ClientOptions::Pacing::balanced:
      return {};
    case ClientOptions::Pacing::exact:
      return {.least_margin = 24h, .most_margin = 24h};
  }
  return {};
}

Pacer::Step Pacer::next(RunTime now, std::optional<RunTime> due, RunTime wake) {
  if (due) due = std::max(*due, nap_ends_);  // I/O may wake the thread in the middle of a nap
  if (due && *due <= now) return {.action = Action::dispatch};
  if (wake <= now) return {.action = Action::poll};
  if (!due) return {.action = Action::sleep, .until = wake};
  const RunTime alarm = *due - margin_;
  if (alarm < now + kShortestSleep && settings_.nap == 0ns) return {.action = Action::poll};
  slept_ = true;
  return {.action = Action::sleep, .until = std::min(alarm, wake)};
}

// Follows the 95th percentile of how late sleeps end: up by 19 parts for each that was later, down by one for each that
// was not.
void Pacer::woke(RunTime until, RunTime now) {
  const auto part = std::max<std::chrono::nanoseconds>(margin_ / 800, 25ns);
  change_margin(now - until > margin_ ? 19 * part : -part);
}

// Where arrivals follow one another so closely that there is never time to sleep, the margin shrinks slowly, until a
// sleep shows again whether they are as late as they were.
void Pacer::caught_up(RunTime now) {
  if (!slept_) change_margin(-5ns);
  slept_ = false;
  if (settings_.nap > 0ns) nap_ends_ = now + settings_.nap;
}

void Pacer::change_margin(std::chrono::nanoseconds by) {
  margin_ = std::clamp(margin_ + by, settings_.least_margin, settings_.most_margin);
}

}  // namespace surgeproof::loadgen
