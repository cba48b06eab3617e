// Validation of what people edit by hand: names, HPAs, Deployments, pods. Wording after k8s.io/apimachinery's
// field.Error and pkg/apis/autoscaling/validation.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/quantity.h"
#include "k8s/demo/api/admission.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

using Errors = std::vector<FieldError>;

FieldError invalid(std::string field, const json::value& value, std::string_view why) {
  return {std::move(field), "FieldValueInvalid", fmt::format("Invalid value: {}: {}", json::serialize(value), why)};
}

FieldError required(std::string field, std::string_view why = "") {
  return {std::move(field), "FieldValueRequired",
          why.empty() ? "Required value" : fmt::format("Required value: {}", why)};
}

bool is_dns_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 253 && plain(name.front()) && plain(name.back()) &&
         std::ranges::all_of(name, [&](char c) { return plain(c) || c == '-' || c == '.'; });
}

/// An integer of at least `least`, when the field is there at all.
void check_at_least(Errors& errors, const json::object& o, std::string_view key, const std::string& field,
                    std::int64_t least, std::string_view why) {
  const json::value* v = o.if_contains(key);
  if (v == nullptr || v->is_null()) return;
  const auto n = int_at(o, key);
  if (!n || v->is_double() || *n < least || *n > INT32_MAX) errors.push_back(invalid(field, *v, why));
}

constexpr std::string_view kPositive = "must be greater than 0";
constexpr std::string_view kNotNegative = "must be greater than or equal to 0";

std::string_view source_of(std::string_view type) {
  if (type == "Resource") return "resource";
  if (type == "ContainerResource") return "containerResource";
  if (type == "Pods") return "pods";
  if (type == "Object") return "object";
  if (type == "External") return "external";
  return {};
}

void check_metric(Errors& errors, const json::object& metric, const std::string& field) {
  const auto type = text_at(metric, "type");
  if (type.empty()) return errors.push_back(required(field + ".type", "must specify a metric source type"));
  const auto source = source_of(type);
  if (source.empty()) {
    errors.push_back({field + ".type", "FieldValueNotSupported",
                      fmt::format("Unsupported value: \"{}\": supported values: \"ContainerResource\", \"External\", "
                                  "\"Object\", \"Pods\", \"Resource\"",
                                  type)});
    return;
  }
  const std::string path = fmt::format("{}.{}", field, source);
  const json::object& body = object_at(metric, source);
  if (body.empty()) {
    errors.push_back(required(path, "must populate information for the given metric source"));
    return;
  }
  const bool by_resource = type == "Resource" || type == "ContainerResource";
  if (by_resource && text_at(body, "name").empty())
    errors.push_back(required(path + ".name", "must specify a resource name"));
  if (type == "ContainerResource" && text_at(body, "container").empty()) {
    errors.push_back(required(path + ".container", "must specify a container"));
  }
  if (!by_resource && text_at(body, "metric.name").empty()) {
    errors.push_back(required(path + ".metric.name", "must specify a metric name"));
  }
  const json::object& target = object_at(body, "target");
  if (text_at(target, "type").empty())
    errors.push_back(required(path + ".target.type", "must specify a metric target type"));
  check_at_least(errors, target, "averageUtilization", path + ".target.averageUtilization", 1, kPositive);
  for (const std::string_view key : {"averageValue", "value"}) {
    const json::value* v = target.if_contains(key);
    if (v == nullptr || v->is_null()) continue;
    const auto text = v->is_string() ? std::string{v->get_string()} : json::serialize(*v);
    const auto quantity = parse_quantity_milli(text);
    if (!quantity || *quantity <= 0)
      errors.push_back(invalid(fmt::format("{}.target.{}", path, key), *v, "must be positive"));
  }
  if (by_resource && !target.contains("averageUtilization") && !target.contains("averageValue")) {
    errors.push_back(
        required(path + ".target.averageUtilization", "must set either a target raw value or a target utilization"));
  }
}

void check_rules(Errors& errors, const json::object& rules, const std::string& field) {
  check_at_least(errors, rules, "stabilizationWindowSeconds", field + ".stabilizationWindowSeconds", 0, kNotNegative);
  if (const auto window = int_at(rules, "stabilizationWindowSeconds"); window && *window > 3600) {
    errors.push_back(invalid(field + ".stabilizationWindowSeconds", *window, "must be less than or equal to 3600"));
  }
  const auto select = text_at(rules, "selectPolicy");
  if (!select.empty() && select != "Max" && select != "Min" && select != "Disabled") {
    errors.push_back(
        {field + ".selectPolicy", "FieldValueNotSupported",
         fmt::format("Unsupported value: \"{}\": supported values: \"Disabled\", \"Max\", \"Min\"", select)});
  }
  std::size_t i = 0;
  for (const json::value& v : array_at(rules, "policies")) {
    const std::string path = fmt::format("{}.policies[{}]", field, i++);
    if (!v.is_object()) continue;
    const auto type = text_at(v.get_object(), "type");
    if (type != "Pods" && type != "Percent") {
      errors.push_back({path + ".type", "FieldValueNotSupported",
                        fmt::format("Unsupported value: \"{}\": supported values: \"Percent\", \"Pods\"", type)});
    }
    check_at_least(errors, v.get_object(), "value", path + ".value", 1, kPositive);
    check_at_least(errors, v.get_object(), "periodSeconds", path + ".periodSeconds", 1, kPositive);
    if (const auto period = int_at(v.get_object(), "periodSeconds"); period && *period > 1800) {
      errors.push_back(invalid(path + ".periodSeconds", *period, "must be less than or equal to 1800"));
    }
  }
}

