#include "tests/reports/golden_file.h"
#include "tests/reports/watch_story.h"

namespace surgeproof::reports {
namespace {

struct WatchCase {
  std::string file;
  int width;
  int height;
  bool colour;
  bool ascii;
};

class WatchGolden : public testing::TestWithParam<WatchCase> {};

TEST_P(WatchGolden, IsAsItWasLookedAt) {
  WatchStory story = surge_watched();
  story.settings().ascii = GetParam().ascii;
  expect_golden(GetParam().file, story.screen(GetParam().width, GetParam().height, GetParam().colour) + "\n");
}

INSTANTIATE_TEST_SUITE_P(Sizes, WatchGolden,
                         testing::Values(WatchCase{"watch-80x24.txt", 80, 24, false, false},
                                         WatchCase{"watch-130x40.txt", 130, 40, true, false},
                                         WatchCase{"watch-ascii.txt", 80, 24, false, true},
                                         WatchCase{"watch-narrow.txt", 50, 14, false, false}),
                         [](const auto& info) {
                           std::string name = info.param.file;
                           std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace surgeproof::reports
