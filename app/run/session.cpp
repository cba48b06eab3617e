#include "app/run/session.h"

#include <iostream>
#include <thread>

#include "analyzers/judge.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "app/cluster_link.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "app/observing.h"
#include "app/record_queue.h"
#include "app/run/actions.h"
#include "app/run/direct_feed.h"
#include "app/run/live_feed.h"
#include "app/run/outputs.h"
#include "app/run/run_start.h"
#include "app/run_directory/layout.h"
#include "app/run_directory/record_json.h"
#include "app/run_directory/writer.h"
#include "base/duration.h"
#include "k8s/actions/runner.h"
#include "loadgen/engine.h"
#include "reports/report.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Session {
 public:
  Session(const LoadedScenario& loaded, const SessionOptions& options)
      : loaded_{loaded},
        scenario_{loaded.scenario},
        options_{options},
        anchor_{Clock::now(), std::chrono::system_clock::now()},
        builder_{scenario_},
        feed_{scenario_},
        audience_{options.audience} {}

  ExitCode run() {
    if (const auto opened = audience_.open(); !opened) return complain(ExitCode::usage, "--live: " + opened.error());
    if (const auto code = open_directory(); code != ExitCode::pass) return code;
    auto code = connect();
    if (code == ExitCode::pass) code = start_signals(scenario_, anchor_, sink(), signals_);
    if (code == ExitCode::pass) code = start_load();
    if (code != ExitCode::pass) {
      if (watcher_) watcher_->stop();
      signals_.reset();
      writer_->discard();
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

  /// Of the watcher: what the generator must know of goes to it at once.
  RecordSink watch_sink() {
    return [this](Record record) {
      if (direct_) direct_->take(record);
      queue_.push(std::move(record));
    };
  }

  ExitCode open_directory() {
    const auto directory = options_.out.empty() ? default_directory(scenario_, anchor_.wall) : options_.out;
    info_ = run_info(loaded_, anchor_.wall);
    info_.notes = options_.notes;
    if (!options_.actions && !scenario_.actions.empty()) {
      info_.notes.push_back(fmt::format("--no-actions: the scenario's {} {} left out", scenario_.actions.size(),
                                        scenario_.actions.size() == 1 ? "action was" : "actions were"));
    }
    auto writer = RunDirectoryWriter::create(directory, info_, loaded_.redacted_text);
    if (!writer) return complain(ExitCode::usage, writer.error());
    writer_.emplace(std::move(*writer));
    return ExitCode::pass;
  }

  ExitCode connect() {
    const auto& direct = scenario_.connections.direct;
    if (!direct) {
      if (const auto code = probe({}); code != ExitCode::pass) return code;
    }
    const bool reads_logs = !wanted_logs(scenario_).empty();
    if (scenario_.watch.empty() && !direct && !reads_logs) return ExitCode::pass;
    const auto choice = cluster_choice(scenario_, options_.cluster);
    auto config = find_cluster(choice);
    if (!config) return config.error();
    std::vector<k8s::WatchRequest> requests;
    for (const auto& w : scenario_.watch) requests.push_back({w.ns, w.hpa});
    k8s::WatchOptions watch = options_.watch;
    if (direct) {
      direct_.emplace(*direct, config->ns.empty() ? "default" : config->ns);
      watch.services.push_back({direct->ns, direct->service});
    }
    const std::string origin = config->origin;
    if (!scenario_.actions.empty()) cluster_ = *config;
    watch.logs = log_requests(scenario_, choice.ns.empty() ? config->ns : choice.ns);
    watcher_.emplace(std::move(*config), std::move(requests), anchor_, watch_sink(), std::move(watch));
    watcher_->start();
    const auto code = see_cluster(*watcher_, origin, info_);
    return code == ExitCode::pass && direct ? probe_pods() : code;
  }

  /// Is anybody at the target's address, or at one of the pods'?
  ExitCode probe(const std::vector<loadgen::PodAddress>& pods) {
    const auto reached = loadgen::probe_target(scenario_, 10s, pods);
    if (reached) return ExitCode::pass;
    const bool tls = scenario_.target.starts_with("https:") && scenario_.client.tls.ca_file.empty();
    return complain(ExitCode::unreachable, fmt::format("target {}: {}", scenario_.target, reached.error()),
                    tls ? "a private certificate authority is named with client.tls.ca_file" : "");
  }

  ExitCode probe_pods() {
    const DirectAddresses known = direct_->known();
    if (!known.trouble().empty()) return complain(ExitCode::usage, known.trouble());
    if (known.addresses().empty()) {
      return complain(ExitCode::unreachable, fmt::format("no pod of Service {} is ready", known.service()),
                      "the run begins with at least one");
    }
    return probe(known.addresses());
  }

  ExitCode start_load() {
    if (cluster_ && options_.actions) {
      for (const auto& words : missing_rights(scenario_, *cluster_, action_namespace())) {
        std::cerr << "surgeproof: warning: " << words << "; see surgeproof print-rbac\n";
      }
    }
    writer_->write_file(kRunInfoFile, run_info_to_json(info_) + "\n");
    engine_.emplace(scenario_, anchor_, sink());
    load_start_ = now() + 500ms;  // a moment of calm: what stood there before the load belongs to the record
    if (const auto started = engine_->start(load_start_); !started) {
      return complain(ExitCode::usage, started.error());
    }
    if (direct_) direct_->feed(*engine_);
    start_actions();
    return ExitCode::pass;
  }

  [[nodiscard]] std::string action_namespace() const {
    const auto ns = cluster_choice(scenario_, options_.cluster).ns;
    if (!ns.empty()) return ns;
    return cluster_->ns.empty() ? "default" : cluster_->ns;
  }

  /// Only now: nothing is changed in the cluster before there is load.
  void start_actions() {
    if (scenario_.actions.empty()) return;
    auto requests = action_requests(scenario_, load_start_, action_namespace());
    if (!options_.actions) {
      for (const auto& r : requests) queue_.push(k8s::planned_sample(r, ActionSample::State::left_out));
      return;
    }
    actions_.emplace(std::move(requests), anchor_, sink(), [this](const k8s::ActionRequest& request) {
      return k8s::perform(*cluster_, request, anchor_.wall_time(now()));
    });
    actions_->start();
  }

  /// From the first request until everything is decided, or the user has had enough.
  void follow() {
    console_.emplace(options_.view, lines());
    RunTime next_flush{};
    RunTime next_judgement{};
    bool stopping = false;
    bool announced = audience_.url().empty();
    while (true) {
      pump();
      if (InterruptGuard::count() > 0 && !stopping) {
        stopping = interrupted_ = true;
        engine_->request_stop();
        if (!console_->is_live()) {
          std::cerr << "surgeproof: interrupted; waiting up to " << format_duration(scenario_.client.timeout)
                    << " for answers that are under way (twice more ends at once)\n";
        }
      }
      const bool load_over = engine_->wait_for(100ms);
      if (actions_ && (load_over || stopping)) actions_->end();
      console_->tick();
      const RunTime t = now();
      if (t >= next_flush) {  // on its own: judging a long run comes less often
        writer_->flush();
        next_flush = t + 1s;
      }
      if (t >= next_judgement) {
        pump();
        const Timeline& timeline = builder_.build(t, false);
        verdict_ = judge(scenario_, timeline);
        feed_.add({t - load_start_, load_start_, state(load_over, stopping), engine_->live(),
                   watcher_ ? watcher_->live() : k8s::LiveState{}, &*verdict_});
        audience_.show(feed_.view(), [&] {
          return reports::build_report(info_, scenario_, timeline, *verdict_, loaded_.redacted_text);
        });
        if (!announced) announce_live_page(console_->is_live());
        announced = true;
        // Judging and showing may take at most a twentieth of the time, however long the run has become.
        next_judgement = now() + std::max<RunTime>(1s, (now() - t) * 20);
        console_->show(feed_.view(), t);
        const bool blind = scenario_.watch.empty() && scenario_.signals.empty() && wanted_logs(scenario_).empty();
        const bool acting = actions_ && !actions_->finished();
        const bool seen_enough = blind || all_decided(*verdict_) || past_last_deadline(t);
        if (load_over && (stopping || (seen_enough && !acting))) break;
      }
    }
    console_.reset();
  }

  /// Where progress is told: a document on standard output stays whole, and with --quiet nothing but the result is
  /// there.
  [[nodiscard]] std::ostream& lines() const {
    return options_.print == "console" && options_.view != View::quiet ? std::cout : std::cerr;
  }

  void announce_live_page(bool on_screen) {
    if (!on_screen) lines() << "Live       " << audience_.url() << std::endl;
    feed_.add_hint(audience_.url());
  }

  [[nodiscard]] std::string state(bool load_over, bool stopping) const {
    if (stopping) return "interrupted: waiting for answers (twice more ends at once)";
    if (!load_over) return "running";
    return "load is over: watching until every criterion is decided";
  }

  /// No criterion can want more time than the longest scale-down deadline after the load; a minute more for a late one.
  [[nodiscard]] bool past_last_deadline(RunTime t) const {
    RunTime longest{};
    for (const auto& c : scenario_.criteria) {
      if (const auto* down = std::get_if<ScaleDownCriterion>(&c.rule)) longest = std::max(longest, down->within);
      if (const auto* up = std::get_if<ScaleUpCriterion>(&c.rule)) longest = std::max(longest, up->within);
      if (const auto* e = std::get_if<EventuallyCriterion>(&c.rule)) longest = std::max(longest, e->within);
    }
    return t > load_start_ + feed_.view().total + scenario_.client.timeout + longest + 1min;
  }

  void pump() {
    for (auto& record : queue_.take_all()) {
      writer_->write(record);
      if (const auto* action = std::get_if<ActionSample>(&record)) tell(*action);
      feed_.hear(record);
      builder_.add(std::move(record));
    }
  }

  void tell(const ActionSample& action) {
    using State = ActionSample::State;
    feed_.add(action);
    const bool well = action.state == State::done;
    const bool is_news =
        action.state != State::planned && action.state != State::begun && action.state != State::left_out;
    if (!is_news || (console_ && console_->is_live()) || (well && options_.view == View::quiet)) return;
    (well && options_.print == "console" ? std::cout : std::cerr)
        << (well ? "" : "surgeproof: warning: ") << "action " << action.name << ' ' << words_of(action) << std::endl;
  }

  ExitCode conclude() {
    engine_->join();
    if (actions_) actions_->stop();
    if (watcher_) watcher_->stop();
    if (signals_) signals_->stop();
    pump();
    const RunTime end = now();
    writer_->finish(end);
    const Timeline& timeline = builder_.build(end, true);
    Verdict verdict = judge(scenario_, timeline);
    const std::string recording_error = writer_->error();
    if (!recording_error.empty()) note_lost_recording(verdict, recording_error, end);
    auto report = reports::build_report(info_, scenario_, timeline, verdict, loaded_.redacted_text);
    const auto errors = write_outputs(report, writer_->path());
    for (const auto& e : errors) std::cerr << "surgeproof: " << e << '\n';
    if (!errors.empty() && recording_error.empty()) {
      note_lost_recording(verdict, errors.front(), end);
      report = reports::build_report(info_, scenario_, timeline, verdict, loaded_.redacted_text);
      write_outputs(report, writer_->path());  // the files that can be written must say the same as the exit code
    }
    print_report(report, writer_->path(), options_.print);
    const std::string place = options_.audience.report_url.empty() ? (writer_->path() / "report.html").string()
                                                                   : options_.audience.report_url;
    const int interrupts = InterruptGuard::count();
    for (const auto& e : audience_.conclude(report, place, [&] { return InterruptGuard::count() > interrupts; })) {
      std::cerr << "surgeproof: warning: " << e << '\n';
    }
    if (interrupted_) return ExitCode::interrupted;
    return static_cast<ExitCode>(verdict.exit_code());
  }

  /// The judgement itself was made from memory and holds, but nobody can check it afterwards.
  void note_lost_recording(Verdict& verdict, const std::string& error, RunTime end) {
    Finding f;
    f.id = "recording";
    f.title = "the recording is whole";
    f.status = Status::inconclusive;
    f.reason = "recording_lost";
    f.sentence = fmt::format(
        "The recording is not whole: {}. The verdict comes from memory and cannot be checked again.", error);
    f.evidence = {RunTime{}, end};
    verdict.health.push_back(std::move(f));
    if (verdict.status == Status::pass) verdict.status = Status::inconclusive;
    info_.notes.push_back(error);
  }

  const LoadedScenario& loaded_;
  const Scenario& scenario_;
  const SessionOptions& options_;
  ClockAnchor anchor_;
  RunInfo info_;
  RecordQueue queue_;
  TimelineBuilder builder_;
  LiveFeed feed_;
  Audience audience_;
  std::optional<RunDirectoryWriter> writer_;
  std::optional<Verdict> verdict_;
  RunTime load_start_{};
  std::optional<LiveConsole> console_;
  std::optional<k8s::ClusterConfig> cluster_;  ///< for actions
  bool interrupted_ = false;
  std::optional<DirectFeed> direct_;
  // Last: their threads use the queue and must end first, and the watcher's uses the engine.
  std::optional<k8s::SignalPoller> signals_;
  std::optional<loadgen::Engine> engine_;
  std::optional<k8s::Watcher> watcher_;
  std::optional<k8s::ActionRunner> actions_;
};

}  // namespace

ExitCode run_session(const LoadedScenario& loaded, const SessionOptions& options) {
  const InterruptGuard guard;
  return Session{loaded, options}.run();
}

}  // namespace surgeproof
