#include "analyzers/samples.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

TEST(Samples, NeededForAPercentile) {
  // The least n with q^n <= 0.05, by hand: 0.99^298 = 0.0500 (just above), 0.99^299 = 0.0495.
  EXPECT_EQ(samples_needed(0.5), 5u);
  EXPECT_EQ(samples_needed(0.9), 29u);
  EXPECT_EQ(samples_needed(0.95), 59u);
  EXPECT_EQ(samples_needed(0.99), 299u);
  EXPECT_EQ(samples_needed(0.999), 2995u);
  EXPECT_EQ(samples_needed(1), 1u);
}

TEST(Samples, ChanceOfSoManyBadOnes) {
  EXPECT_DOUBLE_EQ(chance_of_at_least(0, 10, 0.1), 1);
  EXPECT_NEAR(chance_of_at_least(1, 50, 0.01), 0.39499, 1e-4);  // 1 - 0.99^50
  EXPECT_NEAR(chance_of_at_least(2, 50, 0.01), 0.08944, 1e-4);  // - 50 * 0.01 * 0.99^49
  EXPECT_NEAR(chance_of_at_least(10, 10, 0.5), 1.0 / 1024, 1e-9);
  EXPECT_DOUBLE_EQ(chance_of_at_least(11, 10, 0.5), 0);
}

}  // namespace
}  // namespace surgeproof
