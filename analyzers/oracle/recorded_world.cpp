#include "analyzers/oracle/recorded_world.h"

#include <algorithm>
#include <boost/json.hpp>

#include "k8s/hpa/json.h"

namespace surgeproof {
namespace {

namespace json = boost::json;

/// Every pod of the target carries it, so that the selector need not be understood twice.
constexpr std::string_view kLabel = "recorded";

hpa::MetricType type_of(std::string_view name) {
  using enum hpa::MetricType;
  for (const auto type : {resource, container_resource, pods, object, external}) {
    if (name == hpa::name_of(type)) return type;
  }
  return unknown;
}

hpa::PodPhase phase_of_text(std::string_view name) {
  if (name == "Pending") return hpa::PodPhase::pending;
  if (name == "Running") return hpa::PodPhase::running;
  if (name == "Succeeded") return hpa::PodPhase::succeeded;
  return name == "Failed" ? hpa::PodPhase::failed : hpa::PodPhase::unknown;
}

hpa::PodMetrics to_metrics(const PodMetricsSample& s) {
  hpa::PodMetrics m;
  m.ns = s.ns;
  m.name = s.pod;
  m.labels.emplace(kLabel, "yes");
  m.timestamp = s.timestamp;
  m.window = s.window;
  for (const ContainerUsage& c : s.containers) {
    // Rounded away from zero, as the controller reads a quantity.
    const std::int64_t cpu_milli = (c.cpu_nanocores + 999'999) / 1'000'000;
    m.containers.push_back({c.name, {{"cpu", cpu_milli}, {"memory", c.memory_bytes * 1000}}});
  }
  return m;
}

}  // namespace

RecordedWorlds::RecordedWorlds(const Timeline& timeline, const HpaTrack& track, WallTime zero)
    : timeline_(timeline), track_(track), zero_(zero) {
  for (const PodMetricsSample& s : timeline.pod_metrics) {
    if (s.ns == track.ns) metrics_[s.pod].push_back(&s);
  }
}

hpa::Autoscaler RecordedWorlds::autoscaler(const HpaSample& sample, const HpaSample& before) const {
  if (sample.spec_json != spec_json_) {
    json::error_code failed;
    json::value spec = json::parse(sample.spec_json, failed);
    spec_ =
        hpa::autoscaler_from_json(json::object{{"spec", failed ? json::value(json::object()) : std::move(spec)}}).spec;
    spec_json_ = sample.spec_json;
  }
  return {track_.ns, track_.name, spec_, status_of(before)};
}

void RecordedWorlds::add_pods(hpa::World& world, RunTime t) const {
  for (const PodLife& life : timeline_.pods) {
    if (life.hpa != track_.name || life.ns != track_.ns) continue;
    const auto after = std::ranges::upper_bound(life.states, t, {}, &PodState::at);
    if (after == life.states.begin() || std::prev(after)->gone) continue;
    const PodState& state = *std::prev(after);
    hpa::Pod pod;
    pod.ns = life.ns;
    pod.name = life.name;
    pod.labels.emplace(kLabel, "yes");
    pod.phase = phase_of_text(state.phase);
    pod.terminating = state.terminating;
    pod.start_time = state.started;
    if (state.ready_changed) pod.ready = state.ready ? "True" : "False";
    pod.ready_since = state.ready_changed;
    for (const ContainerState& c : life.containers) {
      hpa::Container container{c.name, c.sidecar, {}};
      if (c.cpu_request_millicores) container.requests.emplace("cpu", *c.cpu_request_millicores);
      (c.sidecar ? pod.init_containers : pod.containers).push_back(std::move(container));
    }
    world.pods.push_back(std::move(pod));
  }
}

void RecordedWorlds::add_pod_metrics(hpa::World& world, RunTime t, MetricsView view) const {
  constexpr std::string_view kResource = "metrics.k8s.io/pods";
  if (view == MetricsView::none || timeline_.gap_in(kResource, {t, t}) != nullptr) {
    world.pod_metrics = std::unexpected(hpa::Failure{503, "", "no metrics were served"});
    return;
  }
  world.pod_metrics = std::vector<hpa::PodMetrics>{};
  for (const hpa::Pod& pod : world.pods) {
    const auto found = metrics_.find(pod.name);
    if (found == metrics_.end()) continue;
    const auto& samples = found->second;
    auto next = std::ranges::upper_bound(samples, t, {}, [](const PodMetricsSample* s) { return s->observed; });
    if (view == MetricsView::fresher && next != samples.end() && (*next)->timestamp <= zero_ + t) ++next;
    if (view == MetricsView::older && next != samples.begin()) --next;
    if (next != samples.begin()) world.pod_metrics->push_back(to_metrics(**std::prev(next)));
  }
}

/// Custom and external metrics are not recorded; what the HPA reported of them stands in.
void RecordedWorlds::add_other_metrics(hpa::World& world, const HpaSample& sample) const {
  const auto& specs = world.hpa.spec.metrics;
  const std::int64_t replicas = std::max(1, world.scale->status_replicas);
  for (std::size_t i = 0; i < std::min(specs.size(), sample.metrics.size()); ++i) {
    const hpa::MetricSpec& spec = specs[i];
    const HpaMetric& said = sample.metrics[i];
    if (!said.current_average_milli && !said.current_value_milli) continue;
    const std::int64_t total =
        said.current_value_milli ? *said.current_value_milli : *said.current_average_milli * replicas;
    const auto selector = spec.selector.value_or(hpa::StructuredSelector{});
    if (spec.type == hpa::MetricType::external) {
      world.external_metrics.push_back({spec.name, selector, std::vector{total}});
    } else if (spec.type == hpa::MetricType::object) {
      world.custom_metrics.push_back(
          {spec.name, spec.described_object, selector,
           std::vector<hpa::CustomMetricValue>{{spec.described_object.name, total, {}, {}}}});
    } else if (spec.type == hpa::MetricType::pods) {
      std::vector<hpa::CustomMetricValue> each;
      for (const hpa::Pod& pod : world.pods) {
        if (pod.is_ready()) each.push_back({pod.name, said.current_average_milli.value_or(0), {}, {}});
      }
      world.custom_metrics.push_back({spec.name, std::nullopt, selector, std::move(each)});
    }
  }
}

/// The status is written after the scale: pods that the sync itself brought about may be there already.
RunTime RecordedWorlds::sync_instant(const HpaSample& sample) const {
  const RunTime t = sample.at.observed;
  if (sample.desired_replicas == sample.current_replicas) return t;
  const auto& changes = track_.spec_replicas.changes();
  const auto after = std::ranges::upper_bound(changes, t, {}, &Steps<int>::Change::at);
  if (after == changes.begin()) return t;
  const auto& last = *std::prev(after);
  const bool its_own = last.value == sample.desired_replicas && t - last.at < std::chrono::seconds{3};
  return its_own ? last.at - RunTime{1} : t;
}

hpa::World RecordedWorlds::at(const HpaSample& sample, const HpaSample& before, MetricsView view) const {
  const RunTime t = sync_instant(sample);
  hpa::World world;
  world.hpa = autoscaler(sample, before);
  hpa::Scale scale;
  // status.currentReplicas is the scale's spec.replicas as the sync read it.
  scale.spec_replicas = sample.current_replicas;
  scale.status_replicas = sample.current_replicas;
  scale.selector = std::string(kLabel) + "=yes";
  for (const ScaleTargetSample& s : timeline_.targets) {
    if (s.at.observed >= t) break;
    if (s.ref.kind == track_.target.kind && s.ref.name == track_.target.name) scale.status_replicas = s.status_replicas;
  }
  world.scale = scale;
  add_pods(world, t);
  add_pod_metrics(world, t, view);
  add_other_metrics(world, sample);
  return world;
}

hpa::AutoscalerStatus status_of(const HpaSample& sample) {
  hpa::AutoscalerStatus status;
  status.current_replicas = sample.current_replicas;
  status.desired_replicas = sample.desired_replicas;
  status.last_scale_time = sample.last_scale_time;
  for (const HpaMetric& m : sample.metrics) {
    hpa::MetricStatus metric;
    const bool known = m.current_utilization_percent || m.current_average_milli || m.current_value_milli;
    if (known) metric.type = type_of(m.type);
    metric.name = m.name;
    metric.container = m.container;
    metric.average_utilization_percent = m.current_utilization_percent;
    metric.average_value_milli = m.current_average_milli;
    metric.value_milli = m.current_value_milli;
    status.current_metrics.push_back(std::move(metric));
  }
  for (const Condition& c : sample.conditions) {
    status.conditions.push_back({c.type, c.status, c.reason, c.message, c.last_transition});
  }
  return status;
}

WallTime server_zero(const Timeline& timeline, WallTime started) {
  if (!timeline.server_zero) return started;
  const auto off = *timeline.server_zero - started;
  const bool agrees = off < std::chrono::seconds{2} && off > -std::chrono::seconds{2};
  return agrees ? started : *timeline.server_zero;
}

}  // namespace surgeproof
