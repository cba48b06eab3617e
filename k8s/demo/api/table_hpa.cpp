// An HPA's row: printHorizontalPodAutoscaler of pkg/printers/internalversion/printers.go.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "k8s/demo/api/age.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/table.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string percent(const json::object& o, std::string_view path, std::string_view otherwise) {
  const auto value = int_at(o, path);
  return value ? fmt::format("{}%", *value) : std::string{otherwise};
}

std::string text_or(const json::object& o, std::string_view path, std::string_view otherwise) {
  const auto text = text_at(o, path);
  return std::string{text.empty() ? otherwise : text};
}

std::string resource_target(const json::object& spec, const json::object& status) {
  const auto name = text_at(spec, "name");
  if (const auto target = text_at(spec, "target.averageValue"); !target.empty()) {
    return fmt::format("{}: {}/{}", name, text_or(status, "current.averageValue", "<unknown>"), target);
  }
  return fmt::format("{}: {}/{}", name, percent(status, "current.averageUtilization", "<unknown>"),
                     percent(spec, "target.averageUtilization", "<auto>"));
}

std::string other_target(const json::object& spec, const json::object& status, bool pods) {
  if (const auto target = text_at(spec, "target.averageValue"); !target.empty()) {
    return fmt::format("{}/{}{}", text_or(status, "current.averageValue", "<unknown>"), target, pods ? "" : " (avg)");
  }
  return fmt::format("{}/{}", text_or(status, "current.value", "<unknown>"),
                     text_or(spec, "target.value", "<unknown>"));
}

std::string metric_target(const json::object& spec, const json::object& status) {
  const auto type = text_at(spec, "type");
  const bool same = text_at(status, "type") == type;
  static const json::object kNone;
  const auto part = [&](std::string_view field) -> const json::object& {
    return same ? object_at(status, field) : kNone;
  };
  if (type == "Resource") return resource_target(object_at(spec, "resource"), part("resource"));
  if (type == "ContainerResource") {
    return resource_target(object_at(spec, "containerResource"), part("containerResource"));
  }
  if (type == "Pods") return other_target(object_at(spec, "pods"), part("pods"), true);
  if (type == "Object") return other_target(object_at(spec, "object"), part("object"), false);
  if (type == "External") return other_target(object_at(spec, "external"), part("external"), false);
  return "<unknown type>";
}

}  // namespace

std::string hpa_targets(const json::object& hpa) {
  const json::array& specs = array_at(hpa, "spec.metrics");
  const json::array& statuses = array_at(hpa, "status.currentMetrics");
  if (specs.empty()) return "<none>";
  static const json::object kNone;
  constexpr std::size_t kShown = 2;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < specs.size() && i < kShown; ++i) {
    const json::object* status = i < statuses.size() ? statuses[i].if_object() : nullptr;
    if (specs[i].is_object())
      parts.push_back(metric_target(specs[i].get_object(), status != nullptr ? *status : kNone));
  }
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (specs.size() > kShown) text += fmt::format(" + {} more...", specs.size() - kShown);
  return text;
}

json::array hpa_cells(const json::object& hpa, WallTime now) {
  const auto min = int_at(hpa, "spec.minReplicas");
  return {text_at(hpa, "metadata.name"),
          fmt::format("{}/{}", text_at(hpa, "spec.scaleTargetRef.kind"), text_at(hpa, "spec.scaleTargetRef.name")),
          hpa_targets(hpa),
          min ? std::to_string(*min) : "<unset>",
          std::to_string(int_at(hpa, "spec.maxReplicas").value_or(0)),
          int_at(hpa, "status.currentReplicas").value_or(0),
          age_of(text_at(hpa, "metadata.creationTimestamp"), now)};
}

}  // namespace surgeproof::demo
