// Past runs at a glance: grouped by scenario, with trends. Built from each run's verdict.json alone. Pure.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::reports {

/// One run directory. What its verdict.json does not say is empty.
struct PastRun {
  std::string directory;     ///< its name, below the one that is listed
  std::string name;          ///< of the scenario
  std::string load_started;  ///< RFC 3339
  std::string status;        ///< "pass", "fail", "inconclusive"; empty: there is no verdict
  std::string headline;      ///< or why there is no verdict
  std::optional<std::uint64_t> planned;
  std::optional<std::uint64_t> dropped;
  std::optional<double> p99_ms;
  std::optional<double> time_to_n_s;  ///< the longest that a scale-up criterion has observed
  bool has_report = false;            ///< there is a report.html to lead to
};

/// `directory` and `has_report` are the caller's. Empty when the text is no verdict of a version that is known.
std::optional<PastRun> past_run_of(std::string_view verdict_json);

/// One figure over the runs of a scenario, oldest first.
struct Trend {
  std::string title;
  std::string last;   ///< the newest known value in words
  std::string range;  ///< "98ms to 1.2s in 14 runs"
  double top = 0;     ///< the largest value
  struct Point {
    std::size_t run = 0;  ///< index into RunGroup::runs
    double value = 0;
    double x_share = 0;  ///< 0 is the oldest run, 1 the newest
    double y_share = 0;  ///< of the largest value; 0 when that is 0
    std::string words;
  };
  std::vector<Point> points;
};

struct RunGroup {
  std::string name;
  std::vector<PastRun> runs;  ///< newest first
  std::vector<Trend> trends;  ///< p99, dropped requests, time to N: each only when it is known of two runs
};

struct RunList {
  std::string directory;
  std::size_t count = 0;
  std::size_t left_out = 0;      ///< directories beyond what is listed
  std::vector<RunGroup> groups;  ///< the one with the newest run first
};

RunList build_run_list(std::string directory, std::vector<PastRun> runs, std::size_t left_out = 0);

/// A page without any script that must run; each run leads to "run/NAME/report.html".
void write_run_list(const RunList& list, std::ostream& out);

/// A file name as one segment of a URL's path, and back (empty when `segment` is not well formed).
std::string url_segment(std::string_view name);
std::optional<std::string> name_of_segment(std::string_view segment);

}  // namespace surgeproof::reports
