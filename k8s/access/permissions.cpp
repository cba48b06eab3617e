#include "k8s/access/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/ascii.h"

namespace surgeproof::k8s {
namespace {

namespace json = boost::json;
using Verbs = std::vector<std::string>;

const Verbs kFollow{"get", "list", "watch"};
const Verbs kLook{"get", "list"};

template <class T>
void add_once(std::vector<T>& list, T item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

class Collector {
 public:
  explicit Collector(const AccessNeeds& needs) : needs_{needs} {}

  std::vector<Permission> collect() {
    for (const auto& ns : namespaces()) reading(ns);
    if (needs_.nodes) {
      add({Permission::Part::nodes,
           "",
           "",
           {"nodes"},
           kFollow,
           {},
           "how much room the nodes have, and which are leaving",
           "pods that cannot be placed are seen, but not why",
           false});
    }
    for (const auto& action : needs_.actions) changing(action);
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::vector<std::string> namespaces() const {
    std::vector<std::string> all;
    for (const auto& w : needs_.watched) add_once(all, w.ns);
    for (const auto& ns : needs_.log_namespaces) add_once(all, ns);
    for (const auto& ns : needs_.endpoint_namespaces) add_once(all, ns);
    return all;
  }

  void add(Permission p) { add_once(found_, std::move(p)); }
  void add_reading(const std::string& ns, std::string group, std::vector<std::string> resources, Verbs verbs,
                   std::string purpose, std::string without, bool essential = false) {
    add({Permission::Part::reading,
         ns,
         std::move(group),
         std::move(resources),
         std::move(verbs),
         {},
         std::move(purpose),
         std::move(without),
         essential});
  }

  void reading(const std::string& ns) {
    std::vector<const WatchedNeeds*> here;
    for (const auto& w : needs_.watched) {
      if (w.ns == ns) here.push_back(&w);
    }
    if (!here.empty()) {
      add_reading(ns, "autoscaling", {"horizontalpodautoscalers"}, kFollow,
                  "the HPA: its limits, its decisions and why", "nothing can be watched", true);
      targets(ns, here);
      add_reading(ns, "", {"pods"}, kFollow, "the pods: created, scheduled, Ready, terminating, gone",
                  "no criterion about ready pods can be judged", true);
    }
    endpoints(ns, !here.empty());
    if (!here.empty()) {
      add_reading(ns, "", {"events"}, {"list", "watch"}, "the explanations of controllers and scheduler",
                  "causes are told with less confidence");
      metrics(ns, here);
    }
    if (std::ranges::find(needs_.log_namespaces, ns) != needs_.log_namespaces.end()) {
      if (here.empty()) {
        add_reading(ns, "", {"pods"}, kFollow, "which pods there are", "no log can be read");
      }
      add_reading(ns, "", {"pods/log"}, {"get"}, "the log criteria", "log criteria are inconclusive");
    }
    if (needs_.preflight && !here.empty()) preflight(ns);
  }

  void endpoints(const std::string& ns, bool watched) {
    if (std::ranges::find(needs_.endpoint_namespaces, ns) != needs_.endpoint_namespaces.end()) {
      add_reading(ns, "discovery.k8s.io", {"endpointslices"}, kFollow,
                  "connections.direct: the addresses of the ready pods", "no request can be sent", true);
    } else if (watched) {
      add_reading(ns, "discovery.k8s.io", {"endpointslices"}, kFollow, "when a pod gets traffic, and when no longer",
                  "dropped requests lose their most frequent explanation");
    }
  }

  void targets(const std::string& ns, const std::vector<const WatchedNeeds*>& here) {
    std::vector<std::string> apps;
    std::vector<ResourceName> others;
    for (const auto* w : here) {
      if (!w->target) {
        for (const auto* plural : {"deployments", "statefulsets", "replicasets"}) {
          add_once(apps, std::string{plural});
        }
      } else if (w->target->group == "apps") {
        add_once(apps, w->target->plural);
        if (w->target->plural == "deployments") add_once(apps, std::string{"replicasets"});
      } else {
        add_once(others, *w->target);
      }
    }
    const std::string purpose = "what is scaled: replicas wanted, updated and available";
    const std::string without = "replicas wanted are taken from the HPA's status alone";
    if (!apps.empty()) add_reading(ns, "apps", apps, kFollow, purpose, without);
    for (const auto& other : others) {
      add_reading(ns, other.group, {other.plural}, kFollow, purpose, without);
      add_reading(ns, other.group, {other.plural + "/scale"}, {"get"}, "its replicas, through its scale subresource",
                  without);
    }
  }

  void metrics(const std::string& ns, const std::vector<const WatchedNeeds*>& here) {
    std::vector<std::string> custom;
    std::vector<std::string> external;
    for (const auto* w : here) {
      if (!w->metrics) continue;
      for (const auto& name : w->metrics->custom) add_once(custom, name);
      for (const auto& name : w->metrics->external) add_once(external, name);
    }
    // Shown per container whatever the HPA scales on, so not a matter of its spec.
    add_reading(ns, "metrics.k8s.io", {"pods"}, kLook, "the usage that the HPA is fed with, by container",
                "whether the metrics were late or stale is not seen");
    const std::string without = "the metric is known from the HPA's status alone";
    if (!custom.empty())
      add_reading(ns, "custom.metrics.k8s.io", custom, {"get"}, "metrics of the HPA's spec", without);
    if (!external.empty()) {
      add_reading(ns, "external.metrics.k8s.io", external, {"get", "list"}, "metrics of the HPA's spec", without);
    }
  }

  void preflight(const std::string& ns) {
    add_reading(ns, "", {"resourcequotas", "limitranges", "services"}, kLook,
                "preflight: whether the most replicas are allowed, and what leads to the pods",
                "preflight cannot say whether a quota stops the scale-up");
    add_reading(ns, "policy", {"poddisruptionbudgets"}, kLook, "preflight: what a drain may take away",
                "preflight cannot say whether disruptions are bounded");
  }

  void changing(const ActionNeeds& a) {
    using Kind = ActionNeeds::Kind;
    Permission p;
    p.part = Permission::Part::actions;
    p.ns = a.ns;
    p.without = "the action fails";
    if (a.kind == Kind::delete_pod) {
      p.resources = {"pods"};
      p.verbs = {"delete"};
      p.purpose = "action delete_pod";
      return add(std::move(p));
    }
    const std::string sub = a.kind == Kind::scale ? "/scale" : "";
    p.group = a.target ? a.target->group : "apps";
    p.resources = a.target ? std::vector<std::string>{a.target->plural + sub}
                           : std::vector<std::string>{"deployments" + sub, "statefulsets" + sub};
    p.verbs = {"get", "patch"};
    if (!a.name.empty()) p.names = {a.name};
    p.purpose = a.kind == Kind::scale ? "action scale" : "action restart";
    add(std::move(p));
  }

  const AccessNeeds& needs_;
  std::vector<Permission> found_;
};

std::string text_at(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  return v != nullptr && v->is_string() ? std::string{v->get_string()} : std::string{};
}

const json::object& object_at(const json::object& parent, std::string_view key) {
  static const json::object kEmpty;
  const json::value* v = parent.if_contains(key);
  return v != nullptr && v->is_object() ? v->get_object() : kEmpty;
}

void add_metric(MetricNeeds& needs, const json::object& metric) {
  const auto type = text_at(metric, "type");
  if (type == "Resource" || type == "ContainerResource") {
    needs.resource = true;
  } else if (type == "Pods") {
    add_once(needs.custom, "pods/" + text_at(object_at(object_at(metric, "pods"), "metric"), "name"));
  } else if (type == "External") {
    add_once(needs.external, text_at(object_at(object_at(metric, "external"), "metric"), "name"));
  } else if (type == "Object") {
    const auto& object = object_at(metric, "object");
    const auto& described = object_at(object, "describedObject");
    const auto resource = resource_of(text_at(described, "apiVersion"), text_at(described, "kind"));
    const auto plural = resource.group.empty() ? resource.plural : resource.plural + "." + resource.group;
    add_once(needs.custom, plural + "/" + text_at(object_at(object, "metric"), "name"));
  }
}

}  // namespace

std::vector<Permission> permissions_for(const AccessNeeds& needs) { return Collector{needs}.collect(); }

ResourceName resource_of(const std::string& api_version, const std::string& kind) {
  ResourceName name;
  const auto slash = api_version.find('/');
  if (slash != std::string::npos) name.group = api_version.substr(0, slash);
  // An HPA may still name an API group that is long gone (extensions/v1beta1).
  if (kind == "Deployment" || kind == "StatefulSet" || kind == "ReplicaSet" || kind == "DaemonSet") name.group = "apps";
  name.plural = ascii::lower(kind);
  const bool hisses = name.plural.ends_with("s") || name.plural.ends_with("x") || name.plural.ends_with("ch");
  name.plural += hisses ? "es" : "s";
  return name;
}

std::optional<MetricNeeds> metric_needs(const std::string& hpa_spec_json) {
  boost::system::error_code ec;
  const auto spec = json::parse(hpa_spec_json, ec);
  if (ec || !spec.is_object()) return std::nullopt;
  MetricNeeds needs;
  const json::value* metrics = spec.get_object().if_contains("metrics");
  if (metrics == nullptr || !metrics->is_array() || metrics->get_array().empty()) {
    needs.resource = true;  // 80 % CPU is what the API server writes in then
    return needs;
  }
  for (const auto& metric : metrics->get_array()) {
    if (metric.is_object()) add_metric(needs, metric.get_object());
  }
  return needs;
}

}  // namespace surgeproof::k8s
