#include "k8s/hpa/case_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/k8s/hpa/case_compare.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(std::string(SURGEPROOF_SOURCE_DIR) + "/tests/k8s/hpa/cases/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

void expect_answers(const std::string& cases_name, const std::string& expected_name, std::size_t at_least) {
  const auto cases = lines_of(cases_name);
  const auto expected = lines_of(expected_name);
  ASSERT_GE(cases.size(), at_least);
  ASSERT_EQ(cases.size(), expected.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto answer = answer_case(cases[i], cases_name, static_cast<int>(i) + 1);
    ASSERT_TRUE(answer) << format_diagnostic(answer.error());
    const json::value wanted = json::parse(expected[i]);
    EXPECT_THAT(differences(wanted, json::parse(*answer)), IsEmpty()) << wanted.at("id");
  }
}

TEST(CaseFile, AnswersAsTheRealController) { expect_answers("cases.jsonl", "expected.jsonl", 47); }

TEST(CaseFile, AnswersVariedCasesAsTheRealController) { expect_answers("varied.jsonl", "varied_expected.jsonl", 100); }

struct MalformedCase {
  const char* what;
  const char* text;
  const char* path;
  const char* message;
};

TEST(CaseFile, SaysWhatIsWrongAndWhere) {
  const MalformedCase table[] = {
      {"no JSON", R"({"id": )", "", "not JSON"},
      {"no object", R"([1])", "", "object"},
      {"no id", R"({"hpa": {}})", "id", "no id"},
      {"no HPA", R"({"id": "a", "now": "2025-06-02T09:00:00Z"})", "hpa", "HorizontalPodAutoscaler"},
      {"no time", R"({"id": "a", "hpa": {}})", "now", "no time"},
      {"bad time", R"({"id": "a", "hpa": {}, "now": "today"})", "now", "not a time"},
      {"a time out of range", R"({"id": "a", "hpa": {}, "now": "0001-01-01T00:00:00Z"})", "now", "not a time"},
      {"bad duration", R"({"id": "a", "hpa": {}, "settings": {"initialReadinessDelay": "soon"}})",
       "settings.initialReadinessDelay", "duration"},
      {"bad history", R"({"id": "a", "hpa": {}, "history": {"scaleUpEvents": [{"replicas": 2}]}})",
       "history.scaleUpEvents[0].time", "not a time"},
      {"bad step", R"({"id": "a", "hpa": {}, "steps": [3]})", "steps[0]", "object"},
  };
  for (const auto& row : table) {
    const auto answer = answer_case(row.text, "my.jsonl", 7);
    ASSERT_FALSE(answer) << row.what;
    EXPECT_EQ(answer.error().file, "my.jsonl") << row.what;
    EXPECT_EQ(answer.error().line, 7) << row.what;
    EXPECT_EQ(answer.error().path, row.path) << row.what;
    EXPECT_THAT(answer.error().message, HasSubstr(row.message)) << row.what;
  }
}

TEST(CaseFile, AMinimalCaseFailsLikeTheController) {
  const auto answer =
      answer_case(R"({"id":"x","hpa":{"spec":{"maxReplicas":3}},"now":"2025-06-02T09:00:00Z"})", "f", 1);
  ASSERT_TRUE(answer);
  const auto parsed = json::parse(*answer);
  EXPECT_TRUE(parsed.at("desiredReplicas").is_null());
  EXPECT_EQ(parsed.at("events").at(0).at("reason"), "FailedGetScale");
}

}  // namespace
}  // namespace surgeproof::hpa
