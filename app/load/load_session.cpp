#include "app/load/load_session.h"

#include <sys/resource.h>

#include <iostream>
#include <optional>
#include <thread>

#include "analyzers/condensed_load.h"
#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "app/judged_run.h"
#include "app/record_queue.h"
#include "app/run/live_console.h"
#include "app/run/live_feed.h"
#include "app/run/outputs.h"
#include "app/run_directory/writer.h"
#include "app/terminal.h"
#include "base/duration.h"
#include "loadgen/engine.h"
#include "reports/load_summary.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class LoadSession {
 public:
  LoadSession(const LoadedScenario& loaded, const LoadOptions& options)
      : loaded_{loaded},
        scenario_{loaded.scenario},
        options_{options},
        anchor_{Clock::now(), std::chrono::system_clock::now()},
        feed_{scenario_, "Ctrl-C stops and still prints the summary"} {}

  ExitCode run() {
    if (const auto code = prepare(); code != ExitCode::pass) {
      if (writer_) writer_->discard();
      return code;
    }
    cpu_before_ = cpu_seconds();
    follow();
    return conclude();
  }

 private:
  [[nodiscard]] RunTime now() const { return anchor_.run_time(Clock::now()); }

  ExitCode prepare() {
    info_.name = scenario_.name;
    info_.scenario_file = loaded_.path;
    info_.target = scenario_.target;
    info_.tool_version = SURGEPROOF_VERSION;
    info_.started = anchor_.wall;
    if (!options_.out.empty()) {
      auto writer = RunDirectoryWriter::create(options_.out, info_, loaded_.redacted_text);
      if (!writer) return complain(ExitCode::usage, writer.error());
      writer_.emplace(std::move(*writer));
    }
    if (const auto reached = loadgen::probe_target(scenario_); !reached) {
      const bool private_ca =
          scenario_.target.starts_with("https:") && reached.error().find("certificate") != std::string::npos;
      return complain(
          ExitCode::unreachable, fmt::format("target {}: {}", scenario_.target, reached.error()),
          private_ca ? "name a private certificate authority with --cacert, or do not check with --insecure" : "");
    }
    engine_.emplace(scenario_, anchor_, [this](Record record) { queue_.push(std::move(record)); });
    load_start_ = now() + 20ms;  // the threads are up by then
    if (const auto started = engine_->start(load_start_); !started) {
      return complain(ExitCode::usage, started.error());
    }
    return ExitCode::pass;
  }

  void pump() {
    for (auto& record : queue_.take_all()) {
      if (writer_) writer_->write(record);
      condensed_.add(std::move(record));
    }
  }

  /// What is known up to `t`. The verdict of a part of the load is provisional; the same code judges the whole.
  Verdict judged(RunTime t, bool complete, Timeline& timeline) const {
    TimelineBuilder builder{scenario_};
    for (auto& record : condensed_.records()) builder.add(std::move(record));
    timeline = builder.build(t, complete);
    return judge(scenario_, timeline);
  }

  void follow() {
    LiveConsole console{options_.json ? View::quiet : options_.view, std::cout};
    bool stopping = false;
    RunTime next_moment = load_start_ + (console.is_live() ? 0s : 1s);
    for (bool over = false; !over;) {
      over = engine_->wait_for(100ms);
      pump();
      if (writer_) writer_->flush();
      if (InterruptGuard::count() > 0 && !stopping) {
        stopping = true;
        engine_->request_stop();
        if (!console.is_live() && !over) {
          std::cerr << "surgeproof: interrupted; waiting up to " << format_duration(scenario_.client.timeout)
                    << " for answers that are under way (twice more ends at once)\n";
        }
      }
      console.tick();
      if (over || now() < next_moment) continue;
      show(console, stopping);
      next_moment = now() + (console.is_live() ? 500ms : 1s);
    }
  }

  void show(LiveConsole& console, bool stopping) {
    const RunTime t = now();
    Timeline timeline;
    std::optional<Verdict> verdict;
    if (console.is_live()) verdict = judged(t, false, timeline);
    feed_.add({t - load_start_, load_start_,
               stopping ? "interrupted: waiting for answers (twice more ends at once)" : "running", engine_->live(),
               k8s::LiveState{}, verdict ? &*verdict : nullptr});
    console.show(feed_.view(), t);
  }

  ExitCode conclude() {
    engine_->join();
    pump();
    const double cpu = cpu_seconds() - cpu_before_;
    const RunTime end = now();
    Timeline timeline;
    const Verdict verdict = judged(end, true, timeline);
    const auto summary = reports::build_load_summary(info_, scenario_, timeline, verdict, cpu);
    if (options_.json) {
      reports::write_load_json(summary, std::cout);
    } else {
      reports::ConsoleOptions console;
      console.colour = wants_colour();
      console.width = terminal_size().columns;
      reports::write_load_text(summary, std::cout, console, !speaks_utf8());
    }
    std::cout << std::flush;
    const bool recorded = !writer_ || finish_recording(end);
    const auto code = static_cast<ExitCode>(summary.exit_code);
    if (!std::cout) return complain(ExitCode::inconclusive, "the summary could not be written to standard output");
    return code == ExitCode::pass && !recorded ? ExitCode::inconclusive : code;
  }

  /// False when the run directory is not whole.
  bool finish_recording(RunTime end) {
    writer_->finish(end);
    std::vector<std::string> errors;
    if (!writer_->error().empty()) errors.push_back(writer_->error());
    if (errors.empty()) {
      // The report shows the load over time, which only the recording tells.
      const auto report = judge_run_directory(writer_->path());
      errors = report ? write_outputs(*report, writer_->path()) : std::vector{report.error()};
    }
    for (const auto& e : errors) std::cerr << "surgeproof: " << e << '\n';
    if (!options_.json) {
      std::cout << "\nReport       " << (options_.out / "report.html").string() << "\nRecording    "
                << options_.out.string() << "  (surgeproof analyze judges it again)\n"
                << std::flush;
    }
    return errors.empty();
  }

  const LoadedScenario& loaded_;
  const Scenario& scenario_;
  const LoadOptions& options_;
  ClockAnchor anchor_;
  RunInfo info_;
  RecordQueue queue_;
  CondensedLoad condensed_;
  LiveFeed feed_;
  std::optional<RunDirectoryWriter> writer_;
  RunTime load_start_{};
  double cpu_before_ = 0;
  // Last: its threads use the queue and must end first.
  std::optional<loadgen::Engine> engine_;
};

}  // namespace

ExitCode run_load(const LoadedScenario& loaded, const LoadOptions& options) {
  const InterruptGuard guard;
  return LoadSession{loaded, options}.run();
}

}  // namespace surgeproof
