#include "base/quantity.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

TEST(Quantity, Milli) {
  struct Row {
    const char* text;
    std::optional<std::int64_t> milli;
  };
  for (const auto& [text, milli] : {Row{"250m", 250},
                                    Row{"1", 1000},
                                    Row{"1.5", 1500},
                                    Row{"0", 0},
                                    Row{"123456789n", 124},  // rounded away from zero
                                    Row{"-1n", -1},
                                    Row{"1u", 1},
                                    Row{"128Mi", 134217728000},
                                    Row{"1e3", 1000000},
                                    Row{"12E2", 1200000},
                                    Row{"1E-3", 1},
                                    Row{"1k", 1000000},
                                    Row{".5", 500},
                                    Row{"1Ei", INT64_MAX},
                                    Row{"0.0000000001", 1},
                                    Row{"", std::nullopt},
                                    Row{"m", std::nullopt},
                                    Row{"1x", std::nullopt},
                                    Row{"1 m", std::nullopt},
                                    Row{"1mm", std::nullopt}}) {
    EXPECT_EQ(parse_quantity_milli(text), milli) << text;
  }
}

TEST(Quantity, NanoAndWhole) {
  EXPECT_EQ(parse_quantity_nano("123456789n"), 123456789);
  EXPECT_EQ(parse_quantity_nano("250m"), 250'000'000);
  EXPECT_EQ(parse_quantity("128Mi"), 134217728);
  EXPECT_EQ(parse_quantity("1500m"), 2);
  EXPECT_EQ(parse_quantity("1E"), 1'000'000'000'000'000'000);
}

}  // namespace
}  // namespace surgeproof
