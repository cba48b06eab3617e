#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/ascii.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

bool is_token_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= 256 && std::all_of(name.begin(), name.end(), is_token_char);
}

/// The index of the word that is written.
std::optional<std::size_t> read_choice(Reading& reading, const Value& v, std::string_view what,
                                       std::span<const std::string_view> words) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t || t->unresolved) return std::nullopt;
  const auto at = std::find(words.begin(), words.end(), t->value);
  if (at == words.end()) {
    reading.error_unknown(v.place(), v.path, what, t->shown, words);
    return std::nullopt;
  }
  return static_cast<std::size_t>(at - words.begin());
}

ClientOptions::Http read_http(Reading& reading, const Value& v) {
  using Http = ClientOptions::Http;
  const auto t = reading.text(v, Disclosure::open);
  if (!t || t->unresolved || t->value == "auto") return Http::automatic;
  if (t->value == "1.1") return Http::http1;
  if (t->value == "2") return Http::http2;
  if (t->value == "h2c") return Http::h2c;
  constexpr std::string_view kOthers[] = {"1.0", "3", "h3"};
  if (std::find(std::begin(kOthers), std::end(kOthers), t->value) != std::end(kOthers)) {
    reading.error(v, fmt::format("HTTP \"{}\" is not supported yet", t->shown), "write auto, 1.1, 2 or h2c");
  } else {
    reading.error(v, fmt::format("unknown version of HTTP \"{}\"", t->shown), "write auto, 1.1, 2 or h2c");
  }
  return Http::automatic;
}

}  // namespace

TlsOptions read_tls(Reading& reading, const Value& v) {
  TlsOptions tls;
  Fields fields{reading, v, kTls};
  const auto read_path = [&](std::string_view key, std::string& path) {
    if (const auto file = fields.get(key)) {
      if (const auto t = reading.text(*file, Disclosure::closed)) path = t->value;
    }
  };
  read_path("ca_file", tls.ca_file);
  read_path("cert_file", tls.cert_file);
  read_path("key_file", tls.key_file);
  if (const auto f = fields.get("key_file"); f && !fields.get("cert_file")) {
    reading.error(*f, "is of no use without cert_file", "name the certificate that it belongs to");
  }
  if (const auto f = fields.get("server_name")) {
    if (const auto t = reading.name(*f)) tls.server_name = t->value;
  }
  if (const auto insecure = fields.get("insecure")) tls.insecure = reading.boolean(*insecure).value_or(false);
  return tls;
}

ClusterOptions read_cluster(Reading& reading, const Value& v) {
  ClusterOptions cluster;
  Fields fields{reading, v, kCluster};
  if (const auto f = fields.get("kubeconfig")) {
    if (const auto t = reading.text(*f, Disclosure::closed)) cluster.kubeconfig = t->value;
  }
  if (const auto f = fields.get("context")) {
    if (const auto t = reading.name(*f)) cluster.context = t->value;
  }
  if (const auto f = fields.get("namespace")) cluster.ns = reading.object_name(*f).value_or("");
  return cluster;
}

std::vector<WatchTarget> read_watch(Reading& reading, const Value& v) {
  std::vector<WatchTarget> targets;
  const auto read_one = [&](const Value& item) {
    Fields fields{reading, item, kWatch};
    if (!fields.usable()) return;
    WatchTarget target;
    target.place = item.place();
    const auto hpa = fields.require("hpa", "name the HorizontalPodAutoscaler");
    if (hpa) target.hpa = reading.object_name(*hpa).value_or("");
    if (const auto f = fields.get("namespace")) target.ns = reading.object_name(*f).value_or("");
    if (const auto f = fields.get("container")) target.container = reading.object_name(*f).value_or("");
    const auto twin = std::find_if(targets.begin(), targets.end(), [&](const WatchTarget& t) {
      return t.hpa == target.hpa && t.ns == target.ns && !t.hpa.empty();
    });
    if (twin != targets.end()) {
      reading.error(item, fmt::format("the HPA \"{}\" is watched already", shorten(target.hpa)),
                    fmt::format("see line {}", twin->place.line));
    }
    targets.push_back(std::move(target));
  };
  if (v.is_mapping()) {
    read_one(v);
  } else if (reading.expect_list(v, "HPAs, or a mapping with hpa")) {
    for (std::size_t i = 0; i < v.node->items.size(); ++i) read_one(v.item(i));
  }
  return targets;
}

namespace {

/// By number or by name.
void read_port(Reading& reading, const Value& v, DirectEndpoints& direct) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t || t->unresolved) return;
  if (t->value.find_first_not_of("0123456789") == std::string::npos) {
    direct.port = static_cast<int>(reading.integer(v, 1, 65535).value_or(0));
  } else {
    direct.port_name = reading.object_name(v).value_or("");
  }
}

/// `direct: todo`, or a mapping.
DirectEndpoints read_direct(Reading& reading, const Value& v) {
  DirectEndpoints direct;
  direct.place = v.place();
  if (v.is_scalar()) {
    direct.service = reading.object_name(v).value_or("");
    return direct;
  }
  Fields fields{reading, v, kDirect};
  if (!fields.usable()) return direct;
  const auto service = fields.require("service", "name the Service whose pods are to be addressed");
  if (service) direct.service = reading.object_name(*service).value_or("");
  if (const auto f = fields.get("namespace")) direct.ns = reading.object_name(*f).value_or("");
  if (const auto f = fields.get("port")) read_port(reading, *f, direct);
  return direct;
}

}  // namespace

