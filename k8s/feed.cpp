#include "k8s/feed.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// In a path: what only a look-up can name.
constexpr std::string_view kCollection = "{collection}";
constexpr std::string_view kQualified = "{resource}";

std::string namespaced(std::string_view group_version, std::string_view ns, std::string_view plural) {
  const bool core = group_version.find('/') == std::string_view::npos;
  return fmt::format("/{}/{}/namespaces/{}/{}", core ? "api" : "apis", group_version, encode_query(ns), plural);
}

std::string plural_of(std::string_view kind) { return ascii::lower(kind) + "s"; }

std::string selectors(const Feed& feed) {
  std::string out;
  if (!feed.field_selector.empty()) out += "&fieldSelector=" + encode_query(feed.field_selector);
  if (!feed.label_selector.empty()) out += "&labelSelector=" + encode_query(feed.label_selector);
  if (!feed.metric_selector.empty()) out += "&metricLabelSelector=" + encode_query(feed.metric_selector);
  return out;
}

Feed plain(Feed::Kind kind, std::string resource, const std::string& ns, std::vector<std::string> paths) {
  Feed out;
  out.kind = kind;
  out.resource = std::move(resource);
  out.ns = ns;
  out.paths = std::move(paths);
  return out;
}

}  // namespace

Feed hpas_feed(const std::string& ns) {
  constexpr std::string_view kPlural = "horizontalpodautoscalers";
  return plain(Feed::Kind::hpas, std::string(kPlural), ns,
               {namespaced("autoscaling/v2", ns, kPlural), namespaced("autoscaling/v2beta2", ns, kPlural),
                namespaced("autoscaling/v1", ns, kPlural)});
}

Feed slices_feed(const std::string& ns) {
  return plain(Feed::Kind::slices, "endpointslices", ns,
               {namespaced("discovery.k8s.io/v1", ns, "endpointslices"),
                namespaced("discovery.k8s.io/v1beta1", ns, "endpointslices")});
}

Feed events_feed(const std::string& ns) {
  return plain(Feed::Kind::events, "events", ns, {namespaced("v1", ns, "events")});
}

Feed nodes_feed() { return plain(Feed::Kind::nodes, "nodes", "", {"/api/v1/nodes"}); }

Feed target_feed(const std::string& ns, std::size_t watched, const std::string& api_version, const std::string& kind,
                 const std::string& name) {
  const bool apps = kind == "Deployment" || kind == "StatefulSet" || kind == "ReplicaSet";
  const bool known = apps || kind == "ReplicationController";
  const std::string plural = plural_of(kind);
  // An HPA may still name an API group that is long gone (extensions/v1beta1).
  Feed out = plain(Feed::Kind::target, plural, ns,
                   {known ? namespaced(apps ? "apps/v1" : "v1", ns, plural) : std::string(kCollection)});
  if (!known) out.lookup = {group_of(api_version), kind};
  out.watched = watched;
  out.name = name;
  out.field_selector = "metadata.name=" + name;
  return out;
}

Feed replica_sets_feed(const std::string& ns, std::size_t watched, const std::string& selector) {
  Feed out = plain(Feed::Kind::replica_sets, "replicasets", ns, {namespaced("apps/v1", ns, "replicasets")});
  out.watched = watched;
  out.label_selector = selector;
  return out;
}

Feed pods_feed(const std::string& ns, std::size_t watched, const std::string& selector) {
  Feed out = plain(Feed::Kind::pods, "pods", ns, {namespaced("v1", ns, "pods")});
  out.watched = watched;
  out.label_selector = selector;
  return out;
}

Feed log_pods_feed(const std::string& ns, std::size_t request, const std::string& selector) {
  Feed out = pods_feed(ns, request, selector);
  out.kind = Feed::Kind::log_pods;
  out.resource = "logged pods " + selector;
  return out;
}

Feed metrics_feed(const std::string& ns, std::size_t watched, const std::string& selector) {
  Feed out = plain(Feed::Kind::metrics, "metrics.k8s.io/pods", ns, {namespaced("metrics.k8s.io/v1beta1", ns, "pods")});
  out.watched = watched;
  out.label_selector = selector;
  return out;
}

