#include <gmock/gmock.h>

#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

constexpr auto kSynced = WatchState::Kind::synced;
constexpr auto kLost = WatchState::Kind::lost;

/// errors > 0 within 60 s of the surge: from 60 s to 120 s. Asked every 15 s.
EventuallyCriterion above(double limit = 0, RunTime within = 60s) {
  EventuallyCriterion c;
  c.signal = "errors";
  c.above = SignalValue{limit, ValueUnit::none};
  c.within = within;
  c.after = PlanInstant{"surge", {}};
  return c;
}

EventuallyCriterion below(double limit) {
  EventuallyCriterion c = above();
  c.above.reset();
  c.below = SignalValue{limit, ValueUnit::none};
  return c;
}

/// `before` until `change`, then `after`, to the end of the load.
Story& tell_errors(Story& s, RunTime change, double before = 0, double after = 3) {
  tell_good_run(s);
  s.scenario.signals = {{"errors", "q", 15s}};
  s.at(0s).watch("signals/errors", kSynced);
  s.during(0s, change).signal("errors", before);
  s.during(change, kLoadEnd + 15s).signal("errors", after);
  return s;
}

TEST(EventuallySignal, Table) {
  const Row rows[] = {
      {"in time", [](Story& s) { tell_errors(s, 90s).criterion(above()); }, Status::pass, "in_time", "30s"},
      {"decides at once", [](Story& s) { tell_errors(s, 90s).criterion(above()); }, Status::pass, "in_time", "*", 91s,
       false},
      {"answered at the deadline",
       [](Story& s) {
         tell_errors(s, 135s).criterion(above());
         s.at(120s).signal("errors", 1);
       },
       Status::pass, "in_time", "60s"},
      {"below", [](Story& s) { tell_errors(s, 90s, 5, 1).criterion(below(2)); }, Status::pass, "in_time"},
      {"above is not at", [](Story& s) { tell_errors(s, 90s, 0, 3).criterion(above(3)); }, Status::fail, "never",
       "errors 3"},
      {"below is not at", [](Story& s) { tell_errors(s, 90s, 5, 2).criterion(below(2)); }, Status::fail, "never"},
      {"never", [](Story& s) { tell_errors(s, kLoadEnd + 15s).criterion(above()); }, Status::fail, "never", "errors 0"},
      // Asked at 120 s, the deadline: not yet. At 135 s: yes.
      {"too late", [](Story& s) { tell_errors(s, 135s).criterion(above()); }, Status::fail, "too_late"},
      // Asked at 105 s: not yet; then at 121 s: yes. Who knows of 120 s?
      {"between two questions",
       [](Story& s) {
         tell_errors(s, 105s).criterion(above());
         std::erase_if(s.records, [](const Record& r) {
           const auto* sample = std::get_if<SignalSample>(&r);
           return sample != nullptr && sample->observed > 100s;
         });
         s.at(106s).signal("errors", 0);
         s.at(121s).signal("errors", 2);
       },
       Status::inconclusive, "sampled_too_seldom"},
      {"it was so already", [](Story& s) { tell_errors(s, 30s).criterion(above()); }, Status::inconclusive,
       "already_so"},
      {"not yet", [](Story& s) { tell_errors(s, 200s).criterion(above()); }, Status::inconclusive, "undecided",
       "errors 0", 100s, false},
      {"the question after the deadline is to come", [](Story& s) { tell_errors(s, 200s).criterion(above()); },
       Status::inconclusive, "undecided", "*", 120s + 10ms, false},
      {"and says no", [](Story& s) { tell_errors(s, 200s).criterion(above()); }, Status::fail, "never", "*", 121s,
       false},
      {"before the instant", [](Story& s) { tell_errors(s, 200s).criterion(above()); }, Status::inconclusive,
       "undecided", "*", 50s, false},
      {"cut off", [](Story& s) { tell_errors(s, 200s).criterion(above()); }, Status::inconclusive, "cut_off", "*",
       100s},
      {"never, but not known for a while",
       [](Story& s) {
         tell_errors(s, kLoadEnd + 15s).criterion(above());
         s.at(100s).watch("signals/errors", kLost, "no answer");
         s.at(106s).watch("signals/errors", kSynced);
       },
       Status::inconclusive, "signal_gap"},
      {"too late, but not known for a while",
       [](Story& s) {
         tell_errors(s, 135s).criterion(above());
         s.at(100s).watch("signals/errors", kLost, "no answer");
         s.at(106s).watch("signals/errors", kSynced);
       },
       Status::inconclusive, "signal_gap"},
      {"a gap does not hide what came in time",
       [](Story& s) {
         tell_errors(s, 90s).criterion(above());
         s.at(70s).watch("signals/errors", kLost, "no answer");
         s.at(80s).watch("signals/errors", kSynced);
       },
       Status::pass, "in_time"},
      {"never asked",
       [](Story& s) {
         tell_good_run(s).criterion(above());
         s.scenario.signals = {{"errors", "q", 15s}};
         s.at(0s).watch("signals/errors", kLost, "Connection refused");
       },
       Status::inconclusive, "no_samples"},
      // 31 s are twice the pace and a transport: nobody answers any more.
      {"the server may answer again",
       [](Story& s) {
         tell_good_run(s).criterion(above());
         s.scenario.signals = {{"errors", "q", 15s}};
         s.at(0s).watch("signals/errors", kLost, "Connection refused");
       },
       Status::inconclusive, "undecided", "*", 150s, false},
      {"or not",
       [](Story& s) {
         tell_good_run(s).criterion(above());
         s.scenario.signals = {{"errors", "q", 15s}};
         s.at(0s).watch("signals/errors", kLost, "Connection refused");
       },
       Status::inconclusive, "no_samples", "*", 151s, false},
      {"interrupted before the instant",
       [](Story& s) {
         tell_errors(s, 90s).criterion(above());
         s.at(40s).interrupted();
       },
       Status::inconclusive, "cut_off", "*", 45s},
  };
  for (const Row& row : rows) check(row);
}

