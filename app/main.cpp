// The command line: flags to option structs, one command function each.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "app/commands/commands.h"
#include "base/duration.h"
#include "k8s/demo/demo_options.h"

namespace surgeproof {
namespace {

void add_scenario_flags(CLI::App& command, ScenarioOptions& o) {
  command.add_option("scenario", o.path, "Scenario file (YAML); - reads standard input")->required();
  command.add_option("--target", o.target, "URL instead of the scenario's target");
  command.add_option("--var", o.variables, "NAME=VALUE for ${NAME} in the scenario, above the environment")
      ->allow_extra_args(false);
  command.add_option("--load-scale", o.load_scale, "Factor on every rate of the load")->check(CLI::Range(1e-6, 1e6));
  command.add_option("--time-scale", o.time_scale, "Factor on every duration of the load")
      ->check(CLI::Range(1e-6, 1e6));
}

void add_session_flags(CLI::App& command, SessionOptions& o) {
  command.add_option("--out", o.out, "Run directory; default runs/<time>-<scenario>");
  command.add_flag_callback("--plain", [&o] { o.view = View::plain; }, "Plain lines instead of the live view");
  command.add_flag_callback("--quiet,-q", [&o] { o.view = View::quiet; }, "Only the result");
}

void add_run(CLI::App& app, RunOptions& o) {
  auto* run = app.add_subcommand("run", "Send the load, watch the cluster, judge, and report");
  add_scenario_flags(*run, o.scenario);
  add_session_flags(*run, o.session);
  run->add_option("--kubeconfig", o.session.cluster.kubeconfig, "Only this kubeconfig file");
  run->add_option("--context", o.session.cluster.context, "Context of the kubeconfig");
  run->add_option("--namespace,-n", o.session.cluster.ns, "Namespace of the watched HPAs that name none");
  run->add_option(
      "--metrics-every",
      [&o](const CLI::results_t& r) {
        const auto d = parse_duration(r.at(0));
        if (!d || *d < std::chrono::milliseconds{100}) return false;
        o.session.watch.metrics_interval = std::chrono::duration_cast<std::chrono::milliseconds>(*d);
        return true;
      },
      "Interval between two reads of the pod metrics, at least 100ms (5s)");
}

void add_demo_flags(CLI::App& command, DemoCommandOptions& o) {
  command.add_option("--break", o.break_what, "Something that goes wrong: " + demo::break_names());
  command.add_flag("--realistic", o.realistic, "Kubernetes' own time constants: about ten minutes instead of one");
  command.add_option("--api-port", o.api_port, "Port of the API server; default: any free one");
  command.add_option("--service-port", o.service_port, "Port of the service; default: any free one");
  command.add_option("--kubeconfig", o.kubeconfig, "Where to write the cluster's kubeconfig");
}

int run_main(int argc, char** argv) {
  CLI::App app{
      "Proves that a Kubernetes service survives its traffic surge.\n\n"
      "  surgeproof demo                          see it work, on an embedded cluster\n"
      "  surgeproof check surge.yaml              is the scenario right? what will be sent?\n"
      "  surgeproof run surge.yaml                send the load, watch the HPA, judge, report\n"
      "  surgeproof analyze runs/…                the verdict again, without a cluster\n\n"
      "Exit codes: 0 all criteria pass, 1 one failed, 2 bad usage or scenario, 3 target or cluster out of reach,\n"
      "4 inconclusive, 70 internal error, 130 interrupted."};
  app.name("surgeproof");
  app.set_version_flag("--version", SURGEPROOF_VERSION);
  app.require_subcommand(1);

  RunOptions run;
  add_run(app, run);
  ScenarioOptions check;
  add_scenario_flags(*app.add_subcommand("check", "Check a scenario and print its plan; sends nothing"), check);
  AnalyzeOptions analyze;
  auto* analyze_app = app.add_subcommand("analyze", "Judge a recorded run again");
  analyze_app->add_option("run", analyze.run, "Run directory")->required();
  analyze_app->add_flag("!--no-write", analyze.write, "Do not write the report files again");
  ReportOptions report;
  auto* report_app = app.add_subcommand("report", "Render a recorded run again");
  report_app->add_option("run", report.run, "Run directory")->required();
  report_app->add_option("--format", report.format, "console, json, junit, markdown or html");
  report_app->add_option("--out", report.out, "File instead of standard output");
  DemoCommandOptions demo;
  auto* demo_app = app.add_subcommand("demo", "The main job against an embedded cluster on loopback");
  demo_app->require_subcommand(0, 1);
  add_demo_flags(*demo_app, demo);
  add_session_flags(*demo_app, demo.session);
  DemoCommandOptions cluster;
  auto* cluster_app =
      demo_app->add_subcommand("cluster", "Only the cluster, for kubectl and for scenarios of your own");
  add_demo_flags(*cluster_app, cluster);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const bool asked = e.get_exit_code() == 0;  // --help, --version
    app.exit(e);
    return static_cast<int>(asked ? ExitCode::pass : ExitCode::usage);
  }
  ExitCode code = ExitCode::internal;
  if (app.got_subcommand("run")) {
    code = run_command(run);
  } else if (app.got_subcommand("check")) {
    code = check_command(check);
  } else if (app.got_subcommand("analyze")) {
    code = analyze_command(analyze);
  } else if (app.got_subcommand("report")) {
    code = report_command(report);
  } else {
    code = demo_app->got_subcommand("cluster") ? demo_cluster_command(cluster) : demo_command(demo);
  }
  return static_cast<int>(code);
}

}  // namespace
}  // namespace surgeproof

int main(int argc, char** argv) {
  try {
    return surgeproof::run_main(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "surgeproof: internal error: " << e.what() << '\n';
    return static_cast<int>(surgeproof::ExitCode::internal);
  }
}
