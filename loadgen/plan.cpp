#include "loadgen/plan.h"

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

std::expected<Plan, std::string> make_plan(const Scenario& scenario, std::uint32_t cpus) {
  auto target = parse_target(scenario.target);
  if (!target) return std::unexpected(std::move(target.error()));
  if (scenario.requests.empty()) return std::unexpected(std::string{"there is no request to send"});
  LoadProfile profile{scenario.load.stages};
  const std::uint32_t workers = workers_for(scenario, profile.peak(), cpus);
  Plan plan{.target = std::move(*target),
            .patterns = {},
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
  return plan;
}

}  // namespace surgeproof::loadgen
