#include <gmock/gmock.h>

#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

constexpr auto kSynced = WatchState::Kind::synced;
constexpr auto kLost = WatchState::Kind::lost;
constexpr auto kForbidden = WatchState::Kind::forbidden;
const std::string kLog = "pods/log app=todo";

LogsCriterion logs(std::vector<std::string> absent, std::vector<std::string> present = {}, During during = {}) {
  LogsCriterion c;
  c.scope.pods = "app=todo";
  for (const auto& text : absent) c.absent.push_back({text, text});
  for (const auto& text : present) c.present.push_back({text, text});
  c.during = std::move(during);
  return c;
}

Story& tell_read(Story& s) {
  tell_good_run(s);
  s.at(0s).watch(kLog, kSynced);
  return s;
}

TEST(Logs, Table) {
  const Row rows[] = {
      {"absent", [](Story& s) { tell_read(s).criterion(logs({"ERROR"})); }, Status::pass, "absent", "0 lines"},
      {"found",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(70s).log("ERROR", "ERROR: no");
         s.at(80s).log("ERROR", "ERROR: again");
       },
       Status::fail, "found", "2 lines"},
      {"found decides at once",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(70s).log("ERROR", "ERROR: no");
       },
       Status::fail, "found", "1 line", 71s, false},
      {"the second text is found",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR", "panic"}));
         s.at(70s).log("panic", "panic: no");
       },
       Status::fail, "found"},
      {"found outside the span",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}, {}, {During::Kind::stage, "surge"}));
         s.at(59s).log("ERROR", "ERROR: no");
         s.at(kSurgeEnd).log("ERROR", "ERROR: the span's end is not in it");
       },
       Status::pass, "absent"},
      {"found at the span's begin",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}, {}, {During::Kind::stage, "surge"}));
         s.at(kSurge).log("ERROR", "ERROR: no");
       },
       Status::fail, "found"},
      {"other pods' lines do not count",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(70s).log("ERROR", "ERROR: no", "app=other");
       },
       Status::pass, "absent"},
      {"present",
       [](Story& s) {
         tell_read(s).criterion(logs({}, {"ready"}));
         s.at(70s).log("ready", "ready to serve");
       },
       Status::pass, "present", "1 line", 71s, false},
      {"missing", [](Story& s) { tell_read(s).criterion(logs({}, {"ready"})); }, Status::fail, "missing", "0 lines"},
      {"one of two missing",
       [](Story& s) {
         tell_read(s).criterion(logs({}, {"ready", "bye"}));
         s.at(70s).log("ready", "ready to serve");
       },
       Status::fail, "missing", "0 lines"},
      {"both as wanted",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}, {"ready"}));
         s.at(70s).log("ready", "ready to serve");
       },
       Status::pass, "as_wanted"},
      {"so far so good", [](Story& s) { tell_read(s).criterion(logs({"ERROR"})); }, Status::inconclusive, "undecided",
       "*", 300s, false},
      {"a last line may be on its way", [](Story& s) { tell_read(s).criterion(logs({"ERROR"})); }, Status::inconclusive,
       "undecided", "*", kLoadEnd + 1900ms, false},
      {"and is there two seconds later", [](Story& s) { tell_read(s).criterion(logs({"ERROR"})); }, Status::pass,
       "absent", "*", kLoadEnd + 2s, false},
      {"cut off", [](Story& s) { tell_read(s).criterion(logs({"ERROR"})); }, Status::inconclusive, "cut_off", "*",
       300s},
      {"may not be read",
       [](Story& s) {
         tell_good_run(s).criterion(logs({"ERROR"}));
         s.at(0s).watch(kLog, kForbidden, "todo-1/app: pods/log is forbidden");
       },
       Status::inconclusive, "no_logs"},
      {"no pod fits", [](Story& s) { tell_good_run(s).criterion(logs({"ERROR"})); }, Status::inconclusive, "no_logs"},
      {"no pod fits, and none that came now would count", [](Story& s) { tell_good_run(s).criterion(logs({"ERROR"})); },
       Status::inconclusive, "no_logs", "*", kLoadEnd + 2s, false},
      {"a pod may come", [](Story& s) { tell_good_run(s).criterion(logs({"ERROR"})); }, Status::inconclusive,
       "undecided", "*", kLoadEnd - 1s, false},
      {"listed, but nothing was there to read",
       [](Story& s) {
         tell_good_run(s).criterion(logs({"ERROR"}));
         s.at(0s).watch(kLog, kSynced, "no log was there to be read yet");
       },
       Status::inconclusive, "no_logs"},
      {"the first pods came later",
       [](Story& s) {
         tell_good_run(s).criterion(logs({"ERROR"}));
         s.at(0s).watch(kLog, kSynced, "no log was there to be read yet");
         s.at(80s).watch(kLog, kSynced);
       },
       Status::pass, "absent"},
      {"a log was lost for a while",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(100s).watch(kLog, kLost, "todo-1/app: the connection broke");
         s.at(101s).watch(kLog, kSynced);
       },
       Status::inconclusive, "log_gap"},
      {"missing, but a log was lost",
       [](Story& s) {
         tell_read(s).criterion(logs({}, {"ready"}));
         s.at(100s).watch(kLog, kLost);
       },
       Status::inconclusive, "log_gap"},
      {"new pods could not be seen for a while",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(100s).watch("logged pods app=todo", kLost);
         s.at(101s).watch("logged pods app=todo", kSynced);
       },
       Status::inconclusive, "log_gap"},
      {"other logs' gap",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(100s).watch("pods/log app=other", kLost);
         s.at(100s).watch("pods/log", kLost);
       },
       Status::pass, "absent"},
      {"a gap hides no line that was found",
       [](Story& s) {
         tell_read(s).criterion(logs({"ERROR"}));
         s.at(90s).log("ERROR", "ERROR: no");
         s.at(100s).watch(kLog, kLost);
       },
       Status::fail, "found"},
  };
  for (const Row& row : rows) check(row);
}