namespace {

/// The versions of the custom metrics API, newest first, with the rest of the path.
std::vector<std::string> custom_paths(const std::string& ns, const std::string& rest) {
  std::vector<std::string> out;
  for (const char* version : {"v1beta2", "v1beta1"}) {
    out.push_back(fmt::format("/apis/custom.metrics.k8s.io/{}/namespaces/{}/{}", version, ns, rest));
  }
  return out;
}

/// "services" of kind Service: what most Object metrics describe needs no look-up.
std::optional<std::string> qualified_plural(const std::string& group, const std::string& kind) {
  if (group.empty() && kind == "Service") return "services";
  if (group.empty() && kind == "Pod") return "pods";
  if (group == "networking.k8s.io" && kind == "Ingress") return "ingresses.networking.k8s.io";
  if (group == "apps" && kind == "Deployment") return "deployments.apps";
  return std::nullopt;
}

}  // namespace

std::optional<Feed> hpa_metric_feed(const std::string& ns, std::size_t watched, const json::object& metric,
                                    const std::string& selector) {
  const std::string type = text_at(metric, "type");
  if (type != "Pods" && type != "Object" && type != "External") return std::nullopt;
  const std::string member = type == "Pods" ? "pods" : type == "Object" ? "object" : "external";
  const json::object& source = object_at(metric, member);
  const std::string name = text_at(object_at(source, "metric"), "name");
  const std::string series = selector_text(object_at(object_at(source, "metric"), "selector"));
  const std::string encoded_ns = encode_query(ns);
  if (name.empty()) return std::nullopt;
  Feed out = plain(Feed::Kind::hpa_metric, "custom.metrics.k8s.io/" + name, ns, {});
  out.watched = watched;
  out.name = name;
  out.metric_type = type;
  if (type == "External") {
    out.resource = "external.metrics.k8s.io/" + name;
    out.paths = {fmt::format("/apis/external.metrics.k8s.io/v1beta1/namespaces/{}/{}", encoded_ns, encode_query(name))};
    out.label_selector = series;
    return out;
  }
  out.metric_selector = series;
  if (type == "Pods") {
    out.paths = custom_paths(encoded_ns, "pods/*/" + encode_query(name));
    out.label_selector = selector;
    return out;
  }
  const json::object& object = object_at(source, "describedObject");
  const std::string kind = text_at(object, "kind");
  const std::string object_name = encode_query(text_at(object, "name"));
  if (kind == "Namespace") {
    out.paths = custom_paths(object_name, "metrics/" + encode_query(name));
    return out;
  }
  const std::string group = group_of(text_at(object, "apiVersion"));
  const auto plural = qualified_plural(group, kind);
  if (!plural) out.lookup = {group, kind};
  out.paths = custom_paths(
      encoded_ns, fmt::format("{}/{}/{}", plural.value_or(std::string(kQualified)), object_name, encode_query(name)));
  return out;
}

void resolve(Feed& feed, const ApiResource& resource) {
  for (std::string& path : feed.paths) {
    if (path == kCollection) {
      path = resource.collection(encode_query(feed.ns));
      feed.resource = resource.plural;
      // Where its replicas and selector stand within such an object only its /scale says.
      if (resource.scale) feed.scale_path = fmt::format("{}/{}/scale", path, encode_query(feed.name));
    } else if (const auto at = path.find(kQualified); at != std::string::npos) {
      path.replace(at, kQualified.size(), resource.qualified());
    }
  }
  feed.lookup.reset();
}

std::string encode_query(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string list_target(const Feed& feed, std::size_t version, std::string_view continue_token) {
  // The metrics APIs know no pages.
  std::string out = feed.paths.at(version) + "?";
  if (!feed.polled()) out += fmt::format("limit={}", kPageSize);
  out += selectors(feed);
  if (!continue_token.empty()) out += "&continue=" + encode_query(continue_token);
  return out;
}

std::string watch_target(const Feed& feed, std::size_t version, std::string_view resource_version,
                         long timeout_seconds) {
  return fmt::format("{}?watch=true&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}{}",
                     feed.paths.at(version), encode_query(resource_version), timeout_seconds, selectors(feed));
}

}  // namespace surgeproof::k8s
