// The parts of the HTML report. Internal to reports/.
#pragma once

#include <iosfwd>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surgeproof::reports {

struct Report;

/// Names for the page's elements, so that an address can lead to one of them: lower case and dashes, each once.
class Anchors {
 public:
  /// "criterion", "latency p99 scaling" → "criterion-latency-p99-scaling"; "…-2" when that is taken.
  std::string take(std::string_view kind, std::string_view text);

 private:
  std::set<std::string> taken_;
};

/// Masthead, criteria and causes: readable without any script.
void write_html_verdict(const Report& report, std::ostream& out);
/// The same for a recording without load (watched.cpp).
void write_html_watched(const Report& report, std::ostream& out);
/// Texts that were looked for in logs.
void write_html_logs(const Report& report, std::ostream& out);
/// Everything below the charts.
void write_html_tables(const Report& report, std::ostream& out);
/// Where the time of a scale-up went; why requests failed; what the HPA decided. Nothing where there is nothing to
/// tell.
void write_html_paths(const Report& report, std::ostream& out);
void write_html_drops(const Report& report, std::ostream& out);
void write_html_decisions(const Report& report, std::ostream& out);
void write_html_scores(const Report& report, std::ostream& out);
/// `<details>` in a card; the caller writes its end.
void open_details(std::string_view title, std::string_view hint, bool open, std::ostream& out);
/// Names and values.
void write_html_pairs(const std::vector<std::pair<std::string, std::string>>& pairs, std::ostream& out);
/// What the charts draw: JSON, deflated (zlib), in base64.
std::string html_data(const Report& report);

}  // namespace surgeproof::reports
