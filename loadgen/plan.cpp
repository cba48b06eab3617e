#include "loadgen/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace surgeproof::loadgen {

std::uint32_t workers_for(const Scenario& scenario, Rate peak, std::uint32_t cpus) {
  constexpr double kPerWorker = 5000;
  const int connections = scenario.load.closed ? scenario.load.closed->connections : scenario.connections.max;
  const auto most = static_cast<std::uint32_t>(std::max(1, connections));
  if (scenario.client.workers > 0) return std::min(static_cast<std::uint32_t>(scenario.client.workers), most);
  if (scenario.load.closed) return std::min(std::max(1U, cpus), most);
  const double needed = std::clamp(std::ceil(peak.per_second / kPerWorker), 1.0, 1024.0);
  return std::min({static_cast<std::uint32_t>(needed), std::max(1U, cpus), most});
}

std::uint32_t connections_of_worker(int max, std::uint32_t worker, std::uint32_t workers) {
  const auto all = static_cast<std::uint32_t>(std::max(1, max));
  return std::max(1U, all / workers + (worker < all % workers ? 1 : 0));
}

namespace {

// Reads plan.patterns, which must be complete.
std::expected<void, std::string> prepare_http2(Plan& plan, const Scenario& scenario) {
  using Http = ClientOptions::Http;
  constexpr std::size_t kMaxHeader = 60'000;  // nghttp2 frames up to 64 KiB, compressed badly
  const Http http = plan.client.http;
  if (plan.target.tls && http == Http::h2c) {
    return std::unexpected(std::string{"client.http: h2c is HTTP/2 without TLS, but the target is https"});
  }
  plan.may_be_http2 = plan.target.tls ? http != Http::http1 : http == Http::http2 || http == Http::h2c;
  plan.streams =
      static_cast<std::uint32_t>(std::max(1, plan.load.closed ? plan.load.closed->streams : plan.connections.streams));
  if (!plan.may_be_http2) return {};
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Http2Pattern& pattern =
        plan.http2_patterns.emplace_back(plan.patterns[i], plan.target.tls ? "https" : "http");
    if (pattern.header_size() <= kMaxHeader) continue;
    return std::unexpected(
        fmt::format("request \"{}\": its header of {} octets is too large for HTTP/2; the most is {}",
                    scenario.requests[i].name, pattern.header_size(), kMaxHeader));
  }
  return {};
}

}  // namespace

net::TlsContext::Settings tls_settings(const Target& target, const ClientOptions& client) {
  using Http = ClientOptions::Http;
  net::TlsContext::Settings settings{
      .server_name = client.tls.server_name.empty() ? target.host : client.tls.server_name,
      .ca_file = client.tls.ca_file,
      .cert_file = client.tls.cert_file,
      .key_file = client.tls.key_file,
      .insecure = client.tls.insecure,
      .protocols = {},
      .must_agree = client.http == Http::http2};
  if (client.http != Http::http1) settings.protocols.emplace_back("h2");
  if (client.http != Http::http2) settings.protocols.emplace_back("http/1.1");
  return settings;
}

std::expected<Plan, std::string> make_plan(const Scenario& scenario, std::uint32_t cpus) {
  auto target = parse_target(scenario.target);
  if (!target) return std::unexpected(std::move(target.error()));
  if (scenario.requests.empty()) return std::unexpected(std::string{"there is no request to send"});
  LoadProfile profile{scenario.load.stages};
  const std::uint32_t workers = workers_for(scenario, profile.peak(), cpus);
  Plan plan{.target = std::move(*target),
            .patterns = {},
            .http2_patterns = {},
            .expectations = {},
            .choice = WeightedChoice{scenario.requests, scenario.load.seed},
            .profile = std::move(profile),
            .load = scenario.load,
            .connections = scenario.connections,
            .client = scenario.client,
            .workers = workers};
  if (scenario.load.closed) plan.connections.max = scenario.load.closed->connections;
  const RequestPattern::Common common{.host = plan.target.authority,
                                      .base_path = plan.target.base_path,
                                      .headers = scenario.client.headers,
                                      .keep_alive = scenario.connections.reuse,
                                      .traced = scenario.client.traceparent,
                                      .seed = scenario.load.seed};
  for (const RequestTemplate& request : scenario.requests) {
    plan.patterns.emplace_back(request, common);
    plan.expectations.push_back(request.expect);
  }
  if (auto prepared = prepare_http2(plan, scenario); !prepared) return std::unexpected(std::move(prepared.error()));
  return plan;
}

}  // namespace surgeproof::loadgen
