#include "k8s/hpa/settings.h"

namespace surgeproof::hpa {

std::optional<Settings> settings_of_version(std::string_view version) {
  Settings settings;
  if (version == "1.34") return settings;
  if (version == "1.33") {
    settings.pod_level_resources = false;
    return settings;
  }
  if (version == "1.35") {
    settings.configurable_tolerance = true;
    settings.container_required = true;
    return settings;
  }
  return std::nullopt;
}

}  // namespace surgeproof::hpa
