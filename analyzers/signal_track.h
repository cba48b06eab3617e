// What is known of one signal, and when it was not known. Pure.
//
//   asked ─── answered      a sample: the value is of some instant between; it counts in a span that holds both
//   ────┬────────┬────────  two samples further apart than twice the pace leave a hole: the server answered late
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/criteria/criteria.h"
#include "base/run_time.h"

namespace surgeproof {

struct SignalSample;
struct WatchGap;

/// "signals/p95_server": the WatchState::resource of a signal.
std::string signal_resource(std::string_view signal);

class SignalTrack {
 public:
  SignalTrack(const Facts& facts, std::string_view signal);

  /// The samples asked and answered within.
  [[nodiscard]] std::vector<const SignalSample*> within(Interval span) const;
  /// The last one that was answered at `t` or before, if it tells of that instant: not older than a hole.
  [[nodiscard]] const SignalSample* at(RunTime t) const;
  [[nodiscard]] const std::vector<const SignalSample*>& all() const { return samples_; }

  /// More between two samples is a hole.
  [[nodiscard]] RunTime longest_silence() const { return longest_silence_; }

  /// Why the signal was not known somewhere within, as a clause: "p95_server was not known for 30s (Connection
  /// refused)"; empty when it was known throughout.
  [[nodiscard]] std::string unknown_in(Interval span) const;

 private:
  [[nodiscard]] RunTime hole_from(Interval span, RunTime& begin) const;

  const Facts& facts_;
  std::string name_;
  RunTime longest_silence_{};
  std::vector<const SignalSample*> samples_;  // by time
};

}  // namespace surgeproof
