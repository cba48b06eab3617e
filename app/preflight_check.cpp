#include "app/preflight_check.h"

#include <algorithm>
#include <iterator>

#include "analyzers/preflight/preflight.h"
#include "analyzers/preflight/signals.h"
#include "app/cluster_link.h"
#include "app/complain.h"
#include "app/observing.h"

namespace surgeproof {

namespace {

std::expected<Checks, ExitCode> check_workloads(const LoadedScenario& loaded, const k8s::ClusterChoice& cluster,
                                                const whatif::ControlLoopFlags& flags) {
  const auto choice = cluster_choice(loaded.scenario, cluster);
  auto link = reach_cluster(choice);
  if (!link) return std::unexpected(link.error());
  Checks checks;
  for (const auto& target : loaded.scenario.watch) {
    auto seen = k8s::read_workload(link->get(), namespace_of(target, choice, link->config), target.hpa);
    if (!seen) {
      const auto error = k8s::watch_error(seen.error(), link->config.server, link->config.origin);
      return std::unexpected(complain(exit_code_of(error), error.message, error.hint));
    }
    seen->server_now = link->client.server_clock();
    std::ranges::move(preflight(loaded.scenario, *seen, flags), std::back_inserter(checks));
  }
  return checks;
}

SignalAsked::Outcome outcome_of(const k8s::SignalAnswer& answer) {
  using Outcome = SignalAsked::Outcome;
  if (answer.value) return Outcome::value;
  if (answer.query_is_wrong) return Outcome::wrong_query;
  return answer.no_series ? Outcome::no_series : Outcome::no_number;
}

SignalsAsked ask_for_signals(const Scenario& scenario) {
  SignalsAsked asked;
  asked.server = scenario.prometheus.url;
  if (scenario.signals.empty() || asked.server.empty()) return asked;
  k8s::SignalPoller poller(prometheus_server(scenario), signal_requests(scenario), {}, [](const Record&) {});
  const auto answers = poller.look();
  if (!answers) {
    asked.trouble = answers.error().message;
    asked.remedy = answers.error().hint;
    return asked;
  }
  for (const auto& a : *answers) asked.signals.push_back({a.name, outcome_of(a), a.value.value_or(0), a.message});
  return asked;
}

}  // namespace

std::expected<reports::CheckList, ExitCode> preflight_check(const LoadedScenario& loaded,
                                                            const k8s::ClusterChoice& cluster,
                                                            const whatif::ControlLoopFlags& flags) {
  Checks checks;
  if (!loaded.scenario.watch.empty()) {
    auto of_workloads = check_workloads(loaded, cluster, flags);
    if (!of_workloads) return std::unexpected(of_workloads.error());
    checks = *std::move(of_workloads);
  }
  std::ranges::move(preflight_signals(loaded.scenario, ask_for_signals(loaded.scenario)), std::back_inserter(checks));
  return reports::CheckList{"preflight", loaded.path, preflight_headline(checks), preflight_exit_code(checks),
                            std::move(checks)};
}

}  // namespace surgeproof
