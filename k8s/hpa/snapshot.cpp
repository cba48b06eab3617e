#include "k8s/hpa/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "base/wall_time.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;
using Objects = std::vector<json::value>;

std::string name_in(const json::value& object) { return text_of(field(field(object, "metadata"), "name")); }
std::string ns_in(const json::value& object) { return text_of(field(field(object, "metadata"), "namespace")); }

/// The latest instant that any field of the object carries, except plans for the future.
void raise_to_latest(const json::value& v, std::optional<WallTime>& latest) {
  if (const auto* object = v.if_object()) {
    for (const auto& entry : *object) {
      const std::string_view key = entry.key();
      if (key == "deletionTimestamp" || key == "annotations" || key == "labels") continue;
      raise_to_latest(entry.value(), latest);
    }
  } else if (const auto* array = v.if_array()) {
    for (const auto& item : *array) raise_to_latest(item, latest);
  } else if (const auto* text = v.if_string(); text != nullptr && text->size() >= 20 && text->size() <= 35) {
    if (const auto t = time_of(v); t && *t != WallTime::min() && *t != kFarFuture) {
      latest = std::max(latest.value_or(*t), *t);
    }
  }
}

std::expected<const json::value*, std::string> find_hpa(const Objects& hpas, const SnapshotQuery& query) {
  std::vector<const json::value*> found;
  std::string names;
  for (const auto& hpa : hpas) {
    names += fmt::format("{}{}/{}", names.empty() ? "" : ", ", ns_in(hpa), name_in(hpa));
    if (!query.name.empty() && name_in(hpa) != query.name) continue;
    if (!query.ns.empty() && ns_in(hpa) != query.ns) continue;
    found.push_back(&hpa);
  }
  if (hpas.empty())
    return std::unexpected("there is no HorizontalPodAutoscaler in the files: add `kubectl get hpa -o json`");
  if (found.empty()) {
    return std::unexpected(
        fmt::format("there is no HorizontalPodAutoscaler {} in the files; there are {}", query.name, names));
  }
  if (found.size() > 1) {
    return std::unexpected(
        fmt::format("the files hold several HorizontalPodAutoscalers ({}): say which with --hpa and -n", names));
  }
  const std::string version = text_of(field(*found.front(), "apiVersion"));
  if (version == "autoscaling/v1" || version == "autoscaling/v2beta1") {
    return std::unexpected(fmt::format("{} is of {}: save it with `kubectl get hpa.v2.autoscaling {} -o json`",
                                       name_in(*found.front()), version, name_in(*found.front())));
  }
  return found.front();
}

/// matchLabels and matchExpressions as the text of a Scale.
std::string selector_words(const json::value& selector) {
  std::string text;
  const auto add = [&](const std::string& word) { text += (text.empty() ? "" : ",") + word; };
  if (const auto* labels = field(selector, "matchLabels").if_object()) {
    for (const auto& l : *labels) add(fmt::format("{}={}", std::string_view(l.key()), text_of(l.value())));
  }
  for (const auto& e : items_of(field(selector, "matchExpressions"))) {
    const auto key = text_of(field(e, "key"));
    const auto op = text_of(field(e, "operator"));
    std::string values;
    for (const auto& v : items_of(field(e, "values"))) values += (values.empty() ? "" : ",") + text_of(v);
    if (op == "Exists") add(key);
    if (op == "DoesNotExist") add("!" + key);
    if (op == "In") add(fmt::format("{} in ({})", key, values));
    if (op == "NotIn") add(fmt::format("{} notin ({})", key, values));
  }
  return text;
}

/// The target's scale, from a Scale object or from the target itself.
std::expected<Scale, std::string> find_scale(const ObjectHeap& heap, const Autoscaler& hpa) {
  const auto is_target = [&](const json::value& o) { return name_in(o) == hpa.spec.target.name && ns_in(o) == hpa.ns; };
  const auto& scales = heap.of_kind("Scale");
  if (const auto found = std::ranges::find_if(scales, is_target); found != scales.end()) {
    if (const auto scale = scale_from_json(*found)) return *scale;
  }
  const auto& targets = heap.of_kind(hpa.spec.target.kind);
  const auto found = std::ranges::find_if(targets, is_target);
  if (found == targets.end()) {
    return std::unexpected(
        fmt::format("the scale of {0} {1} is not in the files: add `kubectl get {0} {1} -n {2} -o json`",
                    hpa.spec.target.kind, hpa.spec.target.name, hpa.ns));
  }
  const json::value& spec = field(*found, "spec");
  const json::value& selector = field(spec, "selector");
  Scale scale;
  scale.spec_replicas = int_of(field(spec, "replicas")).value_or(1);
  scale.status_replicas = int_of(field(field(*found, "status"), "replicas")).value_or(0);
  const bool plain = hpa.spec.target.kind == "ReplicationController";
  scale.selector = plain ? selector_words(json::object{{"matchLabels", selector}}) : selector_words(selector);
  return scale;
}