TEST(Logs, TellsTheLineAndWhoWroteIt) {
  Story s;
  tell_read(s).criterion(logs({"ERROR"}));
  s.at(70s).log("ERROR", "ERROR: password=***");
  const Finding f = s.verdict().findings.at(0);
  EXPECT_EQ(f.sentence,
            "\"ERROR\" stands in 1 line of the logs of the pods app=todo in the whole load; first todo-1/app "
            "wrote: ERROR: password=***");
  EXPECT_EQ(f.evidence, (Interval{70s, 70s}));
  ASSERT_FALSE(f.causes.empty());
  EXPECT_EQ(f.causes[0].code, "log_line");
  EXPECT_EQ(f.causes[0].count, 1u);
}

TEST(Logs, CountedLinesCount) {
  Story s;
  tell_read(s).criterion(logs({"ERROR"}));
  s.at(70s).log("ERROR", "ERROR: no");
  s.at(71s).log("ERROR", "");
  std::get<LogLine>(s.records.back()).count = 41;
  EXPECT_EQ(s.verdict().findings.at(0).observed, "42 lines");
}

// The criterion's namespace tells its pods from others with the same labels.
TEST(Logs, OfANamespace) {
  for (const auto& [ns, reason] : {std::pair{"default", "found"}, {"elsewhere", "no_logs"}}) {
    Story s;
    LogsCriterion c = logs({"ERROR"});
    c.scope.ns = ns;
    tell_good_run(s).criterion(c);
    s.records.emplace_back(WatchState{0s, kLog, kSynced, "", "default", ""});
    s.at(70s).log("ERROR", "ERROR: no");
    EXPECT_EQ(s.verdict().findings.at(0).reason, reason);
  }
}

// Of the watched HPAs' pods, without a selector.
TEST(Logs, OfTheWatchedPods) {
  Story s;
  LogsCriterion c = logs({"ERROR"});
  c.scope.pods.clear();
  tell_good_run(s).criterion(c);
  s.at(0s).watch("pods/log", kSynced);
  EXPECT_EQ(s.verdict().findings.at(0).reason, "absent");
  s.at(70s).log("ERROR", "ERROR: no", "");
  EXPECT_THAT(s.verdict().findings.at(0).sentence, HasSubstr("of the logs of the watched pods in the whole load"));
}

}  // namespace
}  // namespace surgeproof::test
