// run, check, analyze, report, compare.
#include <utility>

#include "app/command_line/command_line.h"
#include "app/command_line/flags.h"
#include "app/commands/check.h"
#include "app/commands/commands.h"
#include "reports/formats.h"

namespace surgeproof {

namespace {

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : reports::formats()) names.emplace_back(format.name);
  return names;
}

void add_run(CommandLine& line) {
  auto* run = line.app.add_subcommand("run", "Send the load, watch the cluster, judge, and report");
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
  auto* check = line.app.add_subcommand("check", "Check a scenario and print its plan; sends nothing");
  auto& o = line.command<CheckOptions>(*check, check_command);
  add_scenario_flags(*check, o.scenario);
  check->add_option("--objects", o.objects,
                    "The HPA, its target and pods, saved with kubectl get -o json: can the criteria be met at all?");
  add_control_loop_flags(*check, o.flags);
}

void add_analyze(CommandLine& line) {
  auto* analyze = line.app.add_subcommand("analyze", "Judge a recorded run again");
  auto& o = line.command<AnalyzeOptions>(*analyze, analyze_command);
  analyze->add_option("run", o.run, "Run directory")->required()->type_name("DIR");
  analyze->add_flag("!--no-write", o.write, "Do not write the report files again");
  analyze
      ->add_option("--scenario", o.scenario.path,
                   "Judge by the criteria of this scenario file; the run directory keeps its own verdict")
      ->type_name("FILE");
  analyze->add_option("--var", o.scenario.variables, "NAME=VALUE for ${NAME} in that file")->type_name("NAME=VALUE");
}

void add_compare(CommandLine& line) {
  auto* compare = line.app.add_subcommand("compare", "Did it get worse? Two recorded runs, criterion by criterion");
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
  compare->add_option("--format", o.format, "console, json or markdown")
      ->check(CLI::IsMember({"console", "json", "markdown"}));
  compare->add_option("--out", o.out, "File instead of standard output")->type_name("FILE");
}

void add_report(CommandLine& line) {
  auto* report = line.app.add_subcommand("report", "Render a recorded run again");
  auto& o = line.command<ReportOptions>(*report, report_command);
  report->add_option("run", o.run, "Run directory; with --serve, [ADDRESS]:PORT to listen on")->type_name("DIR");
  report->add_option("--format", o.format, "Which report (console)")->check(CLI::IsMember(format_names()));
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
