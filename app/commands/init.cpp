#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "app/cluster_link.h"
#include "app/commands/cluster_commands.h"
#include "app/complain.h"
#include "app/run_directory/atomic_file.h"
#include "app/scenario_file.h"
#include "k8s/feed.h"
#include "k8s/json_access.h"
#include "scenarios/draft/draft.h"

namespace surgeproof {
namespace {

/// To begin with, when nothing is known of the service.
constexpr double kAssumedPodRate = 20;

/// The answer to the query, its samples added up; or what went wrong.
std::expected<double, std::string> ask_prometheus(const std::string& url, const std::string& query) {
  k8s::ClusterConfig config;
  config.server = url;
  auto client = k8s::ApiClient::connect(config);
  if (!client) return std::unexpected{client.error().message};
  const auto body = client->get("/api/v1/query?query=" + k8s::encode_query(query));
  if (!body) return std::unexpected{body.error().message};
  const auto answer = k8s::parse_json(*body);
  if (!answer || k8s::text_at(k8s::as_object(*answer), "status") != "success") {
    return std::unexpected{"the answer is not that of a Prometheus"};
  }
  double sum = 0;
  std::size_t samples = 0;
  for (const auto& entry : k8s::array_at(k8s::object_at(k8s::as_object(*answer), "data"), "result")) {
    const auto& value = k8s::array_at(k8s::as_object(entry), "value");
    if (value.size() != 2 || !value[1].is_string()) continue;
    const double sample = std::strtod(value[1].get_string().c_str(), nullptr);
    if (!std::isfinite(sample)) continue;
    sum += sample;
    ++samples;
  }
  if (samples == 0) return std::unexpected{"the query has no result"};
  return sum;
}

int ready_pods(const Workload& w) {
  const auto ready = std::ranges::count_if(w.pods, [](const PodSample& p) { return p.ready && !p.deletion_requested; });
  return ready > 0 ? static_cast<int>(ready) : w.hpa->current_replicas;
}

PodRate pod_rate(const InitOptions& o, const Workload& w) {
  if (o.rate_per_pod > 0) return {PodRate::Source::given, o.rate_per_pod, "as given with --rate-per-pod"};
  const HpaMetric* cpu = nullptr;
  for (const auto& m : w.hpa->metrics) {
    if (m.name == "cpu" && m.target_utilization_percent) cpu = &m;
  }
  double now = o.rate_now;
  if (!o.prometheus.empty()) {
    const auto rate = ask_prometheus(o.prometheus, o.rate_query);
    if (rate) now = *rate;
    if (!rate)
      std::cerr << "surgeproof: warning: " << o.prometheus << ": " << rate.error() << "; a figure is assumed\n";
  }
  if (now > 0 && cpu != nullptr && cpu->current_utilization_percent) {
    const int pods = ready_pods(w);
    const auto rate =
        pod_rate_at_target(now, pods, *cpu->current_utilization_percent, *cpu->target_utilization_percent);
    if (rate) {
      return {PodRate::Source::measured, *rate,
              fmt::format("now {:.4g}/s on {} ready pod{} make {} % of the CPU request, the target is {} %", now, pods,
                          pods == 1 ? "" : "s", *cpu->current_utilization_percent, *cpu->target_utilization_percent)};
    }
    std::cerr << "surgeproof: warning: at " << *cpu->current_utilization_percent
              << " % of the CPU request the rate of now says too little; a figure is assumed\n";
  }
  return {PodRate::Source::assumed, kAssumedPodRate, "assumed: nothing told what a pod carries"};
}

}  // namespace

ExitCode init_command(const InitOptions& o) {
  std::error_code ec;
  if (!o.out.empty() && !o.force && std::filesystem::exists(o.out, ec)) {
    return complain(ExitCode::usage, fmt::format("{} exists already; --force writes over it", o.out.string()));
  }
  auto link = reach_cluster(o.cluster);
  if (!link) return link.error();
  const std::string ns = !o.cluster.ns.empty() ? o.cluster.ns : link->config.ns.empty() ? "default" : link->config.ns;
  const auto seen = k8s::read_workload(link->get(), ns, o.hpa, {.metrics = false, .bounds = false, .nodes = false});
  if (!seen) {
    const auto error = k8s::watch_error(seen.error(), link->config.server, link->config.origin);
    return complain(exit_code_of(error), fmt::format("{}; {}", error.message, error.hint));
  }
  if (!seen->hpa) {
    if (const auto* part = seen->unseen_part("horizontalpodautoscalers")) {
      return complain(ExitCode::unreachable, fmt::format("HPA {}/{} could not be read: {}", ns, o.hpa, part->why));
    }
    std::string others;
    for (const auto& name : seen->others) others += (others.empty() ? "" : ", ") + name;
    return complain(ExitCode::usage, fmt::format("namespace {} has no HPA {}; there {}", ns, o.hpa,
                                                 others.empty() ? "is none" : "are: " + others));
  }
  for (const auto& part : seen->unseen) {
    std::cerr << "surgeproof: warning: " << part.resource << " could not be read (" << part.why
              << "); the scenario knows less\n";
  }
  const auto text = draft_scenario({*seen, o.url, pod_rate(o, *seen), o.cluster.context});
  ScenarioOptions scenario;
  scenario.path = o.out.empty() ? "the written scenario" : o.out.string();
  if (!load_scenario_text(text, scenario, /*lenient=*/false, std::cerr)) return ExitCode::usage;  // a bad --url
  if (o.out.empty()) {
    std::cout << text << std::flush;
    return std::cout ? ExitCode::pass : complain(ExitCode::usage, "cannot write to standard output");
  }
  if (const auto written = write_file_atomically(o.out, text); !written) {
    return complain(ExitCode::usage, written.error());
  }
  std::cout << "Wrote " << o.out.string() << ". Next:\n\n  surgeproof check " << o.out.string()
            << "\n  surgeproof preflight " << o.out.string() << "\n  surgeproof run " << o.out.string() << "\n"
            << std::flush;
  return ExitCode::pass;
}

}  // namespace surgeproof
