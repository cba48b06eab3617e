#include "scenarios/surges.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

Stage hold(double rate, RunTime length) { return {"", Stage::Shape::hold, Rate{rate}, length, {}}; }
Stage ramp(double rate, RunTime length) { return {"", Stage::Shape::ramp, Rate{rate}, length, {}}; }

TEST(Surges, Table) {
  struct Row {
    const char* name;
    std::vector<Stage> stages;
    std::vector<Interval> expected;
  };
  const Row rows[] = {
      {"no load", {{"", Stage::Shape::pause, {}, 10s, {}}}, {}},
      {"one rate", {hold(20, 60s)}, {{0s, 60s}}},
      {"a step", {hold(20, 60s), hold(400, 30s), hold(20, 60s)}, {{60s, 90s}}},
      {"up in steps: to the highest", {hold(20, 60s), hold(100, 30s), hold(400, 30s), hold(20, 9s)}, {{90s, 120s}}},
      {"a ramp leads there", {hold(20, 60s), ramp(400, 10s), hold(400, 30s), ramp(20, 9s)}, {{60s, 100s}}},
      {"two", {hold(20, 10s), hold(400, 10s), hold(20, 10s), hold(300, 10s), hold(20, 10s)}, {{10s, 20s}, {30s, 40s}}},
      {"half is a fall", {hold(400, 10s), hold(200, 10s), hold(400, 10s)}, {{0s, 10s}, {20s, 30s}}},
      {"a little more than half is none", {hold(400, 10s), hold(201, 10s), hold(400, 10s)}, {{0s, 30s}}},
      {"twice the lowest is a rise", {hold(400, 10s), hold(20, 10s), hold(40, 10s)}, {{0s, 10s}, {20s, 30s}}},
      {"less is none", {hold(400, 10s), hold(20, 10s), hold(39, 10s)}, {{0s, 10s}}},
  };
  for (const Row& row : rows) {
    Load load;
    load.stages = row.stages;
    EXPECT_EQ(surges_of(load), row.expected) << row.name;
  }
}

}  // namespace
}  // namespace surgeproof