EventuallyCriterion log_comes(RunTime within = 60s) {
  EventuallyCriterion c;
  c.log = LogText{"boom", "boom"};
  c.scope.pods = "app=todo";
  c.within = within;
  c.after = PlanInstant{"surge", {}};
  return c;
}

Story& tell_read(Story& s) {
  tell_good_run(s).criterion(log_comes());
  s.at(0s).watch("pods/log app=todo", kSynced);
  return s;
}

TEST(EventuallyLog, Table) {
  const Row rows[] = {
      {"in time", [](Story& s) { tell_read(s).at(90s).log("boom", "boom!"); }, Status::pass, "in_time", "30s"},
      {"at the deadline", [](Story& s) { tell_read(s).at(120s).log("boom", "boom!"); }, Status::pass, "in_time", "60s"},
      {"just after", [](Story& s) { tell_read(s).at(120001ms).log("boom", "boom!"); }, Status::fail, "too_late"},
      {"before the instant does not count", [](Story& s) { tell_read(s).at(59s).log("boom", "boom!"); }, Status::fail,
       "never"},
      {"at the instant", [](Story& s) { tell_read(s).at(60s).log("boom", "boom!"); }, Status::pass, "in_time", "0s"},
      {"never", [](Story& s) { tell_read(s); }, Status::fail, "never"},
      {"not yet", [](Story& s) { tell_read(s); }, Status::inconclusive, "undecided", "*", 121s, false},
      {"two seconds for the delivery", [](Story& s) { tell_read(s); }, Status::fail, "never", "*", 122s, false},
      {"cut off", [](Story& s) { tell_read(s); }, Status::inconclusive, "cut_off", "*", 110s},
      {"no log was read", [](Story& s) { tell_good_run(s).criterion(log_comes()); }, Status::inconclusive, "no_logs"},
      {"a log was lost",
       [](Story& s) {
         tell_read(s).at(70s).watch("pods/log app=todo", kLost, "todo-1/app: cut");
         s.at(75s).watch("pods/log app=todo", kSynced);
       },
       Status::inconclusive, "log_gap"},
      {"too late, but a log was lost",
       [](Story& s) {
         tell_read(s).at(70s).watch("pods/log app=todo", kLost, "todo-1/app: cut");
         s.at(130s).log("boom", "boom!");
       },
       Status::inconclusive, "log_gap"},
  };
  for (const Row& row : rows) check(row);
}

TEST(Eventually, TellsWhatItSaw) {
  Story s;
  tell_errors(s, 90s).criterion(above());
  EXPECT_EQ(s.verdict().findings.at(0).sentence, "errors was above 0 after 30s (limit 60s): 3");
  Story log;
  tell_read(log).at(90s).log("boom", "boom!");
  EXPECT_THAT(
      log.verdict().findings.at(0).sentence,
      HasSubstr("\"boom\" in the logs of the pods app=todo came after 30s (limit 60s); todo-1/app wrote: boom!"));
}

}  // namespace
}  // namespace surgeproof::test
