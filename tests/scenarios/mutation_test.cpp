// Thousands of damaged scenarios, the same ones on every run: each is understood or refused in words, in bounded time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "base/yaml_events.h"
#include "scenarios/plan.h"
#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

/// What a good scenario promises: everything that runs on it works.
void use(const Scenario& s) {
  ASSERT_FALSE(s.requests.empty());
  ASSERT_FALSE(s.load.stages.empty());
  for (const auto& stage : s.load.stages) {
    ASSERT_GT(stage.duration.count(), 0);
    ASSERT_GE(stage.rate.per_second, 0);
    ASSERT_LE(stage.rate.per_second, 1e7);
  }
  ASSERT_FALSE(plan_text(s, "f").empty());
}

void try_text(const std::string& text, const ParseOptions& options) {
  const auto s = parse_scenario(text, "f.yaml", options);
  const auto resolved = resolved_scenario_text(text, "f.yaml", options);
  if (s) {
    use(*s);
    ParseOptions lenient;
    lenient.missing_variable_is_error = false;
    const auto again = parse_scenario(resolved, "f.yaml", lenient);
    ASSERT_TRUE(again) << format_diagnostic(again.error()[0]);
    ASSERT_EQ(again->criteria.size(), s->criteria.size());
    return;
  }
  ASSERT_EQ(resolved, "");
  ASSERT_FALSE(s.error().empty());
  for (const auto& d : s.error()) {
    ASSERT_FALSE(d.message.empty());
    ASSERT_LT(d.message.size(), 1000u) << d.message;
    ASSERT_EQ(valid_utf8_prefix(d.message), d.message.size());
    ASSERT_EQ(valid_utf8_prefix(d.path), d.path.size());
    ASSERT_FALSE(format_diagnostic_with_source(d, text).empty());
  }
}

/// Words and marks of the format, to put into each other's places.
constexpr std::string_view kPieces[] = {
    "{",        "}",         "[",    "]",        ": ",       ",",        "- ",      "\n",         "\n  ",
    "\"",       "'",         "#",    "&a ",      "*a",       "|\n",      ">-\n",    "${",         "${A}",
    "${A:-1s}", "}}",        "{{",   "{{uuid}}", "0",        "-1",       "1e400",   "nan",        "1/s",
    "99999999", "7d",        "8d",   "0.1%",     "~",        "null",     "true",    "hpa",        "load",
    "stages",   "hold",      "ramp", "pause",    "for",      "over",     "from",    "start + 1s", "surge",
    "all",      "scaling",   "to",   "within",   "criteria", "scale_up", "latency", "requests",   "get",
    "json",     "\xC3\xA4",  "\xFF", "\t",       "\r",       "\x01",     "!!str ",  "? ",         "<<: ",
    "--- ",     "%YAML 1.2", "steps"};

std::string mutated(std::string text, std::mt19937& random) {
  const auto changes = 1 + random() % 4;
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const auto at = random() % text.size();
    const auto length = std::min<std::size_t>(random() % 12, text.size() - at);
    switch (random() % 5) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.replace(at, length, kPieces[random() % std::size(kPieces)]);
        break;
      case 2:
        text.insert(at, kPieces[random() % std::size(kPieces)]);
        break;
      case 3:
        text.insert(random() % text.size(), text.substr(at, length * 4));
        break;
      default:
        text[at] = static_cast<char>(random() % 256);
        break;
    }
  }
  return text;
}

TEST(Mutation, DamagedScenariosAreUnderstoodOrRefused) {
  auto options = with_environment({{"TOKEN", "t"}, {"A", "1s"}});
  std::mt19937 random{42};
  for (int round = 0; round < 2000; ++round) {
    options.time_scale = round % 3 == 0 ? 0.25 : 1;
    options.load_scale = round % 5 == 0 ? 3 : 1;
    const auto text = mutated(round % 2 == 0 ? kMinimal : kFull, random);
    try_text(text, options);
    if (HasFatalFailure()) FAIL() << "round " << round << "\n" << text;
    (void)redact_source(text);
  }
}

/// Each is large or nasty for its kind; what counts is that all of them together cost next to nothing.
TEST(Mutation, NastyScenariosCostLittle) {
  std::vector<std::string> texts;
  const std::string head = "target: http://h\nload: [{hold: 1/s, for: 1s}]\n";
  const auto repeated = [](std::string_view piece, std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += piece;
    return text;
  };
  texts.push_back(head + "criteria: [" + repeated("{latency: {p99: 1s, during: nowhere}}, ", 900) + "]");
  texts.push_back(head + repeated("nonsense: 1\n", 8'000));
  for (int i = 0; i < 8'000; ++i) texts.back() += "key" + std::to_string(i) + ": 1\n";
  texts.push_back(head + "name: " + std::string(1'000'000, 'x'));
  texts.push_back(head + "name: \"" + repeated("${A}", 30'000) + "\"");
  texts.push_back(head + "name: \"" + repeated("${", 100'000) + "\"");
  texts.push_back(head + "requests: [{post: /, body: \"" + repeated("{{x", 30'000) + "\"}]");
  texts.push_back(head + "requests: [{post: /, body: \"" + repeated("token=a&", 30'000) + "\"}]");
  texts.push_back(head + "requests: [{post: /, body: \"" + repeated("://a:b@", 15'000) + "\"}]");
  texts.push_back(head + "requests: [" + repeated("{get: /}, ", 900) + "]");
  texts.push_back("target: http://h\nload: [" + repeated("{hold: 1/s, for: 1s}, ", 1000) + "]");
  texts.push_back(repeated("[", 30'000));
  texts.push_back(repeated("- ", 30'000));
  texts.push_back(repeated("? ", 30'000));
  texts.push_back(repeated("{a: ", 30'000));
  texts.push_back(repeated("&a ", 30'000));
  texts.push_back(repeated("\"", 30'000));
  texts.push_back(repeated("a: |\n", 15'000));
  texts.push_back(repeated("#\n", 115'000));
  texts.push_back(std::string(1'000'000, ' ') + "a: 1");
  texts.push_back(std::string(1'000'000, 'a') + ": 1");
  const auto options = with_environment({{"A", std::string(100, 'v')}});
  for (const auto& text : texts) {
    const auto begin = std::chrono::steady_clock::now();
    try_text(text, options);
    (void)redact_source(text);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 5) << text.substr(0, 80);
  }
}

}  // namespace
}  // namespace surgeproof
