#include "app/command_line/flags.h"

#include <utility>

#include "base/duration.h"

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
  command.add_option("--print", o.print, "Format of the result on standard output (console)")
      ->check(CLI::IsMember({"console", "json", "junit", "markdown", "html"}));
}

void add_cluster_flags(CLI::App& command, k8s::ClusterChoice& choice) {
  command.add_option("--kubeconfig", choice.kubeconfig, "Only this kubeconfig file")->type_name("FILE");
  command.add_option("--context", choice.context, "Context of the kubeconfig");
  command.add_option("--namespace,-n", choice.ns, "Namespace of the HPAs that name none");
}

CLI::Option* add_duration_option(CLI::App& command, const std::string& name, std::chrono::nanoseconds least,
                                 std::function<void(std::chrono::nanoseconds)> take, const std::string& description) {
  return command.add_option(
      name,
      [least, take = std::move(take)](const CLI::results_t& given) {
        const auto duration = parse_duration(given.at(0));
        if (!duration || *duration < least) return false;
        take(*duration);
        return true;
      },
      description);
}

}  // namespace surgeproof
