// Rows of the criteria's tables: a story, and how its first criterion ends.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "analyzers/judge.h"
#include "tests/support/timeline_builder.h"

namespace surgeproof::test {

struct Row {
  std::string name;
  std::function<void(Story&)> tell;
  Status status{};
  std::string reason;
  std::string observed = "*";  ///< "*": not looked at
  RunTime end = kLoadEnd + 10s;
  bool complete = true;
};

inline void check(const Row& row) {
  SCOPED_TRACE(row.name);
  Story story;
  row.tell(story);
  const Verdict verdict = story.verdict(row.end, row.complete);
  ASSERT_FALSE(verdict.findings.empty());
  const Finding& f = verdict.findings.front();
  EXPECT_EQ(name_of(f.status), name_of(row.status)) << f.sentence;
  EXPECT_EQ(f.reason, row.reason) << f.sentence;
  if (row.observed != "*") EXPECT_EQ(f.observed, row.observed) << f.sentence;
  EXPECT_EQ(f.decided, f.reason != "undecided");
  EXPECT_FALSE(f.sentence.empty());
  EXPECT_FALSE(f.id.empty());
  EXPECT_EQ(f.causes.empty(), f.status == Status::pass || f.reason == "undecided" || f.reason == "cut_off");
}

}  // namespace surgeproof::test
