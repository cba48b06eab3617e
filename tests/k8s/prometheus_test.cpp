#include "k8s/prometheus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;

TEST(Prometheus, OneNumberIsASample) {
  for (
      const char* body :
      {R"({"status":"success","data":{"resultType":"scalar","result":[1700000000.25,"0.125"]}})",
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1700000000.25,"1.25e-1"]}]}})"}) {
    const auto answer = parse_instant_answer(body);
    ASSERT_TRUE(answer) << answer.error();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->value, 0.125);
    EXPECT_EQ((*answer)->timestamp, WallTime{std::chrono::milliseconds{1700000000250}});
  }
}

TEST(Prometheus, NoSeriesIsNoValueAndNoMistake) {
  const auto answer = parse_instant_answer(R"({"status":"success","data":{"resultType":"vector","result":[]}})");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(*answer);
}

TEST(Prometheus, EverythingElseIsSaid) {
  struct Row {
    const char* body;
    const char* words;
  };
  for (const Row& row : {
           Row{R"({"status":"success","data":{"resultType":"vector","result":[{"value":[1,"1"]},{"value":[1,"2"]}]}})",
               "gives 2 series"},
           Row{R"({"status":"success","data":{"resultType":"scalar","result":[1,"NaN"]}})", "gives NaN"},
           Row{R"({"status":"success","data":{"resultType":"scalar","result":[1,"+Inf"]}})", "gives +Inf"},
           Row{R"({"status":"success","data":{"resultType":"matrix","result":[]}})", "gives a range of values"},
           Row{R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})", "gives a text"},
           Row{R"({"status":"error","errorType":"bad_data","error":"1:5: parse error: unclosed left parenthesis"})",
               "unclosed left parenthesis"},
           Row{R"({"status":"success","data":{"resultType":"scalar","result":[1]}})", "not a Prometheus"},
           Row{R"({"status":"success","data":{"resultType":"scalar","result":[1,"1 2"]}})", "not a Prometheus"},
           Row{R"({"status":"success","data":{"resultType":"scalar","result":[1e300,"1"]}})", "not a Prometheus"},
           Row{"<html>", "not a Prometheus"},
       }) {
    const auto answer = parse_instant_answer(row.body);
    ASSERT_FALSE(answer) << row.body;
    EXPECT_THAT(answer.error(), HasSubstr(row.words));
  }
}

TEST(Prometheus, TheQueryIsEncoded) {
  EXPECT_EQ(instant_query_target("sum(a{b=\"c\"})"), "/api/v1/query?query=sum%28a%7Bb%3D%22c%22%7D%29");
}

}  // namespace
}  // namespace surgeproof::k8s