struct PastSize {
  WallTime at{};
  std::int32_t size = 0;
};

/// "New size: 4; reason: …"
std::optional<std::int32_t> size_in(std::string_view message) {
  constexpr std::string_view kBegin = "New size: ";
  if (!message.starts_with(kBegin)) return std::nullopt;
  message.remove_prefix(kBegin.size());
  std::int32_t size = 0;
  const auto [end, error] = std::from_chars(message.data(), message.data() + message.size(), size);
  return error == std::errc{} ? std::optional(size) : std::nullopt;
}

WallTime time_of_event(const json::value& event) {
  for (const auto& candidate : {field(field(event, "series"), "lastObservedTime"), field(event, "lastTimestamp"),
                                field(event, "eventTime"), field(event, "firstTimestamp")}) {
    if (const auto t = time_of(candidate)) return *t;
  }
  return WallTime::min();
}

void read_events(const ObjectHeap& heap, Snapshot& snapshot) {
  const Autoscaler& hpa = snapshot.world.hpa;
  std::multimap<WallTime, const json::value*> events;  // equal instants stay in the files' order
  for (const auto& event : heap.of_kind("Event")) {
    const json::value& regarding =
        field(event, "involvedObject").is_object() ? field(event, "involvedObject") : field(event, "regarding");
    if (text_of(field(regarding, "kind")) != "HorizontalPodAutoscaler") continue;
    if (text_of(field(regarding, "name")) != hpa.name || text_of(field(regarding, "namespace")) != hpa.ns) continue;
    const WallTime at = time_of_event(event);
    if (at <= snapshot.now) events.emplace(at, &event);
  }
  std::optional<std::int32_t> before;
  for (const auto& [at, event] : events) {
    const auto reason = text_of(field(*event, "reason"));
    const auto message =
        text_of(field(*event, "message").is_string() ? field(*event, "message") : field(*event, "note"));
    snapshot.events.push_back(fmt::format("{} {}: {}", format_rfc3339(at, 0).substr(11, 8), reason, message));
    const auto size = reason == "SuccessfulRescale" ? size_in(message) : std::nullopt;
    if (!size) continue;
    if (before && *size > *before) snapshot.memory.scale_ups.push_back({*size - *before, at, false});
    if (before && *size < *before) snapshot.memory.scale_downs.push_back({*before - *size, at, false});
    before = size;
  }
}

/// The average that the HPA reported for a resource, given to every ready pod; empty without any.
std::vector<PodMetrics> reported_usage(const Snapshot& snapshot) {
  const World& world = snapshot.world;
  std::vector<PodMetrics> all;
  for (const MetricStatus& said : world.hpa.status.current_metrics) {
    if (said.type != MetricType::resource || !said.average_value_milli) continue;
    if (all.empty()) {
      for (const Pod& pod : world.pods) {
        if (!pod.is_ready() || pod.terminating) continue;
        all.push_back({pod.ns, pod.name, pod.labels, snapshot.now, std::chrono::seconds{15}, {{"(all)", {}}}});
      }
    }
    for (PodMetrics& pod : all) pod.containers.front().usage[said.name] = *said.average_value_milli;
  }
  return all;
}

void read_metrics(const ObjectHeap& heap, Snapshot& snapshot) {
  World& world = snapshot.world;
  const auto& metrics = heap.of_kind("PodMetrics");
  if (!metrics.empty() || heap.has_list_of("PodMetrics")) {
    world.pod_metrics = pod_metrics_from_json(json::value(json::array(metrics.begin(), metrics.end())));
    return;
  }
  if (const auto& failures = heap.of_kind("Status"); !failures.empty()) {
    world.pod_metrics = std::unexpected(failure_of(failures.front()));
    return;
  }
  const bool needed = std::ranges::any_of(world.hpa.spec.metrics, [](const MetricSpec& m) {
    return m.type == MetricType::resource || m.type == MetricType::container_resource;
  });
  if (!needed) return;
  auto reported = reported_usage(snapshot);
  snapshot.remarks.push_back(fmt::format(
      "The files hold no PodMetrics{}. Add `kubectl get --raw /apis/metrics.k8s.io/v1beta1/namespaces/{}/pods`.",
      reported.empty() ? ", so resource metrics fail here"
                       : ": each ready pod is taken to use the average of the HPA's status",
      world.hpa.ns));
  if (reported.empty()) {
    world.pod_metrics = std::unexpected(Failure{0, "", "the files hold no PodMetrics"});
  } else {
    world.pod_metrics = std::move(reported);
  }
}

