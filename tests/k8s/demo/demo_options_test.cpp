#include "k8s/demo/demo_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/demo_scenario.h"

namespace surgeproof::demo {
namespace {

using testing::HasSubstr;

TEST(DemoOptions, BreaksHaveNamesThatReadBack) {
  EXPECT_EQ(break_names(),
            "max-replicas, slow-start, no-prestop, premature-ready, no-metrics, no-requests, crash, slow");
  for (const Break b : all_breaks()) EXPECT_EQ(break_from_name(name_of(b)), b);
  EXPECT_EQ(break_from_name("none"), Break::none);
  EXPECT_EQ(break_from_name("nonsense"), std::nullopt);
}

TEST(DemoOptions, EveryBreakMustFailForANamedCause) {
  EXPECT_EQ(expectation_for(Break::none).exit_code, 0);
  EXPECT_TRUE(expectation_for(Break::none).causes.empty());
  for (const Break b : all_breaks()) {
    EXPECT_EQ(expectation_for(b).exit_code, 1) << name_of(b);
    EXPECT_FALSE(expectation_for(b).causes.empty()) << name_of(b);
  }
}

TEST(DemoOptions, ScenarioFollowsTheOptions) {
  const std::string quick = scenario_text(DemoOptions::quick(), "http://127.0.0.1:4000");
  EXPECT_THAT(quick, HasSubstr("target: http://127.0.0.1:4000\n"));
  EXPECT_THAT(quick, HasSubstr("scale_up: {to: 5, within: 20s, from: surge}"));
  EXPECT_THAT(quick, HasSubstr("scale_down: {to: 2, not_before: 10s, within: 24s, from: calm}"));
  EXPECT_THAT(quick, HasSubstr("json: {title: \"task {{sequence}}\"}"));
  const std::string realistic = scenario_text(DemoOptions::realistic(), "http://127.0.0.1:4000");
  EXPECT_THAT(realistic, HasSubstr("not_before: 300s, within: 390s"));
  DemoOptions broken = DemoOptions::quick();
  apply_break(broken, Break::max_replicas);
  EXPECT_THAT(scenario_text(broken, "http://x"), HasSubstr("scale_up: {to: 5"));  // what is wanted stays
}

}  // namespace
}  // namespace surgeproof::demo
