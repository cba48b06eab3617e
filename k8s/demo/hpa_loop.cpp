#include "k8s/demo/hpa_loop.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/selector.h"
#include "k8s/hpa/json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

constexpr std::chrono::nanoseconds kYoungPeriod = std::chrono::milliseconds{300};

json::array items(const std::vector<ObjectPtr>& objects) {
  json::array a;
  for (const ObjectPtr& o : objects) a.push_back(*o);
  return a;
}

json::object status(int code, std::string_view reason, std::string message) {
  return {{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Failure"},
          {"code", code},     {"reason", reason},   {"message", std::move(message)}};
}

/// The scale subresource of the target; only Deployments are scaled here.
json::object scale_of(const Store& store, const json::object& autoscaler) {
  const auto ns = text_at(autoscaler, "metadata.namespace");
  const auto name = text_at(autoscaler, "spec.scaleTargetRef.name");
  const ObjectPtr d = store.get(types::kDeployments, ns, name);
  if (!d) return status(404, "NotFound", fmt::format("deployments.apps \"{}\" not found", name));
  const LabelSelector selector = LabelSelector::from_object(object_at(*d, "spec.selector"));
  return {
      {"kind", "Scale"},
      {"apiVersion", "autoscaling/v1"},
      {"metadata", json::object{{"name", name}, {"namespace", ns}}},
      {"spec", json::object{{"replicas", int_at(*d, "spec.replicas").value_or(1)}}},
      {"status", json::object{{"replicas", int_at(*d, "status.replicas").value_or(0)}, {"selector", selector.text()}}}};
}

}  // namespace

HpaLoop::HpaLoop(Store& store, EventQueue& queue, Options options)
    : store_(store), queue_(queue), options_(std::move(options)), events_(store, "horizontal-pod-autoscaler") {
  queue_.in(kYoungPeriod, [this] { sync_all(); });
}

void HpaLoop::sync_all() {
  queue_.in(warm_ ? options_.sync_period : std::min(options_.sync_period, kYoungPeriod), [this] { sync_all(); });
  for (const ObjectPtr& autoscaler : store_.list(types::kHpas)) sync(*autoscaler);
}

hpa::World HpaLoop::look(const json::object& autoscaler) const {
  const auto ns = text_at(autoscaler, "metadata.namespace");
  const bool available = !options_.metrics_available || options_.metrics_available();
  const json::value metrics =
      available ? json::value(items(store_.list_in(types::kPodMetrics, ns)))
                : json::value(status(503, "ServiceUnavailable",
                                     "the server is currently unable to handle the request (get pods.metrics.k8s.io)"));
  return hpa::world_from_json(json::value(autoscaler), json::value(scale_of(store_, autoscaler)),
                              json::value(items(store_.list_in(types::kPods, ns))), metrics);
}

void HpaLoop::sync(const json::object& autoscaler) {
  const std::string ns{text_at(autoscaler, "metadata.namespace")};
  const std::string name{text_at(autoscaler, "metadata.name")};
  hpa::Controller& controller =
      controllers_.try_emplace(std::string{text_at(autoscaler, "metadata.uid")}, options_.settings).first->second;
  const hpa::Decision decision = controller.sync(look(autoscaler), queue_.now());
  if (decision.rescaled && decision.desired_replicas) {
    (void)store_.modify(types::kDeployments, ns, text_at(autoscaler, "spec.scaleTargetRef.name"),
                        [&](json::object& d) { ensure_object(d, "spec")["replicas"] = *decision.desired_replicas; });
  }
  // What a young cluster cannot know yet is no news.
  for (const hpa::EmittedEvent& e : decision.events) {
    if (warm_) events_.record(autoscaler, {e.type, e.reason, e.message});
  }
  (void)store_.modify(types::kHpas, ns, name,
                      [&](json::object& h) { h["status"] = hpa::status_to_json(decision.status); });
}

}  // namespace surgeproof::demo
