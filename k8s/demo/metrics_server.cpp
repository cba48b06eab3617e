#include "k8s/demo/metrics_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

constexpr std::chrono::nanoseconds kYoungResolution = std::chrono::milliseconds{250};
constexpr std::chrono::nanoseconds kYoungWindow = std::chrono::milliseconds{750};

json::object labels_of(const Store& store, std::string_view ns, std::string_view pod) {
  const ObjectPtr object = store.get(types::kPods, ns, pod);
  return object ? object_at(*object, "metadata.labels") : json::object{};
}

}  // namespace

MetricsServer::MetricsServer(Store& store, EventQueue& queue, const Kubelet& kubelet, const ContainerRuntime& runtime,
                             Options options)
    : store_(store), queue_(queue), kubelet_(kubelet), runtime_(runtime), options_(options) {
  queue_.in(kYoungResolution, [this] { tick(); });
}

void MetricsServer::tick() {
  read_counters();
  if (warm_) {
    queue_.in(options_.lag, [this, samples = averages(options_.window)] { publish(samples); });
  } else {
    publish(averages(std::min(options_.window, kYoungWindow)));
  }
  queue_.in(warm_ ? options_.resolution : std::min(options_.resolution, kYoungResolution), [this] { tick(); });
}

void MetricsServer::read_counters() {
  std::set<std::string> running;
  kubelet_.each_running([&](const PodState& s) {
    const std::string key = fmt::format("{}/{}", s.spec.uid, s.restarts);
    running.insert(key);
    Container& c =
        containers_.try_emplace(key, Container{.identity = {}, .readings = {}, .early = !warm_}).first->second;
    c.identity.ns = s.spec.ns;
    c.identity.pod = s.spec.name;
    c.identity.container = s.spec.container;
    c.readings.push_back({queue_.now(), runtime_.cpu_used(s.spec.uid)});
    // One reading at or before the window's begin is enough.
    while (c.readings.size() > 2 && c.readings[1].at + options_.window <= queue_.now()) c.readings.pop_front();
  });
  std::erase_if(containers_, [&](const auto& entry) { return !running.contains(entry.first); });
}

std::vector<MetricsServer::Sample> MetricsServer::averages(std::chrono::nanoseconds window) const {
  std::vector<Sample> samples;
  for (const auto& [key, c] : containers_) {
    const Reading& last = c.readings.back();
    const bool young = c.readings.front().at + window > last.at;
    if ((young && !c.early) || c.readings.size() < 2) continue;
    const auto begin = young ? std::prev(c.readings.rend())
                             : std::ranges::find_if(c.readings.rbegin(), c.readings.rend(),
                                                    [&](const Reading& r) { return r.at + window <= last.at; });
    Sample s = c.identity;
    s.timestamp = last.at;
    s.window = last.at - begin->at;
    const double cores = static_cast<double>((last.used - begin->used).count()) / static_cast<double>(s.window.count());
    s.nanocores = static_cast<std::int64_t>(cores * 1e9);
    samples.push_back(std::move(s));
  }
  return samples;
}

void MetricsServer::publish(const std::vector<Sample>& samples) {
  std::set<std::pair<std::string, std::string>> fresh;
  std::int64_t total = 0;
  for (const Sample& s : samples) {
    fresh.emplace(s.ns, s.pod);
    total += s.nanocores;
    (void)store_.put(
        types::kPodMetrics,
        {{"metadata", json::object{{"name", s.pod}, {"namespace", s.ns}, {"labels", labels_of(store_, s.ns, s.pod)}}},
         {"timestamp", format_rfc3339(s.timestamp, 0)},
         {"window", fmt::format("{:.3f}s", std::chrono::duration<double>(s.window).count())},
         {"containers", json::array{json::object{
                            {"name", s.container},
                            {"usage", json::object{{"cpu", fmt::format("{}n", s.nanocores)}, {"memory", "24Mi"}}}}}}});
  }
  for (const ObjectPtr& old : store_.list(types::kPodMetrics)) {
    const std::string ns{text_at(*old, "metadata.namespace")};
    const std::string name{text_at(*old, "metadata.name")};
    if (!fresh.contains({ns, name})) (void)store_.remove(types::kPodMetrics, ns, name);
  }
  for (const ObjectPtr& node : store_.list(types::kNodes)) {
    (void)store_.put(types::kNodeMetrics,
                     {{"metadata", json::object{{"name", text_at(*node, "metadata.name")}}},
                      {"timestamp", format_rfc3339(queue_.now(), 0)},
                      {"window", fmt::format("{:.3f}s", std::chrono::duration<double>(options_.window).count())},
                      {"usage", json::object{{"cpu", fmt::format("{}n", total)}, {"memory", "512Mi"}}}});
  }
}

}  // namespace surgeproof::demo
