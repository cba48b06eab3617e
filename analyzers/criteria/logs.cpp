// Texts that no line of some pods' logs may hold, and texts that some line must.
//
// A line with an absent text decides at once. That there was none, or that a present one never came, is proven only
// where all logs of the pods could be read throughout.
#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/log_track.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

constexpr RunTime kDelivery = std::chrono::seconds{2};  // of a line, from its writing to the record

void put_lines(Finding& f, std::uint64_t observed, std::uint64_t limit) {
  f.observed = plural(observed, "line");
  f.limit = plural(limit, "line");
  f.observed_value = static_cast<double>(observed);
  f.limit_value = static_cast<double>(limit);
  f.unit = "lines";
}

struct LogsCase {
  const LogTrack& track;
  const LogsCriterion& rule;
  Interval look;
  std::string span;
};

// The absent text with a line, told in full; false when there is none.
bool put_found(const LogsCase& c, Finding& f) {
  for (const LogText& text : c.rule.absent) {
    const auto lines = c.track.lines(text, c.look);
    if (lines.empty()) continue;
    const std::uint64_t n = count_lines(lines);
    put_lines(f, n, 0);
    f.evidence = {lines.front()->observed, lines.back()->observed};
    const std::string words = first_words(lines);
    f = failed(std::move(f), "found",
               fmt::format("\"{}\" stands in {} of the logs of {} in {}{}", text.shown, plural(n, "line"),
                           describe(c.rule.scope), c.span, words.empty() ? "" : "; first " + words));
    return true;
  }
  return false;
}

// The first present text without a line; null when all came.
const LogText* missing(const LogsCase& c, std::uint64_t& fewest) {
  const LogText* first = nullptr;
  fewest = UINT64_MAX;
  for (const LogText& text : c.rule.present) {
    const std::uint64_t n = count_lines(c.track.lines(text, c.look));
    fewest = std::min(fewest, n);
    if (n == 0 && first == nullptr) first = &text;
  }
  return first;
}

std::string list(const std::vector<LogText>& texts) {
  std::string out;
  for (const LogText& text : texts) out += (out.empty() ? "\"" : ", \"") + text.shown + '"';
  return out;
}

std::string sentence_of(const LogsCase& c, const LogText* missed) {
  std::string text;
  if (!c.rule.absent.empty()) text = fmt::format("{} in no line", list(c.rule.absent));
  if (missed != nullptr) {
    text += fmt::format("{}\"{}\" in no line", text.empty() ? "" : ", ", missed->shown);
  } else if (!c.rule.present.empty()) {
    text += fmt::format("{}{} in some line", text.empty() ? "" : ", ", list(c.rule.present));
  }
  return fmt::format("{} of the logs of {} in {}", text, describe(c.rule.scope), c.span);
}

}  // namespace

Finding judge_logs(const Facts& facts, const LogsCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  const JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_span(std::move(f), t, span);
  const LogTrack track(facts, rule.scope);
  const LogsCase c{track, rule, {span.interval.begin, std::min(span.interval.end, t.end)}, span.name};
  f.evidence = c.look;
  if (put_found(c, f)) return f;

  std::uint64_t fewest = 0;
  const LogText* missed = missing(c, fewest);
  const bool only_present = rule.absent.empty();
  put_lines(f, only_present ? fewest : 0, only_present ? 1 : 0);
  const std::string sentence = sentence_of(c, missed);
  // What had to come has come, and nothing may follow that spoils it.
  if (only_present && missed == nullptr) return passed(std::move(f), "present", sentence);
  const bool delivered = t.complete || t.end >= span.interval.end + kDelivery;
  const bool over = span.state == JudgedSpan::State::settled && delivered;
  if (!track.read_by(t.end)) return without_logs(std::move(f), t, rule.scope, over);
  if (!over) return open_ended(std::move(f), t, sentence);
  if (span.blurred_by != nullptr) return with_unknown_edges(std::move(f), span, sentence);
  if (const WatchGap* gap = track.gap_in(c.look)) return with_log_gap(std::move(f), *gap, sentence);
  if (missed != nullptr) {
    put_lines(f, 0, 1);
    return failed(std::move(f), "missing", sentence);
  }
  return passed(std::move(f), rule.present.empty() ? "absent" : "as_wanted", sentence);
}

}  // namespace surgeproof
