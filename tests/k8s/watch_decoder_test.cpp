#include "k8s/watch_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <random>

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;
using Type = WatchEvent::Type;

const std::string kStream =
    "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"11\"}}}\n"
    "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"\xc3\xa4\\u00e4\\n\",\"resourceVersion\":\"12\"}}}\r\n"
    "\n"
    "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"13\"}}}\n"
    "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"14\"}}}\n"
    "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n";

std::string shown(const std::vector<WatchEvent>& events) {
  std::string out;
  for (const auto& e : events)
    out += std::to_string(static_cast<int>(e.type)) + boost::json::serialize(e.object) + "\n";
  return out;
}

TEST(WatchDecoder, ReadsEveryKindOfEvent) {
  WatchDecoder decoder;
  std::vector<WatchEvent> events;
  ASSERT_TRUE(decoder.feed(kStream, events));
  ASSERT_EQ(events.size(), 5u);
  EXPECT_EQ(events[0].type, Type::added);
  EXPECT_EQ(events[0].resource_version(), "11");
  EXPECT_EQ(events[1].type, Type::modified);
  EXPECT_EQ(events[2].type, Type::deleted);
  EXPECT_EQ(events[3].type, Type::bookmark);
  EXPECT_EQ(events[3].resource_version(), "14");
  EXPECT_EQ(events[4].type, Type::error);
  EXPECT_EQ(events[4].error_code(), 410);
  EXPECT_EQ(events[0].error_code(), 0);
  EXPECT_FALSE(decoder.partial());
}

TEST(WatchDecoder, AnySplitGivesTheSame) {
  std::vector<WatchEvent> whole;
  ASSERT_TRUE(WatchDecoder().feed(kStream, whole));
  for (std::size_t i = 0; i <= kStream.size(); ++i) {
    for (std::size_t j = i; j <= kStream.size(); j += 1 + (j - i) / 4) {
      WatchDecoder decoder;
      std::vector<WatchEvent> events;
      ASSERT_TRUE(decoder.feed(std::string_view(kStream).substr(0, i), events));
      ASSERT_TRUE(decoder.feed(std::string_view(kStream).substr(i, j - i), events));
      ASSERT_TRUE(decoder.feed(std::string_view(kStream).substr(j), events));
      ASSERT_EQ(shown(events), shown(whole)) << i << " " << j;
    }
  }
}

TEST(WatchDecoder, RefusesGarbageForGood) {
  struct Row {
    const char* text;
    const char* words;
  };
  for (const Row& row :
       {Row{"what is this\n", "not a JSON object"}, Row{"[1]\n", "not a JSON object"},
        Row{"{\"type\":\"ADDED\",\"object\":{}} {}\n", "not a JSON object"},
        Row{"{\"type\":\"BORED\",\"object\":{}}\n", "unknown type"}, Row{"{\"object\":{}}\n", "unknown type"},
        Row{"{\"type\":\"ADDED\"}\n", "no object"}, Row{"{\"type\":\"ADDED\",\"object\":[]}\n", "no object"}}) {
    WatchDecoder decoder;
    std::vector<WatchEvent> events;
    const auto first = decoder.feed("{\"type\":\"ADDED\",\"object\":{}}\n" + std::string(row.text), events);
    ASSERT_FALSE(first) << row.text;
    EXPECT_THAT(first.error(), HasSubstr(row.words));
    EXPECT_EQ(events.size(), 1u);
    EXPECT_FALSE(decoder.feed("{\"type\":\"ADDED\",\"object\":{}}\n", events));
    EXPECT_EQ(events.size(), 1u);
  }
}

TEST(WatchDecoder, LinesAndNestingAreBounded) {
  std::vector<WatchEvent> events;
  WatchDecoder decoder(40);
  EXPECT_TRUE(decoder.feed(std::string(40, ' '), events));
  EXPECT_TRUE(decoder.partial());
  EXPECT_FALSE(decoder.feed(" ", events));
  EXPECT_FALSE(WatchDecoder().feed("{\"type\":\"ADDED\",\"object\":" + std::string(100000, '[') + "\n", events));
}

TEST(WatchDecoder, SurvivesMutations) {
  std::mt19937 random(42);
  std::size_t broken = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text = kStream;
    for (int change = 0; change < 1 + round % 5; ++change) {
      const auto at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(at, random() % 40);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
      }
    }
    WatchDecoder whole;
    std::vector<WatchEvent> at_once;
    const bool good = whole.feed(text, at_once).has_value();
    WatchDecoder split;
    std::vector<WatchEvent> in_pieces;
    bool good_in_pieces = true;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t size = 1 + random() % 50;
      good_in_pieces = split.feed(std::string_view(text).substr(from, size), in_pieces).has_value();
      from += size;
    }
    ASSERT_EQ(good, good_in_pieces);
    ASSERT_EQ(shown(at_once), shown(in_pieces));
    broken += good ? 0 : 1;
  }
  EXPECT_GT(broken, 500u);
}

}  // namespace
}  // namespace surgeproof::k8s
