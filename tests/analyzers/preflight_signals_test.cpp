// What a Prometheus says before the load, against what the scenario wants to know of it.
#include "analyzers/preflight/signals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzers/preflight/preflight.h"
#include "scenarios/parse.h"

namespace surgeproof {
namespace {

using testing::HasSubstr;
using Level = Check::Level;
using Answer = SignalAsked::Outcome;

Scenario scenario_with(const std::string& criterion) {
  const auto parsed = parse_scenario(
      "target: http://127.0.0.1:1\nload: [{hold: 1/s, for: 1m}]\nprometheus: {url: \"http://127.0.0.1:9\"}\n"
      "signals: {queue: {prometheus: 'sum(queue)', every: 15s}, idle: {prometheus: 'idle', every: 15s}}\n"
      "criteria:\n  - " +
          criterion + "\n",
      "x.yaml");
  EXPECT_TRUE(parsed) << (parsed ? "" : format_diagnostic(parsed.error().front()));
  return parsed ? *parsed : Scenario{};
}

TEST(PreflightSignals, EachAnswerIsJudgedByTheCriteriaAboutIt) {
  struct Row {
    const char* name;
    const char* criterion;
    SignalAsked asked;
    Level level;
    const char* words;
  };
  const std::string within = "signal: {queue: {min: 1, max: 100}}";
  const auto value = [](double v) { return SignalAsked{"queue", Answer::value, v, ""}; };
  const std::vector<Row> rows{
      {"within", within.c_str(), value(12.5), Level::ok, "it is 12.5 now"},
      {"at the maximum", within.c_str(), value(100), Level::ok, "it is 100 now"},
      {"above", within.c_str(), value(100.5), Level::warning, "above the criterion's maximum of 100"},
      {"at the minimum", within.c_str(), value(1), Level::ok, "it is 1 now"},
      {"below", within.c_str(), value(0), Level::warning, "below the criterion's minimum of 1"},
      {"nobody judges it", "error_rate: 0%", value(1e9), Level::ok, "now"},
      {"another is judged", "signal: {idle: {max: 1}}", value(5), Level::ok, "it is 5 now"},
      {"in its unit", "signal: {queue: {max: 1s}}", value(0.25), Level::ok, "it is 250ms now"},
      {"to come", "eventually: {signal: queue, above: 0, within: 30s}", value(0), Level::ok, "it is 0 now"},
      {"already so", "eventually: {signal: queue, above: 0, within: 30s}", value(3), Level::warning,
       "already above 0: that it gets there would show nothing"},
      {"already below", "eventually: {signal: queue, below: 5, within: 30s}", value(3), Level::warning,
       "already below 5"},
      {"no series",
       within.c_str(),
       {"queue", Answer::no_series, 0, "none"},
       Level::warning,
       "gives no series now: criteria about it are inconclusive"},
      {"no series that nobody wants",
       "error_rate: 0%",
       {"queue", Answer::no_series, 0, "none"},
       Level::note,
       "gives no series now"},
      {"no number", within.c_str(), {"queue", Answer::no_number, 0, "it gives NaN"}, Level::warning, "it gives NaN: "},
      {"wrong",
       "error_rate: 0%",
       {"queue", Answer::wrong_query, 0, "parse error"},
       Level::failure,
       "the run refuses its query: parse error"},
  };
  for (const Row& row : rows) {
    const Checks checks = preflight_signals(scenario_with(row.criterion), {"http://127.0.0.1:9", {row.asked}, "", ""});
    ASSERT_EQ(checks.size(), 1u) << row.name;
    EXPECT_EQ(checks[0].id, "queue") << row.name;
    EXPECT_EQ(checks[0].level, row.level) << row.name << ": " << checks[0].sentence;
    EXPECT_THAT(checks[0].sentence, HasSubstr(row.words)) << row.name;
    const bool needs_remedy = row.level == Level::warning || row.level == Level::failure;
    EXPECT_EQ(!checks[0].remedy.empty(), needs_remedy) << row.name;
  }
}

TEST(PreflightSignals, TheServerItself) {
  const Scenario asks = scenario_with("signal: {queue: {max: 1}}");
  const Checks nowhere = preflight_signals(asks, {});
  ASSERT_EQ(nowhere.size(), 1u);
  EXPECT_EQ(preflight_exit_code(nowhere), 1) << "the run would refuse to begin";
  EXPECT_THAT(nowhere[0].remedy, HasSubstr("PROMETHEUS_URL"));
  const Checks silent = preflight_signals(asks, {"http://127.0.0.1:9", {}, "cannot ask it", "is it there?"});
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(preflight_exit_code(silent), 4) << "the run would begin, and its criterion be inconclusive";
  EXPECT_EQ(silent[0].sentence, "cannot ask it");
  EXPECT_EQ(silent[0].remedy, "is it there?");
  EXPECT_TRUE(preflight_signals(Scenario{}, {}).empty()) << "nothing is wanted";
}

}  // namespace
}  // namespace surgeproof
