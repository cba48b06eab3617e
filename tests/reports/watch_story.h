// An hour of an HPA's life as records, for the screen of `surgeproof watch`.
#pragma once

#include <chrono>
#include <string>

#include "reports/narration.h"
#include "reports/watch_feed.h"

namespace surgeproof::reports {

class WatchStory {
 public:
  WatchStory();

  /// Up to this moment a second passes at a time.
  WatchStory& until(std::chrono::seconds t);
  /// What was recorded now.
  WatchStory& hear(const Record& record);
  /// The cluster is known; from here on changes are told.
  WatchStory& begin();

  WatchStory& hpa(int desired, std::optional<int> cpu_percent, std::vector<Condition> conditions = fine());
  WatchStory& pod(const std::string& name, bool ready, const std::string& waiting = "", const std::string& node = "n1");
  WatchStory& ending(const std::string& name);
  WatchStory& gone(const std::string& name);
  WatchStory& seen(const std::string& resource, WatchState::Kind kind, const std::string& message = "");

  static std::vector<Condition> fine();
  static std::vector<Condition> at_max();

  [[nodiscard]] std::string screen(int width, int height, bool colour = false);
  [[nodiscard]] WatchView& settings() { return feed_.settings(); }

  HpaSample last_hpa;  ///< as hpa() will send it, but for what that sets

 private:
  PodSample pod_sample(const std::string& name) const;

  std::chrono::seconds now_{};
  WatchFeed feed_;
  Narrator narrator_;
};

/// The story that the golden files tell: a surge, the maximum, a pod that does not come up, a gap, and the way back.
WatchStory surge_watched();

}  // namespace surgeproof::reports
