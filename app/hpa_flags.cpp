#include "app/hpa_flags.h"

#include <fmt/format.h>

namespace surgeproof {

std::expected<hpa::Settings, std::string> settings_of(const HpaFlags& flags) {
  auto settings = hpa::settings_of_version(flags.version);
  if (!settings) {
    return std::unexpected(fmt::format(
        "--kubernetes {}: there are 1.33, 1.34 and 1.35 (1.34 is the one the model is proven against)", flags.version));
  }
  if (flags.tolerance) settings->tolerance = *flags.tolerance;
  if (flags.cpu_initialization_period) settings->cpu_initialization_period = *flags.cpu_initialization_period;
  if (flags.initial_readiness_delay) settings->initial_readiness_delay = *flags.initial_readiness_delay;
  if (flags.downscale_stabilization) settings->downscale_stabilization = *flags.downscale_stabilization;
  return *settings;
}

std::expected<whatif::ControlLoopFlags, std::string> loop_flags_of(const HpaFlags& flags) {
  const auto settings = settings_of(flags);
  if (!settings) return std::unexpected(settings.error());
  whatif::ControlLoopFlags loop{*settings};
  if (flags.sync_period) loop.sync_period = *flags.sync_period;
  return loop;
}

}  // namespace surgeproof
