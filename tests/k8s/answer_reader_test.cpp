#include "k8s/answer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;

const std::string kChunked =
    "HTTP/1.1 100 Continue\r\n\r\n"
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    "5\r\nhello\r\n1;x=y\r\n,\r\nA\r\n wide worl\r\n1\r\nd\r\n0\r\nTrailer: t\r\n\r\n";

struct Read {
  bool good = true;
  int status = 0;
  std::string body;
  bool complete = false;
  bool operator==(const Read&) const = default;
};

/// Feeds `text` in two pieces and takes the body after each.
Read read(std::string_view text, std::size_t split) {
  AnswerReader reader;
  Read out;
  for (const auto piece : {text.substr(0, split), text.substr(split)}) {
    out.good = out.good && reader.feed(piece).has_value();
    if (reader.head_complete()) {
      out.status = reader.status();
      out.body += reader.take_body();
    }
  }
  out.complete = reader.complete();
  return out;
}

TEST(AnswerReader, AnySplitGivesTheSame) {
  const std::string plain = "HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!";
  for (std::size_t i = 0; i <= kChunked.size(); ++i) {
    ASSERT_EQ(read(kChunked, i), (Read{true, 200, "hello, wide world", true})) << i;
  }
  for (std::size_t i = 0; i <= plain.size(); ++i) ASSERT_EQ(read(plain, i), (Read{true, 403, "no!", true})) << i;
}

TEST(AnswerReader, KnowsWhetherTheConnectionCanBeUsedAgain) {
  struct Row {
    const char* text;
    bool reusable;
  };
  for (const Row& row : {Row{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
                         Row{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false},
                         Row{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false},
                         Row{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore", false},
                         Row{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", false}}) {
    AnswerReader reader;
    ASSERT_TRUE(reader.feed(row.text)) << row.text;
    EXPECT_EQ(reader.reusable(), row.reusable) << row.text;
  }
}

TEST(AnswerReader, TheEndOfTheConnectionMayEndTheAnswer) {
  struct Row {
    const char* text;
    bool good;
  };
  for (const Row& row :
       {Row{"HTTP/1.0 200 OK\r\n\r\nall of it", true}, Row{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", false},
        Row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", false}, Row{"HTTP/1.1 20", false},
        Row{"", false}}) {
    AnswerReader reader;
    ASSERT_TRUE(reader.feed(row.text));
    EXPECT_EQ(reader.end().has_value(), row.good) << row.text;
  }
}

TEST(AnswerReader, ReadsRetryAfter) {
  struct Row {
    const char* value;
    std::optional<std::chrono::seconds> seconds;
  };
  for (const Row& row : {Row{"7", 7s}, Row{"999999", 3600s}, Row{"soon", std::nullopt}, Row{"", std::nullopt},
                         Row{"-1", std::nullopt}, Row{"Wed, 21 Oct 2026 07:28:00 GMT", std::nullopt}}) {
    AnswerReader reader;
    ASSERT_TRUE(
        reader.feed("HTTP/1.1 429 Busy\r\nContent-Length: 0\r\nRetry-After: " + std::string(row.value) + "\r\n\r\n"));
    EXPECT_EQ(reader.retry_after(), row.seconds) << row.value;
  }
}

TEST(AnswerReader, RefusesWhatIsNotHttp) {
  for (const char* text : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "\x15\x03\x01\x01\x02\x02\x16\r\n\r\n",
                           "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    AnswerReader reader;
    EXPECT_FALSE(reader.feed(text)) << text;
  }
}

TEST(AnswerReader, SurvivesMutations) {
  std::mt19937 random(3);
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text = kChunked;
    for (int change = 0; change < 1 + round % 4; ++change) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    const Read result = read(text, random() % text.size());
    refused += result.good ? 0 : 1;
    EXPECT_LE(result.body.size(), text.size());
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace surgeproof::k8s
