#include "app/command_line/flags.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "base/duration.h"
#include "reports/formats.h"

namespace surgeproof {

void add_scenario_flags(CLI::App& command, ScenarioOptions& o) {
  command.add_option("scenario", o.path, "Scenario file (YAML); - reads standard input")->required()->type_name("FILE");
  command.add_option("--target", o.target, "URL instead of the scenario's target")->type_name("URL");
  command.add_option("--var", o.variables, "NAME=VALUE for ${NAME} in the scenario, above the environment")
      ->allow_extra_args(false);
  command.add_option("--load-scale", o.load_scale, "Factor on every rate of the load")->check(CLI::Range(1e-6, 1e6));
  command.add_option("--time-scale", o.time_scale, "Factor on every duration of the load")
      ->check(CLI::Range(1e-6, 1e6));
}

void add_session_flags(CLI::App& command, SessionOptions& o) {
  command.add_option("--out", o.out, "Run directory; default runs/<time>-<scenario>")->type_name("DIR");
  command.add_flag_callback("--plain", [&o] { o.view = View::plain; }, "Plain lines instead of the live view");
  command.add_flag_callback("--quiet,-q", [&o] { o.view = View::quiet; }, "Only the result");
  add_format_flag(command, "--print,--output", o.print, "Format of the result on standard output (console)");
}

CLI::Option* add_format_flag(CLI::App& command, const std::string& names, std::string& format,
                             const std::string& description) {
  std::vector<std::string> all;
  for (const auto& f : reports::formats()) all.emplace_back(f.name);
  return command.add_option(names, format, description)->check(CLI::IsMember(std::move(all)));
}

void add_audience_flags(CLI::App& command, AudienceOptions& o) {
  command
      .add_option(
          "--live",
          [&o](const CLI::results_t& given) {
            const auto at = parse_listen_address(given.at(0));
            if (!at) throw CLI::ValidationError("--live", at.error());
            o.live = *at;
            return true;
          },
          "Serve the report as a page that follows the run, and /metrics for Prometheus; loopback and any free port "
          "unless told otherwise (--live=:8080, --live=0.0.0.0:8080)")
      ->type_name("[ADDRESS]:PORT");
  add_duration_option(
      command, "--linger", std::chrono::nanoseconds{0}, [&o](std::chrono::nanoseconds t) { o.linger = t; },
      "Go on serving for so long after the end, for a last scrape (0s)");
  command.add_option("--push-gateway", o.push_gateway, "Prometheus Pushgateway that gets the result at the end")
      ->type_name("URL");
  command.add_option("--metrics-file", o.metrics_file, "Prometheus textfile that gets the result at the end (….prom)")
      ->type_name("FILE");
  command
      .add_option_function<std::string>(
          "--notify",
          [&o](const std::string& file) {
            std::ifstream in{file};
            if (!std::getline(in, o.webhook_url) || !o.webhook_url.starts_with("http")) {
              throw CLI::ValidationError("--notify",
                                         file + " must hold the URL of an incoming webhook in its first line");
            }
          },
          "File with the URL of an incoming chat webhook (Slack and compatible), which gets the verdict at the end; a "
          "file, because the URL is a secret")
      ->type_name("FILE");
  command.add_option("--report-url", o.report_url, "Where readers of the chat message find the report")
      ->type_name("URL");
}

void add_cluster_flags(CLI::App& command, k8s::ClusterChoice& choice) {
  command.add_option("--kubeconfig", choice.kubeconfig, "Only this kubeconfig file")->type_name("FILE");
  command.add_option("--context", choice.context, "Context of the kubeconfig");
  command.add_option("--namespace,-n", choice.ns, "Namespace of the HPAs that name none");
}

CLI::Option* add_duration_option(CLI::App& command, const std::string& name, std::chrono::nanoseconds least,
                                 std::function<void(std::chrono::nanoseconds)> take, const std::string& description) {
  return command
      .add_option(
          name,
          [name, least, take = std::move(take)](const CLI::results_t& given) {
            const auto duration = parse_duration(given.at(0));
            if (!duration || *duration < least) {
              throw CLI::ValidationError(fmt::format("{} {}", name, given.at(0)),
                                         fmt::format("not a duration such as 30s or 5m{}",
                                                     least.count() > 0 ? ", at least " + format_duration(least) : ""));
            }
            take(*duration);
            return true;
          },
          description)
      ->type_name("DURATION");
}

void add_hpa_flags(CLI::App& command, HpaFlags& o) {
  const auto duration = [&](const char* name, std::optional<std::chrono::nanoseconds>& at, const char* what) {
    add_duration_option(
        command, name, std::chrono::nanoseconds{0}, [&at](std::chrono::nanoseconds given) { at = given; }, what);
  };
  command.add_option("--kubernetes", o.version, "Version whose controller is meant: 1.33, 1.34 (the default), 1.35");
  command.add_option("--tolerance", o.tolerance, "--horizontal-pod-autoscaler-tolerance of the controller (0.1)")
      ->check(CLI::Range(0.0, 10.0));
  duration("--cpu-initialization-period", o.cpu_initialization_period, "The same flag of the controller (5m)");
  duration("--initial-readiness-delay", o.initial_readiness_delay, "The same flag of the controller (30s)");
  duration("--downscale-stabilization", o.downscale_stabilization, "The same flag of the controller (5m)");
}

void add_control_loop_flags(CLI::App& command, HpaFlags& o) {
  add_hpa_flags(command, o);
  add_duration_option(
      command, "--sync-period", std::chrono::milliseconds{100},
      [&o](std::chrono::nanoseconds given) { o.sync_period = given; },
      "--horizontal-pod-autoscaler-sync-period of the controller (15s)");
}

}  // namespace surgeproof
