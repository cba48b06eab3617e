#include "app/whatif_source.h"

#include <boost/json.hpp>
#include <sstream>

#include "analyzers/whatif/setting.h"
#include "analyzers/whatif/simulation.h"
#include "app/demand_csv.h"
#include "app/object_files.h"
#include "app/whole_file.h"
#include "k8s/hpa/json.h"

namespace surgeproof {
namespace {

std::unexpected<std::string> wrong(std::string message) { return std::unexpected(std::move(message)); }

std::expected<const HpaTrack*, std::string> track_of(const Timeline& timeline, const std::string& name,
                                                     const std::string& where) {
  if (timeline.hpas.empty()) return wrong(fmt::format("{}: no HPA was recorded, so nothing can be simulated", where));
  if (const HpaTrack* track = timeline.hpa(name)) return track;
  std::string names;
  for (const HpaTrack& t : timeline.hpas) names += (names.empty() ? "" : ", ") + t.name;
  return wrong(fmt::format("{}: say with --hpa which HPA is meant: {}", where, names));
}

/// The recording at `directory`: its service, and what it needs to be alive.
std::expected<void, std::string> take_run(const std::string& directory, const std::string& hpa,
                                          const hpa::Settings& settings, WhatIf& out) {
  auto run = load_run(directory);
  if (!run) return wrong(run.error());
  out.run = std::make_unique<RecordedRun>(std::move(*run));
  const auto track = track_of(out.run->timeline, hpa, directory);
  if (!track) return wrong(track.error());
  out.track = *track;
  out.ns = (*track)->ns;
  out.hpa = (*track)->name;
  out.fitted = whatif::fit_service(out.run->timeline, out.run->loaded.scenario, **track,
                                   out.run->recording.info.started, settings);
  out.load_started = out.run->timeline.load_started.value_or(RunTime{0});
  return {};
}

/// Requests and limits of a pod template (or a pod): the sum over its containers.
void take_resources(const boost::json::value& pod, whatif::PodModel& model) {
  const hpa::Pod requests = hpa::pod_from_json(pod);
  for (const hpa::Container& c : requests.containers) {
    const auto cpu = c.requests.find("cpu");
    if (cpu != c.requests.end()) model.request_millicores += cpu->second;
  }
}

std::expected<void, std::string> take_objects(const WhatIfChoice& choice, const hpa::Settings& settings, WhatIf& out) {
  const auto heap = read_object_files(choice.files);
  if (!heap) return wrong(heap.error());
  const auto& hpas = heap->of_kind("HorizontalPodAutoscaler");
  std::optional<hpa::Autoscaler> found;
  for (const auto& object : hpas) {
    hpa::Autoscaler one = hpa::autoscaler_from_json(object);
    if (!choice.hpa.empty() && one.name != choice.hpa) continue;
    if (found) return wrong("the files hold several HorizontalPodAutoscalers: say which with --hpa");
    found = std::move(one);
  }
  if (!found) return wrong("the files hold no such HorizontalPodAutoscaler");
  whatif::Service& s = out.fitted.service;
  s.loop.spec = found->spec;
  s.loop.settings = settings;
  s.loop.initial_replicas = found->spec.min_replicas.value_or(1);
  s.pod.to_ready = s.pod.to_running = std::chrono::seconds{10};
  out.ns = found->ns;
  out.hpa = found->name;
  const auto& pods = heap->of_kind("Pod");
  const auto& targets = heap->of_kind(found->spec.target.kind);
  if (!pods.empty()) {
    take_resources(pods.front(), s.pod);
  } else if (!targets.empty()) {
    if (const auto* pod = targets.front().as_object().if_contains("spec")) {
      if (const auto* pod_template = pod->as_object().if_contains("template")) take_resources(*pod_template, s.pod);
    }
  }
  out.fitted.remarks.push_back(
      "Nothing was measured: pods are ready 10 s after their creation and never saturate unless --set says otherwise.");
  return {};
}

std::expected<void, std::string> take_load(const WhatIfChoice& choice, WhatIf& out) {
  if (choice.source.ends_with(".csv")) {
    const auto text = read_whole_file(choice.source, 1u << 30, "a table of load");
    if (!text) return wrong(text.error());
    auto demand = demand_from_csv(*text, choice.source);
    if (!demand) return wrong(demand.error());
    out.fitted.service.demand = std::move(*demand);
  } else {
    ScenarioOptions options;
    options.path = choice.source;
    std::ostringstream errors;
    auto loaded = load_scenario(options, errors);
    if (!loaded) return wrong(errors.str());
    out.plan = std::make_unique<LoadedScenario>(std::move(*loaded));
    out.fitted.service.demand = whatif::planned_demand(out.plan->scenario);
    if (out.fitted.service.demand.per_second.empty())
      return wrong(choice.source + ": the plan has no load to simulate");
  }
  // A loop that runs already: its phases are those of nothing.
  out.fitted.service.loop.initial_replicas = std::max(1, out.fitted.service.loop.spec.min_replicas.value_or(1));
  out.load_started = RunTime{0};
  return {};
}

std::expected<void, std::string> check_service(const whatif::Service& s) {
  if (whatif::simulated_metric(s.loop.spec) == nullptr) {
    return wrong("the HPA has no CPU metric: only those can be simulated, as only the CPU's use follows from the load");
  }
  if (s.loop.spec.max_replicas < std::max(1, s.loop.spec.min_replicas.value_or(1))) {
    return wrong(fmt::format("maxReplicas {} is below minReplicas {}", s.loop.spec.max_replicas,
                             s.loop.spec.min_replicas.value_or(1)));
  }
  if (s.pod.cpu_per_request_ms <= 0) {
    return wrong("what a request costs is not known: say it with --set cpu-per-request=5ms");
  }
  const bool utilization = whatif::simulated_metric(s.loop.spec)->target.average_utilization_percent.has_value();
  if (utilization && s.pod.request_millicores <= 0) {
    return wrong(
        "the pods have no CPU request, so the HPA cannot compute utilization: say one with --set pod-request=200m");
  }
  return {};
}

}  // namespace

const Scenario* WhatIf::scenario() const {
  if (plan) return &plan->scenario;
  return run && !planned_only ? &run->loaded.scenario : nullptr;
}

std::expected<WhatIf, std::string> load_whatif(const WhatIfChoice& choice) {
  const auto settings = settings_of(choice.flags);
  if (!settings) return wrong(settings.error());
  WhatIf out;
  out.title = choice.source;
  std::error_code ignored;
  if (std::filesystem::is_directory(choice.source, ignored)) {
    if (auto taken = take_run(choice.source, choice.hpa, *settings, out); !taken) return wrong(taken.error());
  } else {
    if (choice.like.empty() && choice.files.empty()) {
      return wrong("say what bears this load: --like RUN (a recorded run) or --file hpa.json");
    }
    auto taken =
        choice.like.empty() ? take_objects(choice, *settings, out) : take_run(choice.like, choice.hpa, *settings, out);
    if (!taken) return wrong(taken.error());
    out.planned_only = true;
    out.track = nullptr;
    if (auto load = take_load(choice, out); !load) return wrong(load.error());
  }
  out.changed = out.fitted.service;
  for (const auto& setting : choice.settings) {
    if (auto applied = whatif::apply_setting(setting, out.changed); !applied) return wrong(applied.error());
  }
  // What is needed to simulate at all may come from --set: then it holds for the settings as they are, too.
  if (auto checked = check_service(out.changed); !checked) return wrong(checked.error());
  if (out.fitted.service.pod.cpu_per_request_ms <= 0) out.fitted.service.pod = out.changed.pod;
  if (auto checked = check_service(out.fitted.service); !checked) return wrong(checked.error());
  return out;
}

}  // namespace surgeproof
