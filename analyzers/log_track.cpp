#include "analyzers/log_track.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analyzers/criteria/outcome.h"
#include "analyzers/timeline.h"
#include "base/duration.h"

namespace surgeproof {

std::string log_resource(const LogScope& scope) { return scope.pods.empty() ? "pods/log" : "pods/log " + scope.pods; }

std::vector<const LogLine*> LogTrack::lines(const LogText& text, Interval span) const {
  std::vector<const LogLine*> found;
  for (const LogLine& line : facts_.timeline.log_lines) {
    const bool wanted = line.pattern == text.shown && line.selector == scope_.pods && is_here(line.ns);
    if (wanted && span.contains(line.observed)) found.push_back(&line);
  }
  return found;
}

bool LogTrack::read_by(RunTime t) const {
  return std::ranges::any_of(facts_.timeline.watch_states, [&](const WatchState& s) {
    // A message says that there was no pod to read from.
    return s.at <= t && s.kind == WatchState::Kind::synced && s.message.empty() && s.resource == log_resource(scope_) &&
           is_here(s.ns);
  });
}

const WatchGap* LogTrack::gap_in(Interval span) const {
  // Which pods there are must be known, too.
  const std::string listed = scope_.pods.empty() ? "pods" : "logged pods " + scope_.pods;
  for (const WatchGap& gap : facts_.timeline.gaps) {
    const bool within = gap.interval.begin <= span.end && gap.interval.end > span.begin;
    const bool ours = gap.resource == log_resource(scope_) || gap.resource == listed;
    if (within && ours && is_here(gap.ns)) return &gap;
  }
  return nullptr;
}

std::uint64_t count_lines(const std::vector<const LogLine*>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const LogLine* line) { return sum + line->count; });
}

std::string first_words(const std::vector<const LogLine*>& lines) {
  const auto it = std::ranges::find_if(lines, [](const LogLine* line) { return !line->line.empty(); });
  if (it == lines.end()) return "";
  return fmt::format("{}/{} wrote: {}", (*it)->pod, (*it)->container, (*it)->line);
}

Finding with_log_gap(Finding&& f, const WatchGap& gap, const std::string& so_far) {
  const std::string why = gap.message.empty() ? "" : " (" + gap.message + ")";
  return inconclusive(
      std::move(f), "log_gap",
      fmt::format("{}, but not every log could be read for {}{}", so_far, format_duration(gap.interval.length()), why));
}

Finding without_logs(Finding&& f, const Timeline& timeline, const LogScope& scope, bool over) {
  const std::string sentence = fmt::format("no log of {} was read", describe(scope));
  if (!over && !timeline.complete) return open_ended(std::move(f), timeline, sentence + " yet");
  return inconclusive(std::move(f), "no_logs", sentence + ", and nothing is no proof");
}

}  // namespace surgeproof
