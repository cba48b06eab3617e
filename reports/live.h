// The live view of a run on a terminal, as text. Pure: the caller fills a LiveView about once a second and puts the
// text on the screen; with or without it the run is the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/finding.h"
#include "base/records.h"
#include "reports/live_series.h"

namespace surgeproof::reports {

struct LiveStage {
  std::string name;
  std::chrono::nanoseconds begin{};  ///< since the start of the load
  std::chrono::nanoseconds end{};
};

struct LiveErrors {
  Outcome outcome{};
  std::uint64_t count = 0;  ///< so far
};

/// The last change that an HPA decided on.
struct LiveDecision {
  std::chrono::nanoseconds at{};  ///< since the start of the load
  int from = 0;
  int to = 0;
  std::string why;  ///< "cpu 171 % of 70 %"
};

struct LiveHpa {
  std::string name;
  int min_replicas = 1;
  int max_replicas = 0;
  std::optional<int> desired;  ///< HPA status
  std::optional<int> current;  ///< the target's spec.replicas
  std::optional<int> ready;
  LiveSeries desired_history{LiveSeries::Fold::last};
  LiveSeries current_history{LiveSeries::Fold::last};
  LiveSeries ready_history{LiveSeries::Fold::last};
  std::string metric = "cpu";  ///< name of the metric below
  std::optional<double> utilization_percent;
  std::optional<double> target_percent;
  LiveSeries utilization_history;
  std::optional<LiveDecision> decision;
  std::string last_message;  ///< the last event or condition that says something
};

/// Something that the scenario does to the cluster.
struct LiveAction {
  std::string name;
  std::string words;  ///< "is still to come", "was carried out: …"
  bool is_over = false;
  bool is_bad = false;  ///< it was not carried out
};

struct LiveCriterion {
  std::string id;        ///< Finding::id
  std::string title;     ///< Finding::title
  Status status{};       ///< as of now
  bool decided = false;  ///< more time cannot change it
  std::string observed;
  std::string limit;
};

struct LiveView {
  std::string name;    ///< of the scenario
  std::string target;  ///< URL
  std::string state;   ///< "connecting", "running", "waiting for scale-down", "interrupted: finishing", …
  std::chrono::nanoseconds elapsed{};  ///< since the start of the load; negative before
  std::chrono::nanoseconds total{};    ///< of the load plan
  std::vector<LiveStage> stages;

  double offered_per_second = 0;  ///< now, by the plan
  double sent_per_second = 0;     ///< over the last seconds
  double served_per_second = 0;
  LiveSeries offered_history;
  LiveSeries served_history;
  // Over the last seconds; empty without a sample.
  std::optional<std::chrono::microseconds> p50;
  std::optional<std::chrono::microseconds> p95;
  std::optional<std::chrono::microseconds> p99;
  LiveSeries p99_ms_history{LiveSeries::Fold::peak};
  std::optional<double> p99_limit_ms;                 ///< the tightest limit of a p99 criterion
  LiveSeries failed_history{LiveSeries::Fold::peak};  ///< requests a second that ended otherwise than well

  // Since the start.
  std::uint64_t planned = 0;
  std::uint64_t answered_well = 0;
  std::uint64_t dropped = 0;
  std::uint64_t unsent = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t connections = 0;
  std::vector<LiveErrors> errors;  ///< classes that occurred, most frequent first

  std::vector<LiveHpa> hpas;
  std::vector<LiveAction> actions;  ///< by the plan
  std::vector<LiveCriterion> criteria;
  std::string hint;    ///< last line: "Ctrl-C stops and still writes a report"
  bool ascii = false;  ///< no block or box characters: the locale is not UTF-8
};

/// At most `height` lines of at most `width` columns, separated by '\n', none at the end. No cursor movement: the
/// caller goes home, prints, and clears to the end of each line and of the screen. Text from outside is stripped of
/// control characters. All charts share one time axis with the progress bar: the plan's, or what has passed when that
/// is more. Made for 80x24 and more: where there is room, charts get several lines; smaller sizes lose lines from the
/// least important section, and charts below 60 columns.
std::string render_live(const LiveView& view, int width, int height, bool colour);

/// One line without its end, to be printed every few seconds where there is no terminal:
/// "t=42s/300s stage=surge offered=400/s served=398/s p50=12ms p99=210ms dropped=0 errors=3 todo=2/4/5 cpu=91%/70%"
/// (replicas as ready/current/desired). Keys are stable, values hold no blanks.
std::string render_plain_line(const LiveView& view);

/// What has happened between two moments and is worth a line of its own there: an HPA's decision, a criterion decided.
/// "t=75s hpa=todo desired=2->5 why=\"cpu 171 % of 70 %\"", "t=107s criterion=\"scale_up todo\" status=pass
/// observed=\"47s\" limit=\"60s\"".
std::vector<std::string> render_plain_news(const LiveView& before, const LiveView& now);

}  // namespace surgeproof::reports
