#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

constexpr auto kSynced = WatchState::Kind::synced;
constexpr auto kLost = WatchState::Kind::lost;

const During kInSurge{During::Kind::stage, "surge"};

/// p95: 0.2 s until the surge, 0.8 s during it, 0.3 s after.
Story& tell_signal(Story& s) {
  tell_good_run(s);
  s.scenario.signals = {{"p95", "q", 15s}};
  s.at(0s).watch("signals/p95", kSynced);
  s.during(0s, kSurge).signal("p95", 0.2);
  s.during(kSurge, kSurgeEnd).signal("p95", 0.8);
  s.during(kSurgeEnd, kLoadEnd + 15s).signal("p95", 0.3);
  return s;
}

SignalCriterion limits(std::optional<double> min, std::optional<double> max, During during = kInSurge) {
  SignalCriterion c{"p95", {}, {}, std::move(during)};
  if (min) c.min = SignalValue{*min, ValueUnit::seconds};
  if (max) c.max = SignalValue{*max, ValueUnit::seconds};
  return c;
}

TEST(Signal, Table) {
  const Row rows[] = {
      {"below max", [](Story& s) { tell_signal(s).criterion(limits({}, 1)); }, Status::pass, "within_limits", "800ms"},
      {"exactly max", [](Story& s) { tell_signal(s).criterion(limits({}, 0.8)); }, Status::pass, "within_limits",
       "800ms"},
      {"above max", [](Story& s) { tell_signal(s).criterion(limits({}, 0.799)); }, Status::fail, "above_max", "800ms"},
      {"exactly min", [](Story& s) { tell_signal(s).criterion(limits(0.8, {})); }, Status::pass, "within_limits",
       "800ms"},
      {"below min", [](Story& s) { tell_signal(s).criterion(limits(0.801, {})); }, Status::fail, "below_min", "800ms"},
      {"between", [](Story& s) { tell_signal(s).criterion(limits(0.5, 1)); }, Status::pass, "within_limits", "800ms"},
      {"over the whole load", [](Story& s) { tell_signal(s).criterion(limits({}, 0.5, {})); }, Status::fail,
       "above_max", "800ms"},
      {"another stage", [](Story& s) { tell_signal(s).criterion(limits({}, 0.5, {During::Kind::stage, "after"})); },
       Status::pass, "within_limits", "300ms"},
      {"one value above decides at once",
       [](Story& s) {
         tell_signal(s).criterion(limits({}, 1));
         s.at(100s).signal("p95", 2);
       },
       Status::fail, "above_max", "2s", 101s, false},
      {"so far so good", [](Story& s) { tell_signal(s).criterion(limits({}, 1)); }, Status::inconclusive, "undecided",
       "800ms", 120s, false},
      {"cut off", [](Story& s) { tell_signal(s).criterion(limits({}, 1)); }, Status::inconclusive, "cut_off", "*", 120s,
       true},
      {"not begun", [](Story& s) { tell_signal(s).criterion(limits({}, 1)); }, Status::inconclusive, "undecided", "*",
       30s, false},
      {"the server was down for a while",
       [](Story& s) {
         tell_signal(s).criterion(limits({}, 1));
         s.at(100s).watch("signals/p95", kLost, "Connection refused");
         s.at(110s).watch("signals/p95", kSynced);
       },
       Status::inconclusive, "signal_gap", "800ms"},
      {"another signal's gap does not matter",
       [](Story& s) {
         tell_signal(s).criterion(limits({}, 1));
         s.at(100s).watch("signals/p95_other", kLost, "Connection refused");
       },
       Status::pass, "within_limits"},
      {"a gap outside does not matter",
       [](Story& s) {
         tell_signal(s).criterion(limits({}, 1));
         s.at(300s).watch("signals/p95", kLost, "Connection refused");
       },
       Status::pass, "within_limits"},
      {"a gap does not hide a broken limit",
       [](Story& s) {
         tell_signal(s).criterion(limits({}, 0.5));
         s.at(100s).watch("signals/p95", kLost, "Connection refused");
       },
       Status::fail, "above_max"},
      {"the server was never there",
       [](Story& s) {
         tell_good_run(s).criterion(limits({}, 1));
         s.scenario.signals = {{"p95", "q", 15s}};
         s.at(0s).watch("signals/p95", kLost, "Connection refused");
       },
       Status::inconclusive, "no_samples", ""},
      {"nobody asked", [](Story& s) { tell_good_run(s).criterion(limits({}, 1)); }, Status::inconclusive, "no_samples"},
      {"no such phase", [](Story& s) { tell_signal(s).criterion(limits({}, 1, {During::Kind::phase, "scaling 7"})); },
       Status::inconclusive, "no_such_phase"},
  };
  for (const Row& row : rows) check(row);
}

