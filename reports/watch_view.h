// The screen of `surgeproof watch`: an HPA at work, without load. Pure: the caller fills a WatchView about once a
// second and puts the text on the screen.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "reports/hpa_words.h"
#include "reports/live_decisions.h"
#include "reports/live_series.h"
#include "reports/narration.h"

namespace surgeproof::reports {

struct WatchedMetric {
  MetricStanding now;
  LiveSeries percent_of_target_history{LiveSeries::Fold::last};
};

/// A pod that is starting, ending, or in trouble.
struct WatchedPod {
  std::string name;
  std::string state;             ///< "starting", "ending", "not Ready"
  std::optional<RunTime> since;  ///< as observed; empty: it was so before the recording began
  std::string more;              ///< "ImagePullBackOff (app)", "of 30s grace"
  Ink ink = Ink::plain;
};

struct WatchedHpa {
  std::string ns;
  std::string name;
  std::string target;  ///< "Deployment/todo"; empty until the HPA was seen
  bool deleted = false;
  int min_replicas = 1;
  int max_replicas = 0;
  std::optional<int> desired;  ///< HPA status
  std::optional<int> current;  ///< pods that are not terminating
  std::optional<int> ready;    ///< of those, Ready
  LiveSeries desired_history{LiveSeries::Fold::last};
  LiveSeries current_history{LiveSeries::Fold::last};
  LiveSeries ready_history{LiveSeries::Fold::last};
  std::vector<WatchedMetric> metrics;  ///< as in spec.metrics
  std::vector<Condition> conditions;
  std::optional<LiveDecisions::Decision> decision;
  std::vector<WatchedPod> pods;  ///< those that are not simply Ready
};

struct WatchedSignal {
  std::string name;
  std::optional<double> value;
  LiveSeries history{LiveSeries::Fold::peak};
};

/// Something that cannot be seen now.
struct WatchedGap {
  std::string resource;  ///< "pods", "metrics.k8s.io/pods", "signals/queue"
  std::string message;
  RunTime since{};
};

struct WatchView {
  WallTime begun{};  ///< of RunTime 0
  RunTime now{};
  std::optional<std::chrono::nanoseconds> length;  ///< empty: until interrupted
  std::string cluster;                             ///< its server, and the context when there is one
  std::vector<WatchedHpa> hpas;
  std::vector<WatchedSignal> signals;
  std::vector<WatchedGap> gaps;
  std::vector<Told> news;  ///< the oldest first
  std::string hint;        ///< last line
  bool ascii = false;      ///< no block or box characters: the locale is not UTF-8
};

/// How much time the charts show at most; no more of the histories need be kept.
inline constexpr std::chrono::minutes kWatchWindow{10};

/// At most `height` lines of at most `width` columns, as render_live(). Charts show the last ten minutes, less at the
/// beginning. Made for 80x24 and more: what is left over goes to charts and to the latest news.
std::string render_watch(const WatchView& view, int width, int height, bool colour);

}  // namespace surgeproof::reports
