// doctor, init, preflight, print-rbac, watch.
#include "app/command_line/command_line.h"
#include "app/command_line/flags.h"
#include "app/commands/cluster_commands.h"
#include "app/run/watching.h"
#include "scenarios/reading/quantities.h"

namespace surgeproof {

namespace {

void add_output_flag(CLI::App& command, CheckFormat& format) {
  command
      .add_option_function<std::string>(
          "--output",
          [&format](const std::string& name) { format = name == "json" ? CheckFormat::json : CheckFormat::text; },
          "Text for people or JSON for programs (text)")
      ->check(CLI::IsMember({"text", "json"}));
}

void add_preflight(CommandLine& line) {
  auto* preflight = line.app.add_subcommand(
      "preflight",
      "Can this scenario pass at all? Sends no load\n\n"
      "  surgeproof preflight surge.yaml\n"
      "  surgeproof preflight surge.yaml --output json | jq '.checks[].remedy'\n\n"
      "Looks at the HPA and its conditions, limits and windows against the criteria, how soon so many pods\n"
      "can be ready at all, requests, metrics, probes, preStop, quota, nodes, disruption budgets, and who else\n"
      "sets replicas.\n\n"
      "Exit codes: 0 nothing stands against it, 1 something will make the run fail, 3 cluster out of reach,\n"
      "4 what matters could not be seen.");
  auto& o = line.command<PreflightOptions>(*preflight, preflight_command);
  add_scenario_flags(*preflight, o.scenario);
  add_cluster_flags(*preflight, o.cluster);
  add_control_loop_flags(*preflight, o.flags);
  add_output_flag(*preflight, o.format);
}

void add_print_rbac(CommandLine& line) {
  auto* rbac =
      line.app.add_subcommand("print-rbac",
                              "Print the least Roles that a scenario needs\n\n"
                              "  surgeproof print-rbac surge.yaml | kubectl apply -f -\n"
                              "  surgeproof print-rbac surge.yaml --look-up    exact: looks up what the HPAs scale\n"
                              "  surgeproof print-rbac surge.yaml --nodes --preflight\n\n"
                              "Then:  kubectl -n NAMESPACE create token surgeproof");
  auto& o = line.command<PrintRbacOptions>(*rbac, print_rbac_command);
  add_scenario_flags(*rbac, o.scenario);
  add_cluster_flags(*rbac, o.cluster);
  rbac->add_flag("--look-up", o.live, "Look the HPAs up in the cluster");
  rbac->add_flag("--nodes", o.nodes, "A ClusterRole for nodes too");
  rbac->add_flag("--preflight", o.preflight, "Also what preflight reads: quotas, limit ranges, disruption budgets");
  rbac->add_option("--name", o.name, "Name of the ServiceAccount and of the Roles (surgeproof)");
  rbac->add_option("--account-namespace", o.account_ns, "Of the ServiceAccount; default: that of the first HPA");
}

void add_doctor(CommandLine& line) {
  auto* doctor = line.app.add_subcommand("doctor",
                                         "What can be reached and read from here, and what would fix it\n\n"
                                         "  surgeproof doctor                the cluster and this machine\n"
                                         "  surgeproof doctor surge.yaml     and what this scenario needs of them\n\n"
                                         "Exit codes: 0 a run can be made, 3 cluster or target out of reach,\n"
                                         "4 a run would not see or measure enough.");
  auto& o = line.command<DoctorOptions>(*doctor, doctor_command);
  add_scenario_flags(*doctor, o.scenario);
  doctor->get_option("scenario")->required(false);
  add_cluster_flags(*doctor, o.cluster);
  add_output_flag(*doctor, o.format);
}

/// "25/s" or "1500/min".
CLI::Option* add_rate_option(CLI::App& command, const std::string& name, double& take, const std::string& description) {
  return command.add_option(
      name,
      [&take](const CLI::results_t& given) {
        const auto rate = reading::read_rate(given.at(0));
        if (rate && rate->per_second > 0) take = rate->per_second;
        return rate && rate->per_second > 0;
      },
      description);
}

void add_init(CommandLine& line) {
  auto* init = line.app.add_subcommand(
      "init",
      "Write a scenario from what stands in the cluster\n\n"
      "  surgeproof init --hpa backend -n todo --url https://todo.example.com -o surge.yaml\n"
      "  surgeproof init --hpa backend -n todo --url https://todo.example.com --rate-per-pod 80/s\n"
      "  surgeproof init --hpa backend -n todo --url https://todo.example.com \\\n"
      "      --prometheus http://localhost:9090 --rate-query 'sum(rate(http_requests_total[5m]))'\n\n"
      "Minimum, maximum, windows, probes and start time become stages that should drive the HPA up\n"
      "and down again, and criteria that fit. What one pod carries is taken from --rate-per-pod, or\n"
      "from today's rate (--prometheus, --rate-now) and CPU, or assumed; comments tell which.");
  auto& o = line.command<InitOptions>(*init, init_command);
  init->add_option("--hpa", o.hpa, "Name of the HPA")->required()->type_name("HPA");
  init->add_option("--url", o.url, "Where the load goes")->required()->type_name("URL");
  add_cluster_flags(*init, o.cluster);
  add_rate_option(*init, "--rate-per-pod", o.rate_per_pod, "What one pod carries at the HPA's target, as 80/s");
  add_rate_option(*init, "--rate-now", o.rate_now, "What the whole service gets now, as 40/s");
  init->add_option("--prometheus", o.prometheus, "URL of a Prometheus that knows what the service gets now");
  init->add_option("--rate-query", o.rate_query, "PromQL for the requests a second of the whole service")
      ->needs("--prometheus");
  init->get_option("--prometheus")->needs("--rate-query");
  init->add_option("--out,-o", o.out, "File instead of standard output");
  init->add_flag("--force", o.force, "Write over a file that is there");
}

void add_watch(CommandLine& line) {
  auto* watch = line.app.add_subcommand(
      "watch",
      "Watch a live HPA without sending load\n\n"
      "  surgeproof watch --hpa backend -n todo\n"
      "  surgeproof watch --hpa backend --hpa events/consumer --for 10m --out runs/friday\n"
      "  surgeproof watch --hpa backend --for 1h --absent panic: --absent '${DB_PASSWORD}'\n"
      "  surgeproof report runs/friday --format markdown\n\n"
      "On a terminal a screen shows replicas, each metric against its target, conditions, decisions, pods\n"
      "that start or end, events, and what cannot be seen; elsewhere each change is a line. Everything is\n"
      "recorded: report.html shows it on one axis. Ctrl-C ends it well.");
  auto& o = line.command<WatchCommandOptions>(*watch, watch_command);
  watch->add_option("--hpa", o.hpas, "NAME or NAMESPACE/NAME; may be given several times")
      ->required()
      ->allow_extra_args(false);
  add_cluster_flags(*watch, o.cluster);
  add_duration_option(
      *watch, "--for", std::chrono::seconds{1}, [&o](std::chrono::nanoseconds length) { o.length = length; },
      "How long; default: until Ctrl-C");
  watch->add_option("--prometheus", o.prometheus, "URL of a Prometheus for --signal (PROMETHEUS_URL)");
  watch->add_option("--signal", o.signals, "NAME=QUERY, repeatable: another value to record, asked every 5s")
      ->allow_extra_args(false);
  watch->add_option("--absent", o.absent, "TEXT that no line of the pods' logs may hold, repeatable: judged at the end")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  watch->add_option("--present", o.present, "TEXT that some line of the pods' logs must hold, repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  watch->add_option("--out", o.out, "Run directory; default runs/<time>-watch-<hpa>");
  watch->add_flag_callback("--plain", [&o] { o.view = View::plain; }, "Lines instead of the screen");
  watch->add_flag_callback("--quiet,-q", [&o] { o.view = View::quiet; }, "Nothing but the summary at the end");
}

}  // namespace

void add_cluster_commands(CommandLine& line) {
  add_doctor(line);
  add_init(line);
  add_preflight(line);
  add_print_rbac(line);
  add_watch(line);
}

}  // namespace surgeproof
