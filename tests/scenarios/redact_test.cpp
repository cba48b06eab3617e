#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretNames, AreTold) {
  for (const char* name : {"Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "X-Api-Key", "access_token",
                           "client_secret", "PASSWORD", "db-passwd", "X-Auth"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name : {"Accept", "title", "User-Agent", "author", "X-Request-Id", ""}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

TEST(RedactSource, ReplacesLiteralSecretsOnly) {
  struct Row {
    const char* source;
    const char* redacted;
  };
  for (const auto& [source, redacted] : {
           Row{"a: 1 # note\n", "a: 1 # note\n"},
           Row{"h: {Authorization: Bearer abc, Accept: x}", "h: {Authorization: \"***\", Accept: x}"},
           Row{"h: {Authorization: \"Bearer ${TOKEN}\"}", "h: {Authorization: \"Bearer ${TOKEN}\"}"},
           Row{"h: {Authorization: \"Bearer ${TOKEN:-abc}\"}", "h: {Authorization: \"***\"}"},
           Row{"h: {Authorization: \"abc${TOKEN}\"}", "h: {Authorization: \"***\"}"},
           Row{"Cookie: |\n  s=1\n  t=2\nb: 2\n", "Cookie: \"***\"\n\n         \nb: 2\n"},
           Row{"json: {password: hunter2, title: x}", "json: {password: \"***\", title: x}"},
           Row{"json: {tokens: [a, {b: c}], d: e}", "json: {tokens: [\"***\", {b: \"***\"}], d: e}"},
           Row{"target: http://u:p4ss@host/x", "target: \"http://u:***@host/x\""},
           Row{"target: ${T:-http://u:p4ss@host}", "target: \"${T:-http://u:***@host}\""},
           Row{"target: http://u:${P}@host", "target: http://u:${P}@host"},
           Row{"get: /x?a=1&api_key=abc&b=2", "get: \"/x?a=1&api_key=***&b=2\""},
           Row{"X: \"Bearer ${TOKEN:-}\"", "X: \"Bearer ${TOKEN:-}\""},
           Row{"X: ${TOKEN:-abc}", "X: \"${TOKEN:-***}\""},
           Row{"X: ${T:-token=abc} ${U}", "X: \"${T:-token=***} ${U}\""},
           Row{"get: /x?api_key=${K}", "get: /x?api_key=${K}"},
           Row{"body: '{\"password\": \"hunter2\", \"n\": 1}'",
               "body: \"{\\\"password\\\": \\\"***\\\", \\\"n\\\": 1}\""},
           Row{"body: user=a&password=hunter2", "body: \"user=a&password=***\""},
           Row{"body: 'x Authorization: Bearer abc'", "body: \"x Authorization: ***\""},
           Row{"signals: {sessions: {prometheus: \"sum(x)\", every: 5s}}",
               "signals: {sessions: {prometheus: \"sum(x)\", every: 5s}}"},
           Row{"criteria: [{signal: {token_errors: {max: 3}}}]", "criteria: [{signal: {token_errors: {max: 3}}}]"},
           Row{"requests: [{json: {signal: {token: abc}}}]", "requests: [{json: {signal: {token: \"***\"}}}]"},
           Row{"prometheus: {token: abc}", "prometheus: {token: \"***\"}"},
           Row{"criteria: [{logs: {absent: [\"password=\", \"token=abc\"]}}]",
               "criteria: [{logs: {absent: [\"password=\", \"token=***\"]}}]"},
           Row{"# Authorization: Bearer abc\na: 1\n", "# ***\na: 1\n"},
           Row{"a: [\"ERROR\", \"password=\"]", "a: [\"ERROR\", \"password=\"]"},
           Row{"x: &s {token: abc}\ny: *s\n", "x: &s {token: \"***\"}\ny: *s\n"},
           Row{"\xEF\xBB\xBFtoken: abc", "token: \"***\""},
           Row{"a: [", ""},
       }) {
    EXPECT_EQ(redact_source(source), redacted) << source;
  }
}

TEST(RedactSource, KeepsTheNumbersOfLines) {
  for (const std::string text :
       {"a: {Cookie: |\n", "t: {token: \"a\n  b\", x: 1}\ny: 2\n", "token: >-\n  a\n  b\n\ny: 2\n",
        "token: a\n  b # c\ny: 2\n", "- token: a\n    b\n  y: 2\n", "# token: x\r\ny: 2\n"}) {
    const auto redacted = showable_source(text);
    EXPECT_EQ(std::count(redacted.begin(), redacted.end(), '\n'), std::count(text.begin(), text.end(), '\n')) << text;
    const auto before = parse_yaml(text, "f");
    const auto after = parse_yaml(redacted, "f");
    EXPECT_EQ(before.has_value(), after.has_value()) << redacted;
    if (before && after && before->find("y") != nullptr) EXPECT_EQ(before->find("y")->line, after->find("y")->line);
  }
}

TEST(ShowableSource, AlsoOfWhatIsNotYaml) {
  EXPECT_EQ(showable_source("a: [\nAuthorization: Bearer abc\nt: http://u:p@h\n"),
            "a: [\nAuthorization: ***\nt: http://u:***@h\n");
}

constexpr const char* kWithSecrets = R"(# password: c0mment
target: ${TARGET}
watch: {hpa: "${HPA}"}
client:
  headers:
    Authorization: Bearer ${TOKEN}
    X-Api-Key: l1teral
    X-Plain: ${PLAIN}
requests:
  - post: /login?session=${TOKEN}
    json: {user: "${USER}", password: l1teral, n: "${N}"}
load:
  - {name: base, hold: 20/s, for: 1m}
  - {name: peak, hold: "${RATE:-400/s}", for: 2m}
  - {name: after, ramp: 20/s, over: 90s}
criteria:
  - scale_up: {to: 3, within: "${WITHIN}", from: peak + 10s}
  - latency: {p99: 1s, during: peak}
)";

ParseOptions with_secrets() {
  auto options = with_environment({{"TARGET", "http://10.0.0.1:8080"},
                                   {"HPA", "web"},
                                   {"TOKEN", "s3cret"},
                                   {"PLAIN", "s3cret"},
                                   {"USER", "s3cret"},
                                   {"N", "s3cret"},
                                   {"WITHIN", "60s"}});
  options.load_scale = 1.5;
  options.time_scale = 0.5;
  return options;
}

TEST(ResolvedScenarioText, HoldsNoSecretAndParsesToTheSameLoadAndCriteria) {
  const auto original = parse_scenario(kWithSecrets, "spike.yaml", with_secrets());
  ASSERT_TRUE(original) << format_diagnostic(original.error()[0]);
  const auto text = resolved_scenario_text(kWithSecrets, "spike.yaml", with_secrets());
  for (const char* secret : {"s3cret", "l1teral", "c0mment"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  EXPECT_THAT(text, HasSubstr("Bearer ${TOKEN}"));

  ParseOptions lenient;
  lenient.missing_variable_is_error = false;
  const auto again = parse_scenario(text, "run/scenario.yaml", lenient);
  ASSERT_TRUE(again) << format_diagnostic(again.error()[0]) << "\n" << text;
  EXPECT_EQ(again->name, "spike");
  EXPECT_EQ(again->target, "http://10.0.0.1:8080");
  EXPECT_EQ(again->watch[0].hpa, "web");
  ASSERT_EQ(again->load.stages.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again->load.stages[i].rate, original->load.stages[i].rate) << i;
    EXPECT_EQ(again->load.stages[i].duration, original->load.stages[i].duration) << i;
    EXPECT_EQ(again->load.stages[i].name, original->load.stages[i].name) << i;
  }
  EXPECT_EQ(again->load.stages[1].rate, Rate{600});
  EXPECT_EQ(again->load.stages[2].duration, 45s);
  const auto& up = std::get<ScaleUpCriterion>(again->criteria[0].rule);
  EXPECT_EQ(up.within, 60s);
  EXPECT_EQ(up.from->offset, 5s);
  // What is stored is stable: resolving it again changes nothing.
  EXPECT_EQ(resolved_scenario_text(text, "run/scenario.yaml", lenient), text);
}

TEST(ResolvedScenarioText, AddsTargetAndNameInTheStyleOfTheRoot) {
  ParseOptions options;
  options.target = "http://h:1";
  for (const char* text :
       {"load: [{hold: 1/s, for: 1s}]\n", "{load: [{hold: 1/s, for: 1s}]}", "# c\n\n  load: [{hold: 1/s, for: 1s}]\n",
        "---\nload: [{hold: 1/s, for: 1s}]\n", "load: [{hold: 1/s, for: 1s}]\n...\n",
        "load: [{hold: 1/s, for: 1s}]\nrequests: [{post: /, body: x}]\nclient:\n  headers:\n    A: |-\n      x",
        "\"load\": [{hold: 1/s, for: 1s}]\n"}) {
    const auto resolved = resolved_scenario_text(text, "a ${b}.yaml", options);
    const auto s = parse_scenario(resolved, "x");
    ASSERT_TRUE(s) << resolved << format_diagnostic(s.error()[0]);
    EXPECT_EQ(s->target, "http://h:1");
    EXPECT_EQ(s->name, "a ${b}");
    const auto as_it_was = parse_scenario(text, "x", options);
    const bool ended = std::string_view{text}.ends_with("...\n");
    if (!ended) EXPECT_EQ(s->load.stages[0].place.line, as_it_was->load.stages[0].place.line);
  }
}

TEST(ResolvedScenarioText, AnOverriddenTargetIsNotStored) {
  ParseOptions options;
  options.target = "http://h:1";
  const auto text = resolved_scenario_text("target: http://u:p4ss@x\nload: [{hold: 1/s, for: 1s}]\n", "f", options);
  EXPECT_THAT(text, HasSubstr("http://h:1"));
  EXPECT_THAT(text, Not(HasSubstr("p4ss")));
}

TEST(ResolvedScenarioText, OfAMistakeIsEmpty) { EXPECT_EQ(resolved_scenario_text("a: 1", "f"), ""); }

TEST(RedactSource, StillParsesGivenTheEnvironment) {
  auto options = with_secrets();
  const auto s = parse_scenario(redact_source(kWithSecrets), "f", options);
  ASSERT_TRUE(s) << format_diagnostic(s.error()[0]);
  EXPECT_EQ(s->client.headers[0].second, "Bearer s3cret");
}

}  // namespace
}  // namespace surgeproof