/// What custom and external metrics the HPA itself reported stand in for answers that were not saved.
void assume_reported_metrics(Snapshot& snapshot) {
  World& world = snapshot.world;
  for (const MetricSpec& metric : world.hpa.spec.metrics) {
    if (metric.type != MetricType::pods && metric.type != MetricType::object && metric.type != MetricType::external)
      continue;
    const auto& current = world.hpa.status.current_metrics;
    const auto said = std::ranges::find_if(current, [&](const MetricStatus& s) {
      return s.type == metric.type && s.name == metric.name && s.described_object.name == metric.described_object.name;
    });
    if (said == current.end()) continue;
    const auto replicas = std::max(1, world.scale ? world.scale->status_replicas : 1);
    std::int64_t value = said->value_milli.value_or(0);
    if (!said->value_milli && said->average_value_milli) value = *said->average_value_milli * replicas;
    if (metric.type == MetricType::external) {
      world.external_metrics.push_back(
          {metric.name, metric.selector.value_or(StructuredSelector{}), std::vector{value}});
    } else if (metric.type == MetricType::object) {
      world.custom_metrics.push_back({metric.name, metric.described_object,
                                      metric.selector.value_or(StructuredSelector{}),
                                      std::vector<CustomMetricValue>{{metric.described_object.name, value, {}, {}}}});
    } else {
      std::vector<CustomMetricValue> each;
      for (const Pod& pod : world.pods) {
        if (pod.is_ready()) each.push_back({pod.name, said->average_value_milli.value_or(0), snapshot.now, {}});
      }
      world.custom_metrics.push_back(
          {metric.name, std::nullopt, metric.selector.value_or(StructuredSelector{}), std::move(each)});
    }
    snapshot.remarks.push_back(fmt::format("{}: taken from the HPA's own status.", metric.name));
  }
}

}  // namespace

bool ObjectHeap::add(const json::value& document) {
  std::string kind = text_of(field(document, "kind"));
  const json::value& items = field(document, "items");
  if (!document.is_object() || (kind.empty() && !items.is_array())) return false;
  if (!items.is_array()) {
    add_one(document, std::move(kind));
    return true;
  }
  const std::string of_list = kind.ends_with("List") ? kind.substr(0, kind.size() - 4) : "";
  if (!of_list.empty()) lists_.push_back(of_list);
  for (const auto& item : items.get_array()) {
    std::string own = text_of(field(item, "kind"));
    add_one(item, own.empty() ? of_list : std::move(own));
  }
  return true;
}

void ObjectHeap::add_one(const json::value& object, std::string kind) {
  ++count_;
  const auto found = std::ranges::find(kinds_, kind, &std::pair<std::string, Objects>::first);
  if (found != kinds_.end()) {
    found->second.push_back(object);
  } else {
    kinds_.emplace_back(std::move(kind), Objects{object});
  }
}

const Objects& ObjectHeap::of_kind(std::string_view kind) const {
  static const Objects kNone;
  const auto found = std::ranges::find(kinds_, kind, &std::pair<std::string, Objects>::first);
  return found == kinds_.end() ? kNone : found->second;
}

bool ObjectHeap::has_list_of(std::string_view kind) const { return std::ranges::find(lists_, kind) != lists_.end(); }

std::expected<Snapshot, std::string> assemble(const ObjectHeap& heap, const SnapshotQuery& query) {
  const auto hpa = find_hpa(heap.of_kind("HorizontalPodAutoscaler"), query);
  if (!hpa) return std::unexpected(hpa.error());
  Snapshot snapshot;
  World& world = snapshot.world;
  world.hpa = autoscaler_from_json(**hpa);
  const auto scale = find_scale(heap, world.hpa);
  if (!scale) return std::unexpected(scale.error());
  world.scale = *scale;
  for (const auto& pod : heap.of_kind("Pod")) world.pods.push_back(pod_from_json(pod));
  if (query.now) {
    snapshot.now = *query.now;
  } else {
    std::optional<WallTime> latest;
    raise_to_latest(**hpa, latest);
    for (const char* kind : {"PodMetrics", "Pod"}) {
      for (const auto& object : heap.of_kind(kind)) raise_to_latest(object, latest);
    }
    if (!latest) return std::unexpected("no object in the files tells a time: say with --now when they were saved");
    snapshot.now = *latest;
    snapshot.remarks.push_back(fmt::format("The latest instant in the files, {}, is taken for now; --now says another.",
                                           format_rfc3339(*latest, 0)));
  }
  if (world.pods.empty()) {
    snapshot.remarks.push_back(
        fmt::format("No pods are in the files: add `kubectl get pods -n {} -o json`.", world.hpa.ns));
  }
  read_metrics(heap, snapshot);
  assume_reported_metrics(snapshot);
  read_events(heap, snapshot);
  // When it scaled last, the count it set had been recommended within the window.
  if (world.hpa.status.last_scale_time) {
    snapshot.memory.recommendations.push_back({world.scale->spec_replicas, *world.hpa.status.last_scale_time});
  }
  return snapshot;
}

}  // namespace surgeproof::hpa
