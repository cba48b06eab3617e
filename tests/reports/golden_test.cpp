#include <gtest/gtest.h>

#include <locale>
#include <sstream>

#include "reports/chat.h"
#include "reports/formats.h"
#include "reports/metrics.h"
#include "tests/reports/golden_file.h"
#include "tests/reports/surge_run.h"

namespace surgeproof::reports {
namespace {

using Writer = void (*)(const Report&, std::ostream&);

// What lies between <style> or <script> tags is not ours to compare: libraries, and data that the browser test reads.
std::string without_scripts(std::string text) {
  for (const std::string tag : {"style", "script"}) {
    for (std::size_t at = 0; (at = text.find("<" + tag, at)) != std::string::npos;) {
      const std::size_t body = text.find('>', at) + 1;
      const std::size_t end = text.find("</" + tag + ">", body);
      text.replace(body, end - body, "…");
      at = body;
    }
  }
  return text;
}

std::string written(const Report& report, Writer write) {
  std::ostringstream out;
  write(report, out);
  return out.str();
}

void write_console_wide(const Report& report, std::ostream& out) { write_console(report, out, {true, 120}); }
void write_chat(const Report& report, std::ostream& out) {
  out << chat_message(report, "https://ci.example.com/42?a=b&c") << '\n';
}
void write_html_body(const Report& report, std::ostream& out) { out << without_scripts(written(report, &write_html)); }

const Report& surge_report() {
  static const Report report = report_of(surge_run());
  return report;
}

/// With a log of decisions, which only the page unfolds.
const Report& decided_report() {
  static const Report report = with_decisions(surge_report());
  return report;
}

const Report& empty_report() {
  static const Report report = report_of(empty_run());
  return report;
}

const Report& watched_report() {
  static const Report report = report_of(watched_run());
  return report;
}

/// The same run while it goes on: two criteria are not decided yet.
const Report& running_report() {
  static const Report report = [] {
    Report r = report_of(surge_run());
    r.going_on = true;
    for (std::size_t i = 0; i < 2; ++i) r.criteria[i].finding.decided = false;
    return r;
  }();
  return report;
}

struct Case {
  std::string file;
  const Report& (*report)();
  Writer write;
};

class Golden : public testing::TestWithParam<Case> {};

TEST_P(Golden, IsAsItWasLookedAt) { expect_golden(GetParam().file, written(GetParam().report(), GetParam().write)); }

INSTANTIATE_TEST_SUITE_P(
    Formats, Golden,
    testing::Values(
        Case{"surge.console.txt", &surge_report, &write_console},
        Case{"surge.console-wide.txt", &surge_report, &write_console_wide},
        Case{"surge.verdict.json", &surge_report, &write_json}, Case{"surge.junit.xml", &surge_report, &write_junit},
        Case{"surge.md", &surge_report, &write_markdown}, Case{"surge.html", &decided_report, &write_html_body},
        Case{"empty.console.txt", &empty_report, &write_console},
        Case{"empty.verdict.json", &empty_report, &write_json}, Case{"empty.junit.xml", &empty_report, &write_junit},
        Case{"empty.md", &empty_report, &write_markdown}, Case{"empty.html", &empty_report, &write_html_body},
        Case{"surge.prom", &surge_report, &write_prometheus}, Case{"surge.github.txt", &surge_report, &write_github},
        Case{"empty.github.txt", &empty_report, &write_github}, Case{"empty.prom", &empty_report, &write_prometheus},
        Case{"surge.chat.json", &surge_report, &write_chat},
        Case{"surge.running.html", &running_report, &write_html_body},
        Case{"watched.console.txt", &watched_report, &write_console},
        Case{"watched.md", &watched_report, &write_markdown}, Case{"watched.html", &watched_report, &write_html_body}),
    [](const auto& info) {
      std::string name = info.param.file;
      std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
      return name;
    });

// Decimal commas and grouped digits, as a German locale has.
class German : public std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Formats, DoNotDependOnTheLocale) {
  const Report& report = surge_report();
  for (const Format& format : formats()) {
    const std::string before = written(report, format.write);
    const std::locale old = std::locale::global(std::locale(std::locale::classic(), new German));
    const std::string after = written(report, format.write);
    std::locale::global(old);
    EXPECT_EQ(before, after) << format.name;
  }
}

TEST(Formats, FitEightyColumnsOnAConsole) {
  for (const int width : {76, 80, 120}) {
    std::ostringstream out;
    write_console(surge_report(), out, {false, width});
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
      EXPECT_LE(columns, width) << line;
    }
  }
}

TEST(Formats, PassNoControlCharacterOn) {
  for (const Format& format : formats()) {
    EXPECT_EQ(written(surge_report(), format.write).find('\x1b'), std::string::npos) << format.name;
  }
}

TEST(Formats, AreFoundByName) {
  ASSERT_NE(find_format("junit"), nullptr);
  EXPECT_EQ(find_format("junit")->file_name, "junit.xml");
  EXPECT_EQ(find_format("yaml"), nullptr);
}

TEST(Html, OnlyAPageThatFollowsItsRunAsksForAnything) {
  const std::string over = written(surge_report(), &write_html);
  const std::string running = written(running_report(), &write_html);
  EXPECT_EQ(over.find("connect-src"), std::string::npos);
  EXPECT_NE(running.find("connect-src 'self'"), std::string::npos);
  EXPECT_NE(running.find("EventSource"), std::string::npos);
}

TEST(Html, StaysBelowTwoMegabytesForHalfAnHour) {
  const std::string html = written(report_of(long_run()), &write_html);
  EXPECT_LT(html.size(), 2'000'000u);
  EXPECT_GT(html.size(), 100'000u);
}

TEST(Html, NamesNoOtherPlaceAndKeepsTheLicence) {
  const std::string html = written(surge_report(), &write_html);
  for (const char* reference : {" src=", "<link", "@import", "url(", "fetch("}) {
    EXPECT_EQ(html.find(reference), std::string::npos) << reference;
  }
  EXPECT_NE(html.find("Permission is hereby granted, free of charge"), std::string::npos);
  EXPECT_EQ(html.find("<script>alert("), std::string::npos);
}

}  // namespace
}  // namespace surgeproof::reports
