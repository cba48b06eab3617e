#include "loadgen/address_book.h"

#include <gtest/gtest.h>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

std::vector<PodEndpoint> pods(const std::string& names) {
  std::vector<PodAddress> list;
  for (const char name : names) list.push_back({"10.0.0." + std::to_string(name - 'a' + 1) + ":80", {name}});
  return parse_endpoints(list);
}

/// Connects so many times, in slots from `first` on; who got them.
std::string connect(AddressBook& book, std::uint32_t first, int count, bool reached = true) {
  std::string got;
  for (int i = 0; i < count; ++i) {
    const auto slot = first + static_cast<std::uint32_t>(i);
    book.assign(slot, 0);
    if (reached) book.reached(slot);
    got += book.pod(slot);
  }
  return got;
}

TEST(AddressBook, ReadsAddressesAndLeavesOutWhatIsNone) {
  const auto read = parse_endpoints({{"10.0.0.7:8080", "a"},
                                     {"[fd00::7]:80", "b"},
                                     {"fd00::7", ""},
                                     {"host:80", ""},
                                     {"10.0.0.7", ""},
                                     {"10.0.0.7:0", ""},
                                     {"10.0.0.7:65536", ""},
                                     {"10.0.0.7:8x", ""},
                                     {"", ""}});
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].endpoint.port(), 8080);
  EXPECT_EQ(read[1].endpoint.address().to_string(), "fd00::7");
  EXPECT_EQ(read[1].pod, "b");
}

TEST(AddressBook, EachAddressGetsAsManyConnections) {
  AddressBook book{1};
  book.replace(pods("abc"));
  EXPECT_EQ(book.unused(), 3u);
  EXPECT_EQ(connect(book, 0, 6), "bcabca");
  EXPECT_EQ(book.unused(), 0u);
  EXPECT_FALSE(book.release(0, 0s));  // b keeps another
  EXPECT_EQ(connect(book, 6, 1), "b");
}

TEST(AddressBook, OthersFollowTheChosenOneInTurn) {
  AddressBook book{0};
  const auto all = pods("abcd");
  book.replace(all);
  book.assign(0, 0);
  EXPECT_EQ(book.assign(1, 2), (std::vector{all[1].endpoint, all[2].endpoint, all[3].endpoint}));
  EXPECT_EQ(book.assign(2, 9).size(), 4u);
}

TEST(AddressBook, ANewAddressComesFirstAndTheOldOnesGiveConnectionsUp) {
  AddressBook book{0};
  book.replace(pods("ab"));
  connect(book, 0, 8);
  EXPECT_TRUE(book.surplus().empty());
  book.replace(pods("abcd"));
  EXPECT_EQ(book.unused(), 2u);
  const auto surplus = book.surplus();
  ASSERT_EQ(surplus.size(), 4u);
  for (const std::uint32_t slot : surplus) book.release(slot, 0s);
  EXPECT_EQ(book.unused(), 2u);
  for (const std::uint32_t slot : surplus) book.assign(slot, 0);
  EXPECT_TRUE(book.surplus().empty());
  EXPECT_EQ(book.unused(), 0u);
}

TEST(AddressBook, AnAddressThatIsGoneIsForgottenButItsNameIsNot) {
  AddressBook book{0};
  book.replace(pods("ab"));
  connect(book, 0, 2);
  book.replace(pods("b"));
  EXPECT_EQ(book.pod(0), "a");
  EXPECT_FALSE(book.release(0, 0s));
  EXPECT_TRUE(book.release(1, 0s));  // b has none left
  book.replace(pods("a"));
  EXPECT_EQ(book.unused(), 1u);  // back, and new
}

TEST(AddressBook, WhatRefusesGetsItsTurnAndASecondChance) {
  AddressBook book{0};
  book.replace(pods("ab"));
  EXPECT_EQ(connect(book, 0, 1, false), "a");
  EXPECT_FALSE(book.release(0, 10s));
  EXPECT_EQ(book.unused(), 1u);  // b
  std::string got;
  for (int i = 0; i < 10; ++i) {
    book.assign(1, 0);
    got += book.pod(1);
    if (got.back() == 'b') book.reached(1);
    book.release(1, 10s);
  }
  EXPECT_EQ(got, "bababababa");
  EXPECT_FALSE(book.second_chance(10s + AddressBook::kSecondChance - 1ns));
  EXPECT_TRUE(book.second_chance(10s + AddressBook::kSecondChance));
  EXPECT_FALSE(book.second_chance(20s));
  EXPECT_EQ(book.unused(), 2u);
}

TEST(AddressBook, OneThatAcceptedBeforeIsNotTakenForRefusing) {
  AddressBook book{0};
  book.replace(pods("a"));
  connect(book, 0, 1);
  connect(book, 1, 1, false);
  EXPECT_FALSE(book.release(1, 0s));
  EXPECT_TRUE(book.release(0, 0s));
  EXPECT_EQ(book.unused(), 1u);
}

TEST(AddressBook, TheSameAddressTwiceIsOne) {
  AddressBook book{0};
  book.replace(pods("aa"));
  EXPECT_EQ(book.size(), 1u);
  EXPECT_TRUE(book.surplus().empty());
}

}  // namespace
}  // namespace surgeproof::loadgen
