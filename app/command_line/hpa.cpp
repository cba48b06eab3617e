// explain, simulate, tune.
#include "analyzers/whatif/setting.h"
#include "app/command_line/command_line.h"
#include "app/command_line/flags.h"
#include "app/commands/explain.h"
#include "app/commands/simulate.h"

namespace surgeproof {

namespace {

void add_output(CLI::App& command, bool& as_json) {
  command
      .add_option_function<std::string>(
          "--output,-o", [&as_json](const std::string& format) { as_json = format == "json"; }, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

void add_explain(CommandLine& line) {
  auto* explain = line.app.add_subcommand(
      "explain",
      "Why does the HPA do that? Its decision, recomputed step by step\n\n"
      "  surgeproof explain --hpa backend -n todo                 of the live cluster, now\n"
      "  surgeproof explain runs/20250602T090000Z-todo            all decisions of a recorded run\n"
      "  surgeproof explain runs/20250602T090000Z-todo --at +95s  one of them, step by step\n"
      "  kubectl get hpa,deploy,pods -n todo -o json | surgeproof explain --file -");
  auto& o = line.command<ExplainOptions>(*explain, explain_command);
  auto* run = explain->add_option("run", o.run, "Run directory: the log of its decisions, or with --at one of them");
  explain->add_option("--at", o.at, "Instant in the run: +95s since the load began, 14:03:15 (UTC), or RFC 3339")
      ->needs(run);
  auto* cases = explain->add_option("--cases", o.cases, "Answer a file of cases (JSON lines); - reads standard input");
  auto* files = explain->add_option("--file,-f", o.files,
                                    "Objects saved with kubectl get -o json, in any order; - reads standard input");
  explain->add_option("--hpa", o.hpa, "Name of the HPA: of the live cluster, or of those in the run or the files");
  explain->add_option("--now", o.now, "When the files were saved (RFC 3339); default: the latest instant in them");
  cases->excludes(files)->excludes(run);
  files->excludes(run);
  add_cluster_flags(*explain, o.cluster);
  add_hpa_flags(*explain, o.flags);
  add_output(*explain, o.json);
}

void add_whatif_flags(CLI::App& command, WhatIfChoice& o) {
  command.add_option("--hpa", o.hpa, "Name of the HPA, if there are several");
  command.add_option("--set", o.settings, "NAME=VALUE, repeatable: " + whatif::setting_names())
      ->allow_extra_args(false);
  add_hpa_flags(command, o.flags);
}

void add_simulate(CommandLine& line) {
  auto* simulate = line.app.add_subcommand(
      "simulate",
      "What the HPA would have done with other settings\n\n"
      "  surgeproof simulate runs/20250602T090000Z-todo --set max=8 --set target=50\n"
      "  surgeproof simulate tuesday.csv --like runs/20250602T090000Z-todo --html tuesday.html\n\n"
      "The service's capacity and start times come from the recording.");
  auto& o = line.command<SimulateOptions>(*simulate, simulate_command);
  simulate->add_option("source", o.choice.source, "Run directory, scenario (YAML) or table of load (CSV: time,rate)")
      ->required();
  auto* like = simulate->add_option("--like", o.choice.like, "Run directory whose service bears a plan or a table");
  simulate->add_option("--file,-f", o.choice.files, "Instead: the HPA and its target, saved with kubectl get -o json")
      ->excludes(like);
  add_whatif_flags(*simulate, o.choice);
  simulate->add_option("--html", o.html, "Write a page with a picture, recorded against simulated");
  simulate->add_option("--repeat", o.repeat, "Simulate so often and say how long one takes")
      ->check(CLI::Range(1, 1'000'000));
  add_output(*simulate, o.json);
}

void add_tune(CommandLine& line) {
  auto* tune = line.app.add_subcommand(
      "tune",
      "The cheapest HPA settings that would have met the criteria\n\n"
      "  surgeproof tune runs/20250602T090000Z-todo\n"
      "  surgeproof tune runs/monday runs/tuesday --patch behavior.yaml      both must be met\n\n"
      "Exit codes: 0 settings found that meet every criterion, 1 none do.");
  auto& o = line.command<TuneOptions>(*tune, tune_command);
  tune->add_option("runs", o.runs, "Run directories that all must be met")->required();
  add_whatif_flags(*tune, o.choice);
  tune->add_option("--candidates", o.candidates, "How many settings to try (10000)")->check(CLI::Range(1, 10'000'000));
  tune->add_option("--patch", o.patch, "Write the patch to this file, too");
  add_output(*tune, o.json);
}

}  // namespace

void add_hpa_commands(CommandLine& line) {
  add_explain(line);
  add_simulate(line);
  add_tune(line);
}

}  // namespace surgeproof
