#include "k8s/workload/read_workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "k8s/feed.h"
#include "k8s/json_access.h"
#include "k8s/views.h"
#include "k8s/workload/spec_views.h"

namespace surgeproof::k8s {
namespace {

constexpr int kMostPages = 200;  // of 500 objects

class Reading {
 public:
  Reading(const ApiGet& get, Workload& into) : get_{get}, w_{into} {}

  std::expected<void, ApiFailure> take(const WorkloadScope& scope) {
    if (auto found = autoscaler(); !found || !w_.hpa) return found;
    target();
    if (!selector_.empty()) {
      pods();
      if (scope.metrics) metrics();
    }
    if (scope.bounds) bounds();
    if (scope.nodes) nodes();
    return {};
  }

 private:
  using Items = std::expected<json::array, ApiFailure>;

  std::expected<json::object, ApiFailure> object(const std::string& path) {
    const auto body = get_(path);
    if (!body) return std::unexpected{body.error()};
    const auto value = parse_json(*body);
    if (!value || !value->is_object()) {
      return std::unexpected{ApiFailure{ApiFailure::Kind::malformed, 0, "the answer is not a JSON object", {}}};
    }
    return value->get_object();
  }

  /// All pages of a list.
  Items list(const std::string& path, const std::string& query = {}) {
    json::array all;
    std::string token;
    for (int page = 0; page < kMostPages; ++page) {
      const auto answer = object(fmt::format("{}?limit={}{}{}", path, kPageSize, query,
                                             token.empty() ? "" : "&continue=" + encode_query(token)));
      if (!answer) return std::unexpected{answer.error()};
      for (const json::value& item : array_at(*answer, "items")) all.push_back(item);
      token = text_at(object_at(*answer, "metadata"), "continue");
      if (token.empty()) break;
    }
    return all;
  }

  void unseen(const std::string& resource, const ApiFailure& failure) {
    w_.unseen.push_back({resource, failure.message, failure.status == 401 || failure.status == 403});
  }

  [[nodiscard]] std::string namespaced(std::string_view group_version, std::string_view plural) const {
    const bool core = group_version.find('/') == std::string_view::npos;
    return fmt::format("/{}/{}/namespaces/{}/{}", core ? "api" : "apis", group_version, encode_query(w_.ns), plural);
  }

  /// The HPA in the newest version that is served. All of the namespace are read when that is allowed: a misspelt
  /// name is then answered with those that exist, and a second HPA of the same target is seen.
  std::expected<void, ApiFailure> autoscaler() {
    constexpr std::array kVersions{HpaVersion::v2, HpaVersion::v2beta2, HpaVersion::v1};
    constexpr std::array<std::string_view, 3> kNames{"autoscaling/v2", "autoscaling/v2beta2", "autoscaling/v1"};
    ApiFailure last;
    for (std::size_t i = 0; i < kVersions.size(); ++i) {
      const auto path = namespaced(kNames[i], "horizontalpodautoscalers");
      const auto items = list(path);
      if (items) {
        w_.hpa_api = kNames[i];
        return take_hpa(*items, kVersions[i]), std::expected<void, ApiFailure>{};
      }
      last = items.error();
      if (last.status == 403) {  // perhaps this one may be read by name
        const auto one = object(path + "/" + encode_query(w_.name));
        if (one) {
          w_.hpa_api = kNames[i];
          return take_hpa(json::array{*one}, kVersions[i]), std::expected<void, ApiFailure>{};
        }
      }
      if (last.status != 404) break;
    }
    if (last.kind != ApiFailure::Kind::status || last.status == 401 || last.status >= 500) return std::unexpected{last};
    unseen("horizontalpodautoscalers", last);
    return {};
  }

  void take_hpa(const json::array& items, HpaVersion version) {
    std::vector<HpaSample> all;
    for (const json::value& item : items) all.push_back(hpa_view(as_object(item), version, RunTime{}));
    for (const auto& hpa : all) {
      if (hpa.name == w_.name) w_.hpa = hpa;
    }
    for (const auto& hpa : all) {
      if (!w_.hpa) w_.others.push_back(hpa.name);
      if (w_.hpa && hpa.name != w_.name && hpa.target == w_.hpa->target) w_.other_hpas_of_target.push_back(hpa.name);
    }
  }

