// The latency of a run as an HdrHistogram interval log (format 1.3): one line a second and request name, the name as
// tag. Pure: it makes text, the run directory's writer puts it on the disk.
//
// An interval is a second of the plan; its histograms hold what was answered while that second was the newest one, so
// lines never overlap, and all lines together hold each answer once.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {

/// A request's name as a tag: "," "%", white space and control characters become %XX.
std::string hdr_tag(std::string_view request);

class IntervalLog {
 public:
  /// The header lines; times in the log count from `info.started`.
  static std::string header(const RunInfo& info);

  /// The lines of the interval that ended because this window is newer; usually empty. Latencies are microseconds from
  /// the planned instant; Interval_Max is in milliseconds.
  [[nodiscard]] std::string add(const LoadWindow& window);
  /// The lines of what has not been told yet. Nothing may be added after it.
  [[nodiscard]] std::string finish(RunTime end);

 private:
  std::string take_lines(RunTime end);

  RunTime begin_{};  // of the interval that is being gathered
  RunTime end_{};
  bool begun_ = false;
  std::map<std::string, SparseHistogram, std::less<>> by_request_;
};

}  // namespace surgeproof
