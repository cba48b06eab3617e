#include "app/run/watching.h"

#include <iostream>
#include <thread>

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "app/cluster_link.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "app/observing.h"
#include "app/record_queue.h"
#include "app/run/outputs.h"
#include "app/run/run_start.h"
#include "app/run/watch_screen.h"
#include "app/run_directory/layout.h"
#include "app/run_directory/record_json.h"
#include "app/run_directory/writer.h"
#include "app/scenario_file.h"
#include "app/terminal.h"
#include "base/duration.h"
#include "base/wall_time.h"
#include "reports/narration.h"
#include "reports/report.h"
#include "scenarios/reading/rewrite.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// "todo/backend" or "backend".
WatchTarget target_of(const std::string& text, const std::string& default_ns) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return {.ns = default_ns, .hpa = text, .container = {}, .place = {}};
  return {.ns = text.substr(0, slash), .hpa = text.substr(slash + 1), .container = {}, .place = {}};
}

/// "{absent: [\"panic:\"], present: [\"serves on\"]}". A ${VARIABLE} is left to the scenario's reader, which masks it.
std::string log_texts(const WatchCommandOptions& options) {
  std::string out;
  for (const auto& [key, texts] : {std::pair{"absent", &options.absent}, std::pair{"present", &options.present}}) {
    if (texts->empty()) continue;
    std::vector<std::string> quoted;
    for (const auto& text : *texts) quoted.push_back(reading::yaml_quoted(text));
    out += fmt::format("{}{}: [{}]", out.empty() ? "{" : ", ", key, fmt::join(quoted, ", "));
  }
  return out + "}";
}

/// The run directory's scenario: what was watched, and that no load was sent.
std::string scenario_text(const std::vector<WatchTarget>& targets, const WatchCommandOptions& options) {
  std::string text = "# Written by surgeproof watch: nothing was sent.\nname: watch";
  for (const auto& t : targets) text += " " + t.hpa;
  text += "\nwatch:\n";
  for (const auto& t : targets) text += fmt::format("  - {{namespace: \"{}\", hpa: \"{}\"}}\n", t.ns, t.hpa);
  if (!options.signals.empty()) {
    if (!options.prometheus.empty()) text += fmt::format("prometheus: {}\n", reading::yaml_quoted(options.prometheus));
    text += "signals:\n";
  }
  for (const auto& signal : options.signals) {
    const auto equals = signal.find('=');
    text += fmt::format("  {}: {{prometheus: {}, every: 5s}}\n", signal.substr(0, equals),
                        reading::yaml_quoted(reading::without_references(signal.substr(equals + 1))));
  }
  text += "load: none\n";
  if (!options.absent.empty() || !options.present.empty()) {
    text += fmt::format("criteria:\n  - logs: {}\n", log_texts(options));
  }
  return text;
}

class Watching {
 public:
  explicit Watching(const WatchCommandOptions& options)
      : options_{options}, anchor_{Clock::now(), std::chrono::system_clock::now()} {}

  ExitCode run() {
    auto code = prepare();
    if (code == ExitCode::pass) code = connect();
    if (code == ExitCode::pass) code = start_signals(loaded_->scenario, anchor_, sink(), signals_);
    if (code != ExitCode::pass) {
      if (watcher_) watcher_->stop();
      signals_.reset();
      if (writer_) writer_->discard();
      return code;
    }
    follow();
    return conclude();
  }

 private:
  [[nodiscard]] RunTime now() const { return anchor_.run_time(Clock::now()); }

  RecordSink sink() {
    return [this](Record record) { queue_.push(std::move(record)); };
  }

  ExitCode prepare() {
    for (const auto& signal : options_.signals) {
      const auto equals = signal.find('=');
      const bool good = equals != 0 && equals != std::string::npos && equals + 1 < signal.size();
      if (!good) return complain(ExitCode::usage, "--signal " + signal + ": write NAME=QUERY");
    }
    auto config = find_cluster(options_.cluster);
    if (!config) return config.error();
    config_ = *std::move(config);
    const std::string ns = !options_.cluster.ns.empty() ? options_.cluster.ns : config_.ns;
    std::vector<WatchTarget> targets;
    for (const auto& hpa : options_.hpas) targets.push_back(target_of(hpa, ns.empty() ? "default" : ns));
    ScenarioOptions scenario;
    scenario.path = "watch.yaml";
    loaded_ = load_scenario_text(scenario_text(targets, options_), scenario, /*lenient=*/false, std::cerr);
    if (!loaded_) return ExitCode::usage;
    builder_.emplace(loaded_->scenario);
    info_ = run_info(*loaded_, anchor_.wall);
    const auto directory = options_.out.empty() ? default_directory(loaded_->scenario, anchor_.wall) : options_.out;
    auto writer = RunDirectoryWriter::create(directory, info_, loaded_->redacted_text);
    if (!writer) return complain(ExitCode::usage, writer.error());
    writer_.emplace(std::move(*writer));
    return ExitCode::pass;
  }