  void target() {
    const auto spec = parse_json(w_.hpa->spec_json);
    const auto api = spec ? text_at(object_at(as_object(*spec), "scaleTargetRef"), "apiVersion") : std::string{};
    const Feed feed = target_feed(w_.ns, 0, api, w_.hpa->target.kind, w_.hpa->target.name);
    const auto found = object(feed.paths.front() + "/" + encode_query(w_.hpa->target.name));
    if (!found) return unseen(feed.resource, found.error());
    w_.target = scale_target_view(*found, w_.hpa->target.kind, RunTime{});
    w_.pod_template = pod_template_view(*found);
    w_.paused = flag_at(object_at(*found, "spec"), "paused").value_or(false);
    w_.replicas_owner = replicas_owner_view(*found);
    selector_ = w_.target->selector;
  }

  void pods() {
    const auto items = list(namespaced("v1", "pods"), "&labelSelector=" + encode_query(selector_));
    if (!items) return unseen("pods", items.error());
    for (const json::value& item : *items) w_.pods.push_back(pod_view(as_object(item), w_.name, RunTime{}));
  }

  void metrics() {
    const auto answer =
        object(namespaced("metrics.k8s.io/v1beta1", "pods") + "?labelSelector=" + encode_query(selector_));
    if (!answer) return unseen("metrics.k8s.io/pods", answer.error());
    w_.metrics_served = true;
    for (const json::value& item : array_at(*answer, "items")) {
      if (auto sample = pod_metrics_view(as_object(item), RunTime{})) w_.pod_metrics.push_back(*std::move(sample));
    }
  }

  template <class View>
  void each(const std::string& resource, const std::string& path, View view) {
    const auto items = list(path);
    if (!items) return unseen(resource, items.error());
    for (const json::value& item : *items) view(as_object(item));
  }

  void bounds() {
    each("resourcequotas", namespaced("v1", "resourcequotas"),
         [&](const json::object& o) { std::ranges::move(quota_view(o), std::back_inserter(w_.quotas)); });
    each("limitranges", namespaced("v1", "limitranges"),
         [&](const json::object& o) { std::ranges::move(limit_range_view(o), std::back_inserter(w_.limits)); });
    if (!w_.pod_template) return;
    each("poddisruptionbudgets", namespaced("policy/v1", "poddisruptionbudgets"), [&](const json::object& o) {
      if (auto budget = budget_view(o, w_.pod_template->labels)) w_.budgets.push_back(*std::move(budget));
    });
    each("services", namespaced("v1", "services"), [&](const json::object& o) {
      if (auto service = service_view(o, w_.pod_template->labels)) w_.services.push_back(*std::move(service));
    });
  }

  void nodes() {
    each("nodes", "/api/v1/nodes", [&](const json::object& o) { w_.nodes.push_back(node_view(o)); });
    if (w_.nodes.empty()) return;
    const auto pods = list("/api/v1/pods");
    if (!pods) return unseen("pods of all namespaces", pods.error());
    for (auto& node : w_.nodes) node.taken = ResourceSum{};
    for (const json::value& item : *pods) {
      const auto pod = pod_on_node(as_object(item));
      const auto node = pod ? std::ranges::find(w_.nodes, pod->node, &NodeRoom::name) : w_.nodes.end();
      if (node == w_.nodes.end()) continue;
      node->taken->cpu_milli += pod->requests.cpu_milli;
      node->taken->memory_bytes += pod->requests.memory_bytes;
      ++node->taken_pods;
    }
  }

  const ApiGet& get_;
  Workload& w_;
  std::string selector_;
};

}  // namespace

std::expected<Workload, ApiFailure> read_workload(const ApiGet& get, const std::string& ns, const std::string& hpa,
                                                  const WorkloadScope& scope) {
  Workload workload;
  workload.ns = ns;
  workload.name = hpa;
  if (auto taken = Reading{get, workload}.take(scope); !taken) return std::unexpected{taken.error()};
  return workload;
}

}  // namespace surgeproof::k8s