Connections read_connections(Reading& reading, const Value& v) {
  Connections c;
  Fields fields{reading, v, kConnections};
  if (const auto f = fields.get("max")) c.max = static_cast<int>(reading.integer(*f, 1, 100'000).value_or(c.max));
  if (const auto f = fields.get("max_age")) c.max_age = reading.duration(*f);
  if (const auto f = fields.get("max_requests")) {
    if (const auto n = reading.integer(*f, 1, 1'000'000'000)) c.max_requests = static_cast<std::uint32_t>(*n);
  }
  if (const auto f = fields.get("jitter")) c.jitter = reading.percent(*f).value_or(c.jitter);
  if (const auto f = fields.get("addresses")) {
    constexpr std::string_view kChoices[] = {"all", "first"};
    if (const auto n = read_choice(reading, *f, "addresses", kChoices)) c.all_addresses = *n == 0;
  }
  if (const auto f = fields.get("re_resolve")) c.re_resolve = reading.duration(*f);
  if (const auto f = fields.get("streams"))
    c.streams = static_cast<int>(reading.integer(*f, 1, 10'000).value_or(c.streams));
  if (const auto f = fields.get("reuse")) c.reuse = reading.boolean(*f).value_or(true);
  if (const auto f = fields.get("direct")) c.direct = read_direct(reading, *f);
  const auto refuse = [&](std::string_view key, std::string_view with) {
    const auto f = fields.get(key);
    if (f) reading.error(*f, fmt::format("has no effect with {}", with), "leave one of them out");
  };
  if (!c.reuse) {
    for (const std::string_view key : {"max_age", "max_requests"}) refuse(key, "reuse: false");
  }
  if (c.direct) {
    for (const std::string_view key : {"re_resolve", "addresses"}) refuse(key, "direct: no name is looked up");
  }
  return c;
}

Headers read_headers(Reading& reading, const Value& v) {
  Headers headers;
  if (!v.is_mapping()) {
    reading.error(v, "must be a mapping from header names to values", "as in {Accept: text/html}");
    return headers;
  }
  for (const auto& [key, value] : v.node->entries) {
    const Place place{key.line, key.column};
    const Value at{&value, child_path(v.path, key.scalar)};
    if (!is_header_name(key.scalar)) {
      reading.error(place, v.path, fmt::format("\"{}\" is no name of a header", shorten(key.scalar)));
      continue;
    }
    for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection"}) {
      if (ascii::same(key.scalar, own))
        reading.error(place, at.path, fmt::format("{} is set by the generator itself", own));
    }
    if (std::any_of(headers.begin(), headers.end(), [&](const auto& h) { return ascii::same(h.first, key.scalar); })) {
      reading.error(place, at.path, "the same header stands here already", "the case of letters does not matter");
    }
    if (value.is_null()) {
      reading.error(place, at.path, "has no value", "write \"\" for an empty one");
      continue;
    }
    const auto t = reading.raw_text(at, Disclosure::closed);
    if (!t) continue;
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; };
    if (std::any_of(t->value.begin(), t->value.end(), control)) {
      reading.error(at, "a header's value may not hold line feeds or control characters");
      continue;
    }
    check_placeholders(reading, at, t->value);
    headers.emplace_back(key.scalar, t->value);
  }
  return headers;
}

ClientOptions read_client(Reading& reading, const Value& v) {
  ClientOptions client;
  Fields fields{reading, v, kClient};
  if (const auto f = fields.get("timeout")) client.timeout = reading.duration(*f).value_or(client.timeout);
  if (const auto f = fields.get("max_lateness")) {
    client.max_lateness = reading.duration(*f);
    if (client.max_lateness && *client.max_lateness > client.timeout) {
      reading.error(*f, "is longer than client.timeout", "shorten it, or raise the timeout");
    }
  }
  if (const auto f = fields.get("pacing")) {
    constexpr std::string_view kPacings[] = {"thrifty", "balanced", "exact"};
    if (const auto n = read_choice(reading, *f, "pacing", kPacings)) {
      client.pacing = static_cast<ClientOptions::Pacing>(*n);
    }
  }
  if (const auto f = fields.get("traceparent")) client.traceparent = reading.boolean(*f).value_or(true);
  if (const auto f = fields.get("http")) client.http = read_http(reading, *f);
  if (const auto f = fields.get("tls")) client.tls = read_tls(reading, *f);
  if (const auto f = fields.get("headers")) client.headers = read_headers(reading, *f);
  if (const auto f = fields.get("pod_header")) {
    const auto t = reading.text(*f, Disclosure::open);
    if (t && !is_header_name(t->value)) {
      reading.error(*f, fmt::format("\"{}\" is no name of a header", t->shown));
    } else if (t) {
      client.pod_header = t->value;
    }
  }
  if (const auto f = fields.get("workers")) client.workers = static_cast<int>(reading.integer(*f, 0, 256).value_or(0));
  return client;
}

}  // namespace surgeproof::reading
