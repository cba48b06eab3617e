// JUnit XML. The tool's own health has testcases of its own, so that an inconclusive run shows why. `failure`: the
// rule is broken; `error`: it could not be measured.
#include <map>
#include <ostream>

#include "reports/formats.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

// "2025-06-02T09:00:02": the JUnit schema in use knows neither a fraction nor a zone; the time is UTC.
constexpr std::size_t kTimestampLength = 19;

// A sick tool has broken no rule of the service: whatever its health says is an error.
enum class Kind : std::uint8_t { criteria, health };

bool is_failure(const Finding& f, Kind kind) { return f.status == Status::fail && kind == Kind::criteria; }

struct Tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
};

Tally tally(std::span<const FindingLine> lines, Kind kind) {
  Tally t;
  for (const FindingLine& line : lines) {
    ++t.tests;
    if (line.finding.status == Status::pass) continue;
    ++(is_failure(line.finding, kind) ? t.failures : t.errors);
  }
  return t;
}

std::string attributes(const Tally& t, double seconds) {
  return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="0" time="{:.3f}")", t.tests, t.failures, t.errors,
                     seconds);
}

std::string body(const Finding& f) {
  std::string text = f.sentence;
  if (!f.observed.empty()) text += fmt::format("\nobserved: {}\nlimit: {}", f.observed, f.limit);
  if (!f.margin.empty()) text += "\nmargin: " + f.margin;
  for (const Cause& c : f.causes) {
    text += "\ncause: " + c.sentence;
    if (!c.remedy.empty()) text += "\nremedy: " + c.remedy;
  }
  return text;
}

void write_case(const FindingLine& line, Kind kind, std::string_view suite, const std::string& name,
                std::ostream& out) {
  const Finding& f = line.finding;
  out << fmt::format(R"(    <testcase classname="surgeproof.{}" name="{}" time="{:.3f}")", escaped_xml(suite),
                     escaped_xml(name), std::max(0.0, line.end_s - line.begin_s));
  if (f.status == Status::pass) {
    out << "/>\n";
    return;
  }
  const std::string_view element = is_failure(f, kind) ? "failure" : "error";
  out << fmt::format(">\n      <{} type=\"{}\" message=\"{}\">{}</{}>\n    </testcase>\n", element,
                     escaped_xml(f.reason), escaped_xml(f.sentence), escaped_xml(body(f), true), element);
}

void write_suite(const Report& r, Kind kind, std::span<const FindingLine> lines, std::ostream& out) {
  const std::string suite = fmt::format("{}.{}", r.name, kind == Kind::criteria ? "criteria" : "health");
  out << fmt::format("  <testsuite name=\"{}\" {} timestamp=\"{}\">\n", escaped_xml(suite),
                     attributes(tally(lines, kind), r.end_s - r.begin_s),
                     escaped_xml(std::string_view(r.load_started).substr(0, kTimestampLength)));
  std::map<std::string, int> seen;
  for (const FindingLine& line : lines) {
    // The same rule twice in one scenario: told apart by order, or test viewers would merge them.
    const int nth = ++seen[line.finding.id];
    write_case(line, kind, suite, nth == 1 ? line.finding.id : fmt::format("{} ({})", line.finding.id, nth), out);
  }
  out << "  </testsuite>\n";
}

}  // namespace

void write_junit(const Report& r, std::ostream& out) {
  Tally all = tally(r.criteria, Kind::criteria);
  const Tally health = tally(r.health, Kind::health);
  all = {all.tests + health.tests, all.failures + health.failures, all.errors + health.errors};
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out << fmt::format("<testsuites name=\"surgeproof\" {}>\n", attributes(all, r.end_s - r.begin_s));
  write_suite(r, Kind::criteria, r.criteria, out);
  if (!r.health.empty()) write_suite(r, Kind::health, r.health, out);
  out << "</testsuites>\n";
}

}  // namespace surgeproof::reports
