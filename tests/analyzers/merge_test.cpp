// Stable order in place, and new records among old ones.
#include "analyzers/merge.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace surgeproof {
namespace {

/// A key, and when it came. Moves only: an element that is copied or lost shows.
struct Item {
  int key = 0;
  std::unique_ptr<int> came;
};

bool before(const Item& a, const Item& b) { return a.key < b.key; }

std::vector<Item> items(const std::vector<int>& keys, int first = 0) {
  std::vector<Item> all;
  for (const int key : keys) all.push_back({key, std::make_unique<int>(first++)});
  return all;
}

std::vector<std::pair<int, int>> shown(const std::vector<Item>& all) {
  std::vector<std::pair<int, int>> out;
  for (const Item& i : all) out.emplace_back(i.key, i.came ? *i.came : -1);
  return out;
}

TEST(Merge, SortsStablyInPlace) {
  std::mt19937 random{7};
  for (std::size_t size = 0; size < 60; ++size) {
    std::vector<int> keys(size);
    for (int& key : keys) key = static_cast<int>(random() % 9);
    auto expected = shown(items(keys));
    std::sort(expected.begin(), expected.end());  // by key, then by arrival
    auto sorted = items(keys);
    sort_stably(sorted, before);
    EXPECT_EQ(shown(sorted), expected) << size;
  }
}

TEST(Merge, SortsWhatIsNearlyInOrderAndWhatIsNot) {
  std::mt19937 random{7};
  for (const int late : {0, 1, 5, 300, 5000}) {  // the last two cost more than insertion may
    std::vector<int> values(3000);
    for (int i = 0; i < 3000; ++i) values[static_cast<std::size_t>(i)] = i - static_cast<int>(random() % (late + 1u));
    auto expected = values;
    std::sort(expected.begin(), expected.end());
    sort_nearly_sorted(values.begin(), values.end(), std::less<>{});
    EXPECT_EQ(values, expected) << late;
  }
  std::vector<int> down{3, 2, 1};
  sort_nearly_sorted(down.begin(), down.end(), std::less<>{});
  EXPECT_EQ(down, (std::vector{1, 2, 3}));
}

TEST(Merge, TakesTheFirstAsTheyAre) {
  std::vector<Item> sorted;
  auto fresh = items({3, 1, 3, 2});
  EXPECT_EQ(sort_in(sorted, fresh, before), 0u);
  EXPECT_TRUE(fresh.empty());
  EXPECT_EQ(shown(sorted), (std::vector<std::pair<int, int>>{{1, 1}, {2, 3}, {3, 0}, {3, 2}}));
}

TEST(Merge, NewOnesStandBehindEqualOldOnes) {
  auto sorted = items({1, 3, 5});
  auto fresh = items({4, 3, 9}, 10);
  EXPECT_EQ(sort_in(sorted, fresh, before), 2u);  // 1 and 3 stay where they are
  EXPECT_TRUE(fresh.empty());
  EXPECT_EQ(shown(sorted), (std::vector<std::pair<int, int>>{{1, 0}, {3, 1}, {3, 11}, {4, 10}, {5, 2}, {9, 12}}));
  EXPECT_EQ(sort_in(sorted, fresh, before), 6u);
}

}  // namespace
}  // namespace surgeproof
