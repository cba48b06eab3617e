// run, check, analyze, report, compare.
#include <utility>

#include "app/command_line/command_line.h"
#include "app/command_line/flags.h"
#include "app/commands/check.h"
#include "app/commands/commands.h"

namespace surgeproof {

namespace {

void add_run(CommandLine& line) {
  auto* run = line.app.add_subcommand(
      "run",
      "Send the load, watch the cluster, judge, and report\n\n"
      "  surgeproof run surge.yaml\n"
      "  surgeproof run surge.yaml --load-scale 0.1 --time-scale 0.1      a small rehearsal\n"
      "  surgeproof run surge.yaml --target https://staging.example.com --var TOKEN=…\n"
      "  surgeproof run surge.yaml --quiet --output json | jq .verdict\n"
      "  surgeproof run surge.yaml --live --notify /run/secrets/webhook\n\n"
      "On a terminal it shows the run as it goes on; elsewhere it prints a line every few seconds. Ctrl-C stops the\n"
      "load and still writes a report.\n\n"
      "Exit codes: 0 all criteria pass, 1 one failed, 2 bad usage or scenario, 3 target or cluster out of reach,\n"
      "4 inconclusive, 130 interrupted.");
  auto& o = line.command<RunOptions>(*run, run_command);
  add_scenario_flags(*run, o.scenario);
  add_session_flags(*run, o.session);
  add_audience_flags(*run, o.session.audience);
  add_cluster_flags(*run, o.session.cluster);
  run->add_flag("!--no-actions", o.session.actions,
                "Leave out the scenario's actions: nothing is changed in the cluster");
  add_duration_option(
      *run, "--metrics-every", std::chrono::milliseconds{100},
      [&every = o.session.watch.metrics_interval](std::chrono::nanoseconds given) {
        every = std::chrono::duration_cast<std::chrono::milliseconds>(given);
      },
      "Interval between two reads of the pod metrics, at least 100ms (5s)");
  run->add_flag("--preflight", o.preflight,
                "Look before: send nothing when surgeproof preflight would find that it cannot pass");
}

void add_check(CommandLine& line) {
  auto* check = line.app.add_subcommand(
      "check",
      "Check a scenario and print its plan; sends nothing\n\n"
      "  surgeproof check surge.yaml\n"
      "  kubectl get hpa,deploy,pods -n todo -o json | surgeproof check surge.yaml --objects -\n\n"
      "Every mistake at once, with place and remedy. Exit codes: 0 it is right, 1 a criterion cannot be met by the\n"
      "objects, 2 it is not right.");
  auto& o = line.command<CheckOptions>(*check, check_command);
  add_scenario_flags(*check, o.scenario);
  check->add_option("--objects", o.objects,
                    "The HPA, its target and pods, saved with kubectl get -o json: can the criteria be met at all?");
  add_control_loop_flags(*check, o.flags);
}

void add_analyze(CommandLine& line) {
  auto* analyze =
      line.app.add_subcommand("analyze",
                              "Judge a recorded run again\n\n"
                              "  surgeproof analyze runs/20250602T090000Z-todo\n"
                              "  surgeproof analyze runs/20250602T090000Z-todo --scenario stricter.yaml\n"
                              "  surgeproof analyze runs/20250602T090000Z-todo --output json | jq .verdict\n\n"
                              "Needs no cluster: the verdict comes from the recording alone. Exit codes as of run.");
  auto& o = line.command<AnalyzeOptions>(*analyze, analyze_command);
  analyze->add_option("run", o.run, "Run directory")->required()->type_name("DIR");
  add_format_flag(*analyze, "--print,--output", o.print, "Format of the result on standard output (console)");
  analyze->add_flag("!--no-write", o.write, "Do not write the report files again");
  analyze
      ->add_option("--scenario", o.scenario.path,
                   "Judge by the criteria of this scenario file; the run directory keeps its own verdict")
      ->type_name("FILE");
  analyze->add_option("--var", o.scenario.variables, "NAME=VALUE for ${NAME} in that file")->type_name("NAME=VALUE");
}

void add_compare(CommandLine& line) {
  auto* compare = line.app.add_subcommand("compare",
                                          "Did it get worse? Two recorded runs, criterion by criterion\n\n"
                                          "  surgeproof compare main-run surge-run\n"
                                          "  surgeproof compare surge-run --baseline main-run --format markdown\n\n"
                                          "Exit codes: 0 no worse, 1 worse, 4 cannot say.");
  auto& o = line.command<CompareCommandOptions>(*compare, [](const CompareCommandOptions& given) {
    CompareCommandOptions runs = given;  // compare RUN --baseline DIR, or compare BASELINE RUN
    if (runs.run.empty()) runs.run = std::exchange(runs.baseline, runs.baseline_option);
    return compare_command(runs);
  });
  compare->add_option("before", o.baseline, "Run directory of the baseline (with --baseline: of the run)")
      ->required()
      ->type_name("DIR");
  compare->add_option("after", o.run, "Run directory to compare with it")->type_name("DIR");
  compare->add_option("--baseline", o.baseline_option, "Run directory of the baseline, for one that stands apart in CI")
      ->type_name("DIR");
  compare->add_option("--tolerance", o.tolerance_percent, "Least change that matters, in percent (10)")
      ->check(CLI::Range(0.0, 1000.0));
  compare->add_option("--format,--output", o.format, "console, json or markdown")
      ->check(CLI::IsMember({"console", "json", "markdown"}));
  compare->add_option("--out", o.out, "File instead of standard output")->type_name("FILE");
}

void add_report(CommandLine& line) {
  auto* report = line.app.add_subcommand(
      "report",
      "Render a recorded run again\n\n"
      "  surgeproof report runs/20250602T090000Z-todo\n"
      "  surgeproof report runs/20250602T090000Z-todo --format html --out report.html\n"
      "  surgeproof report runs/20250602T090000Z-todo --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n"
      "  surgeproof report runs/20250602T090000Z-todo --format github     annotations of a workflow\n"
      "  surgeproof report --serve runs           all of them, with trends, as pages for a browser");
  auto& o = line.command<ReportOptions>(*report, report_command);
  report->add_option("run", o.run, "Run directory; with --serve, [ADDRESS]:PORT to listen on")->type_name("DIR");
  add_format_flag(*report, "--format,--output", o.format, "Which report (console)");
  auto* out = report->add_option("--out", o.out, "File instead of standard output")->type_name("FILE");
  report
      ->add_option("--serve", o.serve,
                   "List the runs in a directory, with their verdicts and trends, as pages for a browser; on loopback "
                   "and any free port unless told otherwise")
      ->type_name("DIR")
      ->excludes(out);
}

}  // namespace

void add_run_commands(CommandLine& line) {
  add_run(line);
  add_check(line);
  add_analyze(line);
  add_report(line);
  add_compare(line);
}

}  // namespace surgeproof
