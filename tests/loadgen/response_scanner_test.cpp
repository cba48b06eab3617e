#include "loadgen/response_scanner.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/loadgen/answer_corpus.h"
#include "tests/loadgen/session_difference.h"

namespace surgeproof::loadgen {
namespace {

std::string shown(const std::string& answer) { return answer.substr(0, 120); }

TEST(ResponseScanner, ReadsTheCommonAnswer) {
  const std::string bytes =
      "HTTP/1.1 404 Not Found\r\nServer: nginx\r\nX-POD: a b \r\nContent-Length: 12\r\nConnection: close\r\n\r\nbody";
  const auto header = scan_header(bytes, "x-pod");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->size, bytes.size() - 4);
  EXPECT_EQ(header->status, 404);
  EXPECT_EQ(header->body_size, 12u);
  EXPECT_FALSE(header->keep_alive);
  EXPECT_EQ(header->server, "nginx");
  EXPECT_EQ(header->pod, "a b");
}

TEST(ResponseScanner, KnowsTheCommonAnswersOfItsCorpusAndLeavesTheRest) {
  int known = 0;
  for (const std::string& answer : answer_corpus()) known += scan_header(answer, "X-Pod") ? 1 : 0;
  EXPECT_GE(known, 15);
  EXPECT_LE(known, 30);
}

TEST(ResponseScanner, LeavesAHeaderThatIsCutOff) {
  const std::string header = answer_corpus().front().substr(0, answer_corpus().front().find("\r\n\r\n") + 4);
  ASSERT_TRUE(scan_header(header, "X-Pod"));
  for (std::size_t n = 0; n < header.size(); ++n) EXPECT_FALSE(scan_header(header.substr(0, n), "X-Pod")) << n;
}

TEST(ResponseScanner, AgreesWithTheFullParserHoweverAnAnswerIsCut) {
  for (const std::string& answer : answer_corpus()) {
    const std::string_view all{answer};
    const std::size_t step = answer.size() > 2000 ? 997 : 1;
    for (const bool head : {false, true}) {
      for (std::size_t cut = 0; cut <= answer.size(); cut += step) {
        const std::array pieces{all.substr(0, cut), all.substr(cut)};
        ASSERT_EQ(difference(pieces, head), "") << shown(answer) << "\ncut at " << cut;
      }
      std::vector<std::string_view> bytes;
      for (std::size_t i = 0; i < std::min<std::size_t>(answer.size(), 2000); ++i) bytes.push_back(all.substr(i, 1));
      ASSERT_EQ(difference(bytes, head), "") << shown(answer) << "\nbyte by byte";
    }
  }
}

TEST(ResponseScanner, AgreesWithTheFullParserOnEveryByteChanged) {
  for (const std::string& answer : answer_corpus()) {
    if (answer.size() > 600) continue;
    for (std::size_t at = 0; at < answer.size(); ++at) {
      for (const char c : std::string_view{"\0\n\r\t :,;a0Z9-\x7f\xff", 15}) {
        std::string changed = answer;
        changed[at] = c;
        const std::array pieces{std::string_view{changed}};
        ASSERT_EQ(difference(pieces, false), "") << shown(changed) << "\nbyte " << at << " is " << int{c};
      }
    }
  }
}

TEST(ResponseScanner, AgreesWithTheFullParserOnMixtures) {
  const auto corpus = answer_corpus();
  std::mt19937 random{5};
  for (int round = 0; round < 20'000; ++round) {
    const std::string& a = corpus[random() % corpus.size()];
    const std::string& b = corpus[random() % corpus.size()];
    std::string mixed = a.substr(0, random() % (std::min<std::size_t>(a.size(), 300) + 1));
    mixed += b.substr(std::min<std::size_t>(b.size(), random() % 300), 400);
    const std::string_view all{mixed};
    const std::size_t cut = random() % (mixed.size() + 1);
    const std::array pieces{all.substr(0, cut), all.substr(cut)};
    ASSERT_EQ(difference(pieces, false), "") << mixed << "\ncut at " << cut;
  }
}

}  // namespace
}  // namespace surgeproof::loadgen