void check_containers(Errors& errors, const json::object& pod_spec, const std::string& field) {
  const json::array& containers = array_at(pod_spec, "containers");
  if (containers.empty()) errors.push_back(required(field + ".containers"));
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string path = fmt::format("{}.containers[{}]", field, i);
    const json::object* container = containers[i].if_object();
    if (container == nullptr || text_at(*container, "name").empty()) errors.push_back(required(path + ".name"));
    if (container == nullptr || text_at(*container, "image").empty()) errors.push_back(required(path + ".image"));
  }
}

/// A pod's spec stays as it was created, but for images.
void check_pod_update(Errors& errors, const json::object& pod, const json::object& old) {
  const auto without_images = [](const json::object& o) {
    json::object spec = object_at(o, "spec");
    for (const auto list : {"containers", "initContainers"}) {
      if (json::value* v = spec.if_contains(list); v != nullptr && v->is_array()) {
        for (json::value& c : v->get_array()) {
          if (c.is_object()) c.get_object().erase("image");
        }
      }
    }
    return spec;
  };
  if (without_images(pod) == without_images(old)) return;
  errors.push_back({"spec", "FieldValueForbidden",
                    "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                    "`spec.initContainers[*].image`"});
}

}  // namespace

Errors validate_hpa(const json::object& hpa) {
  Errors errors;
  const json::object& spec = object_at(hpa, "spec");
  const json::object& target = object_at(spec, "scaleTargetRef");
  if (text_at(target, "kind").empty()) errors.push_back(required("spec.scaleTargetRef.kind"));
  if (text_at(target, "name").empty()) errors.push_back(required("spec.scaleTargetRef.name"));
  check_at_least(errors, spec, "minReplicas", "spec.minReplicas", 1, "must be greater than or equal to 1");
  const json::value* max = spec.if_contains("maxReplicas");
  if (max == nullptr || max->is_null()) {
    errors.push_back(invalid("spec.maxReplicas", 0, kPositive));
  } else {
    check_at_least(errors, spec, "maxReplicas", "spec.maxReplicas", 1, kPositive);
    if (int_at(spec, "maxReplicas").value_or(0) < int_at(spec, "minReplicas").value_or(1)) {
      errors.push_back(invalid("spec.maxReplicas", *max, "must be greater than or equal to `minReplicas`"));
    }
  }
  std::size_t i = 0;
  for (const json::value& v : array_at(spec, "metrics")) {
    const std::string field = fmt::format("spec.metrics[{}]", i++);
    if (v.is_object()) check_metric(errors, v.get_object(), field);
  }
  for (const auto side : {"scaleUp", "scaleDown"}) {
    check_rules(errors, object_at(object_at(spec, "behavior"), side), fmt::format("spec.behavior.{}", side));
  }
  return errors;
}

Errors validate_deployment(const json::object& deployment, const json::object* old) {
  Errors errors;
  const json::object& spec = object_at(deployment, "spec");
  check_at_least(errors, spec, "replicas", "spec.replicas", 0, kNotNegative);
  const json::object& selector = object_at(spec, "selector");
  if (selector.empty()) {
    errors.push_back(required("spec.selector"));
  } else if (old != nullptr && selector != object_at(*old, "spec.selector")) {
    errors.push_back(invalid("spec.selector", selector, "field is immutable"));
  } else if (!LabelSelector::from_object(selector).matches(object_at(spec, "template.metadata.labels"))) {
    errors.push_back(invalid("spec.template.metadata.labels", object_at(spec, "template.metadata.labels"),
                             "`selector` does not match template `labels`"));
  }
  check_containers(errors, object_at(spec, "template.spec"), "spec.template.spec");
  return errors;
}

Errors validate(const ResourceType& type, const json::object& object, const json::object* old) {
  Errors errors;
  const auto name = text_at(object, "metadata.name");
  if (old == nullptr && !is_dns_name(name)) {
    errors.push_back(
        invalid("metadata.name", json::string{name},
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
                "'.', and must start and end with an alphanumeric character"));
  }
  for (const auto map : {"labels", "annotations"}) {
    for (const auto& [key, value] : object_at(object_at(object, "metadata"), map)) {
      if (!value.is_string()) errors.push_back(invalid(fmt::format("metadata.{}", map), value, "must be a string"));
    }
  }
  Errors more;
  if (&type == &types::kHpas) more = validate_hpa(object);
  if (&type == &types::kDeployments || &type == &types::kReplicaSets) more = validate_deployment(object, old);
  if (&type == &types::kPods && old == nullptr) check_containers(more, object_at(object, "spec"), "spec");
  if (&type == &types::kPods && old != nullptr) check_pod_update(more, object, *old);
  errors.insert(errors.end(), more.begin(), more.end());
  return errors;
}

}  // namespace surgeproof::demo
