// The screen of `surgeproof watch` on a terminal.
#pragma once

#include <optional>

#include "app/terminal.h"
#include "base/run_time.h"
#include "reports/watch_feed.h"

namespace surgeproof {

/// Takes the terminal until it is gone.
class WatchScreen {
 public:
  explicit WatchScreen(reports::WatchFeed& feed) : feed_{feed} {}
  /// Several times a second: draws once a second, and at once when the terminal has another size.
  void tick(RunTime now);

 private:
  reports::WatchFeed& feed_;
  LiveScreen screen_;
  const reports::WatchView* shown_ = nullptr;
  std::optional<TerminalSize> drawn_;
  RunTime next_{};
};

}  // namespace surgeproof