// Asked every 15 s, so that up to 31 s without a value are the pace and a transport; more is a server that was late.
TEST(Signal, AHoleIsAGap) {
  for (const auto& [until, reason] : {std::pair{131s, "within_limits"}, {132s, "signal_gap"}}) {
    Story s;
    tell_good_run(s).criterion(limits({}, 1));
    s.scenario.signals = {{"p95", "q", 15s}};
    s.at(0s).watch("signals/p95", kSynced);
    s.during(kSurge, 115s).signal("p95", 0.5);  // the last at 105 s
    s.during(kSurge + 45s, kSurge + 46s).signal("p95", 0.5);
    s.at(100s).signal("p95", 0.5);
    for (RunTime t = until; t <= kSurgeEnd; t += 15s) s.at(t).signal("p95", 0.5, 0ms);
    std::erase_if(s.records, [](const Record& r) {
      const auto* sample = std::get_if<SignalSample>(&r);
      return sample != nullptr && sample->observed > 100s && sample->observed < 131s;
    });
    EXPECT_EQ(s.verdict().findings.at(0).reason, reason) << until;
  }
}

// A value that was asked for before the span and came within it may be of either.
TEST(Signal, OnlyValuesOfTheSpanCount) {
  Story s;
  tell_signal(s).criterion(limits({}, 1));
  s.at(kSurge + 1s).signal("p95", 9, 2s);
  s.at(kSurgeEnd + 1s).signal("p95", 9, 2s);
  EXPECT_EQ(s.verdict().findings.at(0).reason, "within_limits");
  s.at(kSurge + 2s).signal("p95", 9, 1s);
  EXPECT_EQ(s.verdict().findings.at(0).reason, "above_max");
}

TEST(Signal, TellsWhatItSaw) {
  Story s;
  tell_signal(s).criterion(limits({}, 1));
  s.at(100s).watch("signals/p95", kLost, "Connection refused");
  s.at(110s).watch("signals/p95", kSynced);
  const Finding f = s.verdict().findings.at(0);
  EXPECT_EQ(f.sentence,
            "p95 was 800ms at most (limit 1s) in stage surge (12 values), but p95 was not known for 10s (Connection "
            "refused)");
  EXPECT_EQ(f.margin, "200ms");
  EXPECT_EQ(f.unit, "seconds");
  ASSERT_FALSE(f.causes.empty());
  EXPECT_EQ(f.causes[0].code, "signal_unavailable");
}

// A recording without load (`load: none`) is judged as a whole.
TEST(Signal, WithoutLoad) {
  Story s;
  tell_signal(s).criterion(limits({}, 0.8, {}));
  s.scenario.load = {};
  Finding f = s.verdict().findings.at(0);
  EXPECT_EQ(f.reason, "within_limits") << f.sentence;
  EXPECT_NE(f.sentence.find("in the recording"), std::string::npos) << f.sentence;
  f = s.verdict(100s, false).findings.at(0);
  EXPECT_EQ(f.reason, "undecided");
  s.criterion(limits({}, 0.7, {}));
  EXPECT_EQ(s.verdict().findings.at(1).reason, "above_max");
  s.criterion(ReplicasCriterion{"", {}, 5, {}, {}});
  EXPECT_EQ(s.verdict().findings.at(2).reason, "within_bounds");
}

// Nothing in the first 70 s is looked at: the values of 0.2 s before it, and the one of 5 s, do not count.
TEST(WarmUp, CutsTheBeginOfASpan) {
  Story s;
  tell_signal(s).criterion(limits(0.8, 1));
  s.at(65s).signal("p95", 5);
  EXPECT_EQ(s.verdict().findings.at(0).reason, "above_max");
  s.scenario.warm_up = 70s;
  const Finding f = s.verdict().findings.at(0);
  EXPECT_EQ(f.reason, "within_limits") << f.sentence;
  EXPECT_EQ(f.evidence.begin, 70s);
  EXPECT_NE(f.sentence.find("in stage surge after 70s of warm-up"), std::string::npos) << f.sentence;
}

TEST(WarmUp, HidesRequestsToo) {
  Story s;
  tell_good_run(s).criterion(DroppedRequestsCriterion{0, {}});
  s.at(5s).failure(failed_new(Outcome::connect_refused));
  EXPECT_EQ(s.verdict().findings.at(0).reason, "dropped");
  s.scenario.warm_up = 6s;
  EXPECT_EQ(s.verdict().findings.at(0).reason, "none_dropped");
  s.scenario.warm_up = 5s;  // boundary: the window that begins at its end counts
  EXPECT_EQ(s.verdict().findings.at(0).reason, "dropped");
  // A stage that lies in it has nothing left to judge.
  s.scenario.warm_up = 60s;
  s.scenario.criteria[0].rule = DroppedRequestsCriterion{0, {During::Kind::stage, "baseline"}};
  EXPECT_EQ(s.verdict().findings.at(0).reason, "no_samples");
}

}  // namespace
}  // namespace surgeproof::test
