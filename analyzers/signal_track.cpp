#include "analyzers/signal_track.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzers/timeline.h"
#include "base/duration.h"

namespace surgeproof {

using std::chrono::seconds;

std::string signal_resource(std::string_view signal) { return "signals/" + std::string(signal); }

SignalTrack::SignalTrack(const Facts& facts, std::string_view signal) : facts_(facts), name_(signal) {
  constexpr RunTime kTransport = seconds{1};
  RunTime every = Signal{}.every;
  for (const Signal& s : facts.scenario.signals) {
    if (s.name == signal) every = s.every;
  }
  longest_silence_ = 2 * every + kTransport;
  for (const SignalSample& s : facts.timeline.signals) {
    if (s.name == signal && s.observed <= facts.timeline.end) samples_.push_back(&s);
  }
}

std::vector<const SignalSample*> SignalTrack::within(Interval span) const {
  std::vector<const SignalSample*> found;
  for (const SignalSample* s : samples_) {
    if (s->asked >= span.begin && s->observed <= span.end) found.push_back(s);
  }
  return found;
}

const SignalSample* SignalTrack::at(RunTime t) const {
  const SignalSample* last = nullptr;
  for (const SignalSample* s : samples_) {
    if (s->observed <= t) last = s;
  }
  return last != nullptr && t - last->observed <= longest_silence_ ? last : nullptr;
}

// The longest stretch without a sample, and where it begins.
RunTime SignalTrack::hole_from(Interval span, RunTime& begin) const {
  RunTime longest{};
  RunTime from = span.begin;
  const auto look = [&](RunTime until) {
    if (until - from <= longest) return;
    longest = until - from;
    begin = from;
  };
  for (const SignalSample* s : samples_) {
    if (s->observed <= span.begin) continue;
    if (s->asked >= span.end) break;
    look(s->asked);
    from = std::max(from, s->observed);
  }
  look(span.end);
  return longest;
}

std::string SignalTrack::unknown_in(Interval span) const {
  const Interval known{span.begin, std::min(span.end, facts_.timeline.end)};
  if (const WatchGap* gap = facts_.timeline.gap_in(signal_resource(name_), known)) {
    const RunTime length = std::min(gap->interval.end, known.end) - std::max(gap->interval.begin, known.begin);
    return fmt::format("{} was not known for {} ({})", name_, format_duration(length),
                       gap->message.empty() ? "the server was not asked yet" : gap->message);
  }
  RunTime begin{};
  const RunTime hole = hole_from(known, begin);
  if (hole <= longest_silence_) return {};
  return fmt::format("{} was not known for {} (no answer came from the server in time)", name_, format_duration(hole));
}

}  // namespace surgeproof
