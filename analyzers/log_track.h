// What the logs of some pods said, and when they could not be read. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzers/criteria/criteria.h"
#include "base/run_time.h"

namespace surgeproof {

struct LogLine;
struct WatchGap;

/// "pods/log", or "pods/log app=backend": the WatchState::resource of the logs of some pods.
std::string log_resource(const LogScope& scope);

class LogTrack {
 public:
  LogTrack(const Facts& facts, const LogScope& scope) : facts_(facts), scope_(scope) {}

  /// Records of lines with the text that were read within, by time.
  [[nodiscard]] std::vector<const LogLine*> lines(const LogText& text, Interval span) const;
  /// At least one log was read by `t`.
  [[nodiscard]] bool read_by(RunTime t) const;
  /// A span within in which one of the logs could not be read; null when there is none.
  [[nodiscard]] const WatchGap* gap_in(Interval span) const;

 private:
  [[nodiscard]] bool is_here(std::string_view ns) const { return scope_.ns.empty() || scope_.ns == ns; }

  const Facts& facts_;
  const LogScope& scope_;
};

/// The lines that records stand for.
std::uint64_t count_lines(const std::vector<const LogLine*>& lines);

/// `backend-5d8f-abc/app wrote: "…"` of the first line that was kept in words.
std::string first_words(const std::vector<const LogLine*>& lines);

/// Inconclusive: logs could not be read in the gap. `so_far` is a clause.
Finding with_log_gap(Finding&& f, const WatchGap& gap, const std::string& so_far);
/// Inconclusive: no log was read at all. `over`: what might still be read is too late to count.
Finding without_logs(Finding&& f, const Timeline& timeline, const LogScope& scope, bool over);

}  // namespace surgeproof
