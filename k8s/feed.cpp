#include "k8s/feed.h"

#include <fmt/format.h>

namespace surgeproof::k8s {
namespace {

std::string namespaced(std::string_view group_version, std::string_view ns, std::string_view plural) {
  const bool core = group_version.find('/') == std::string_view::npos;
  return fmt::format("/{}/{}/namespaces/{}/{}", core ? "api" : "apis", group_version, encode_query(ns), plural);
}

std::string plural_of(std::string_view kind) {
  std::string out;
  for (const char c : kind) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return out + "s";
}

std::string selectors(const Feed& feed) {
  std::string out;
  if (!feed.field_selector.empty()) out += "&fieldSelector=" + encode_query(feed.field_selector);
  if (!feed.label_selector.empty()) out += "&labelSelector=" + encode_query(feed.label_selector);
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

Feed target_feed(const std::string& ns, std::size_t watched, const std::string& api_version, const std::string& kind,
                 const std::string& name) {
  const bool apps = kind == "Deployment" || kind == "StatefulSet" || kind == "ReplicaSet";
  // An HPA may still name an API group that is long gone (extensions/v1beta1).
  const std::string group_version = apps || api_version.empty() ? "apps/v1" : api_version;
  const std::string plural = plural_of(kind);
  Feed out = plain(Feed::Kind::target, plural, ns, {namespaced(group_version, ns, plural)});
  out.watched = watched;
  out.field_selector = "metadata.name=" + name;
  return out;
}

Feed pods_feed(const std::string& ns, std::size_t watched, const std::string& selector) {
  Feed out = plain(Feed::Kind::pods, "pods", ns, {namespaced("v1", ns, "pods")});
  out.watched = watched;
  out.label_selector = selector;
  return out;
}

Feed metrics_feed(const std::string& ns, std::size_t watched, const std::string& selector) {
  Feed out = plain(Feed::Kind::metrics, "metrics.k8s.io/pods", ns, {namespaced("metrics.k8s.io/v1beta1", ns, "pods")});
  out.watched = watched;
  out.label_selector = selector;
  return out;
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
  // metrics.k8s.io knows no pages.
  std::string out = feed.paths.at(version) + "?";
  if (feed.kind != Feed::Kind::metrics) out += fmt::format("limit={}", kPageSize);
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