  ExitCode connect() {
    std::vector<k8s::WatchRequest> requests;
    for (const auto& w : loaded_->scenario.watch) requests.push_back({w.ns, w.hpa});
    const std::string origin = config_.origin;
    k8s::WatchOptions watch = options_.watch;
    watch.logs = log_requests(loaded_->scenario, config_.ns);
    watcher_.emplace(std::move(config_), std::move(requests), anchor_, sink(), std::move(watch));
    watcher_->start();
    if (const auto code = see_cluster(*watcher_, origin, info_); code != ExitCode::pass) return code;
    writer_->write_file(kRunInfoFile, run_info_to_json(info_) + "\n");
    return ExitCode::pass;
  }

  [[nodiscard]] bool quiet() const { return options_.view == View::quiet; }

  void follow() {
    feed_.emplace(feed());
    pump();
    const auto standing = narrator_.begin(now());
    std::optional<WatchScreen> screen;
    if (options_.view == View::automatic && is_live_terminal()) {
      screen.emplace(*feed_);
      prints_ = false;
    } else if (!quiet()) {
      std::cout << "Watching " << info_.environment["cluster"] << "; times are UTC, Ctrl-C ends it\nRecording to "
                << writer_->path().string() << '\n';
      print(standing);
    }
    while (InterruptGuard::count() == 0 && (!options_.length || now() < *options_.length)) {
      pump();
      writer_->flush();
      if (screen) screen->tick(now());
      std::this_thread::sleep_for(100ms);
    }
  }

  [[nodiscard]] reports::WatchFeed feed() {
    const Scenario& scenario = loaded_->scenario;
    std::vector<std::pair<std::string, std::string>> hpas;
    std::vector<std::string> signals;
    for (const auto& w : scenario.watch) hpas.emplace_back(w.ns, w.hpa);
    for (const auto& s : scenario.signals) signals.push_back(s.name);
    reports::WatchFeed feed{anchor_.wall, hpas, signals};
    auto& view = feed.settings();
    view.length = options_.length;
    view.cluster = info_.environment["cluster"];
    view.hint = "Ctrl-C ends it and writes the report; recording to " + writer_->path().string();
    view.ascii = !speaks_utf8();
    return feed;
  }

  void pump() {
    for (auto& record : queue_.take_all()) {
      const auto told = narrator_.tell(record);
      print(told);
      writer_->write(record);
      if (feed_) {
        feed_->hear(record);
        feed_->tell(told);
      }
      builder_->add(std::move(record));
    }
  }

  void print(const std::vector<reports::Told>& lines) {
    if (quiet() || !prints_ || lines.empty()) return;
    for (const auto& told : lines) {
      const auto clock = format_rfc3339(anchor_.wall_time(told.at), 0).substr(11, 8);
      std::cout << reports::told_line(told, clock, terminal_size().columns, wants_colour()) << '\n';
    }
    std::cout << std::flush;
  }

  ExitCode conclude() {
    watcher_->stop();
    if (signals_) signals_->stop();
    pump();
    const RunTime end = now();
    writer_->finish(end);
    const Timeline& timeline = builder_->build(end, true);
    const auto report = reports::build_report(info_, loaded_->scenario, timeline, judge(loaded_->scenario, timeline),
                                              loaded_->redacted_text);
    auto errors = write_outputs(report, writer_->path());
    if (!writer_->error().empty()) errors.push_back(writer_->error());
    for (const auto& e : errors) std::cerr << "surgeproof: " << e << '\n';
    if (!quiet() && prints_) std::cout << '\n';
    print_report(report, writer_->path(), "console");
    return errors.empty() ? static_cast<ExitCode>(report.exit_code) : ExitCode::inconclusive;
  }

  const WatchCommandOptions& options_;
  ClockAnchor anchor_;
  k8s::ClusterConfig config_;
  std::optional<LoadedScenario> loaded_;
  RunInfo info_;
  RecordQueue queue_;
  std::optional<TimelineBuilder> builder_;
  reports::Narrator narrator_;
  std::optional<reports::WatchFeed> feed_;
  bool prints_ = true;  ///< lines go to standard output; a screen shows them itself
  std::optional<RunDirectoryWriter> writer_;
  // Last: its thread uses the queue and must end first.
  std::optional<k8s::Watcher> watcher_;
  std::optional<k8s::SignalPoller> signals_;
};

}  // namespace

ExitCode watch_command(const WatchCommandOptions& options) {
  const InterruptGuard guard;
  return Watching{options}.run();
}

}  // namespace surgeproof
