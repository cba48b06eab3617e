#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

const During kAll{};
const During kSurgeStage{During::Kind::stage, "surge"};
const During kScaling{During::Kind::phase, "scaling"};

LatencyCriterion p99(std::chrono::nanoseconds limit, During during = kAll) { return {99, limit, during, ""}; }

// 180 s of surge with 400/s: 72000 requests, of which some share is slow.
Story& surge_with(Story& s, std::uint64_t fast, std::uint64_t slow) {
  s.during(kSurge, kSurgeEnd).traffic(fast, 100ms);
  if (slow > 0) s.during(kSurge, kSurgeEnd).traffic(slow, 2s);
  return s;
}

TEST(Latency, Table) {
  const Row rows[] = {
      {"fast", [](Story& s) { tell_good_run(s).criterion(p99(1s)); }, Status::pass, "fast_enough", "200ms"},
      {"slow", [](Story& s) { tell_good_run(s).criterion(p99(199ms)); }, Status::fail, "too_slow", "200ms"},
      {"the limit itself is kept", [](Story& s) { tell_good_run(s).criterion(p99(200ms)); }, Status::pass,
       "fast_enough", "200ms"},
      {"1 of 100 over: 99 % are not", [](Story& s) { surge_with(s, 396, 4).criterion(p99(1s, kSurgeStage)); },
       Status::pass, "fast_enough", "100ms"},
      {"5 of 400 over", [](Story& s) { surge_with(s, 395, 5).criterion(p99(1s, kSurgeStage)); }, Status::fail,
       "too_slow", "2s"},
      {"max", [](Story& s) { surge_with(s, 399, 1).criterion(LatencyCriterion{100, 1s, kAll, ""}); }, Status::fail,
       "too_slow", "2s"},
      {"another request's latency",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic("page", 10, 3s).traffic("list", 400, 10ms);
         s.criterion(LatencyCriterion{99, 1s, kAll, "list"});
       },
       Status::pass, "fast_enough", "10ms"},
      {"this request's latency",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic("page", 10, 3s).traffic("list", 400, 10ms);
         s.criterion(LatencyCriterion{99, 1s, kAll, "page"});
       },
       Status::fail, "too_slow", "3s"},
      {"timeouts do not vanish",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(390, 100ms).outcome(Outcome::timeout, 10);
         s.criterion(p99(1s));
       },
       Status::fail, "too_slow", "10s"},
      {"all timed out",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).outcome(Outcome::timeout, 10);
         s.criterion(p99(1s));
       },
       Status::fail, "too_slow", "10s"},
      {"one fewer than shows anything",
       [](Story& s) {
         s.during(kSurge, kSurge + 1s).traffic(298, 100ms);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "too_few_samples", "100ms"},
      {"just enough of them",
       [](Story& s) {
         s.during(kSurge, kSurge + 1s).traffic(299, 100ms);
         s.criterion(p99(1s));
       },
       Status::pass, "fast_enough"},
      {"1 of 50 over: may be chance",
       [](Story& s) {
         s.during(kSurge, kSurge + 1s).traffic(49, 100ms).traffic(1, 2s);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "too_few_samples", "2s"},
      {"4 of 50 over: is none",
       [](Story& s) {
         s.during(kSurge, kSurge + 1s).traffic(46, 100ms).traffic(4, 2s);
         s.criterion(p99(1s));
       },
       Status::fail, "too_slow", "2s"},
      {"no sample", [](Story& s) { s.criterion(p99(1s)); }, Status::inconclusive, "no_samples"},
      {"only refused ones: no latency, no pass",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).outcome(Outcome::connect_refused, 10);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "no_samples"},
      {"during scaling: slow only later",
       [](Story& s) {
         tell_good_run(s).during(100s, kSurgeEnd).traffic(400, 2s);
         s.criterion(p99(1s, kScaling));
       },
       Status::pass, "fast_enough", "200ms"},
      {"during scaling: slow then",
       [](Story& s) {
         tell_good_run(s).during(61s, 94s).traffic(400, 2s);
         s.criterion(p99(1s, kScaling));
       },
       Status::fail, "too_slow", "2s"},
      {"during scaling, pods out of sight from within it: its end is not known",
       [](Story& s) {
         tell_good_run(s).at(70s).watch("pods", WatchState::Kind::lost, "connection refused");
         s.criterion(p99(1s, kScaling));
       },
       Status::inconclusive, "watch_gap"},
      {"during scaling, pods out of sight only later",
       [](Story& s) {
         tell_good_run(s).at(150s).watch("pods", WatchState::Kind::lost, "connection refused");
         s.at(160s).watch("pods", WatchState::Kind::synced);
         s.criterion(p99(1s, kScaling));
       },
       Status::pass, "fast_enough", "200ms"},
      {"a phase that never was",
       [](Story& s) {
         tell_good_run(s).criterion(p99(1s, {During::Kind::phase, "scaled"}));
         std::erase_if(s.records, [](const Record& r) { return std::holds_alternative<HpaSample>(r); });
       },
       Status::inconclusive, "no_such_phase"},
      {"a window at a stage's edge belongs to the stage that it names",
       [](Story& s) {
         s.scenario.load.stages[0].duration += 500ms;  // the surge begins within a window
         s.during(kSurge, kSurgeEnd).traffic(400, 100ms);
         s.during(kSurge, kSurge + 1s).traffic("list", 100, 9s);
         std::get<LoadWindow>(s.records.back()).stage = "baseline";
         s.criterion(p99(1s, kSurgeStage));
       },
       Status::pass, "fast_enough", "100ms"},
      {"the stage goes on", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); }, Status::inconclusive,
       "undecided", "200ms", 200s, false},
      {"answers may still come", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); },
       Status::inconclusive, "undecided", "200ms", 245s, false},
      {"all answers are in", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); }, Status::pass,
       "fast_enough", "200ms", 252s, false},
      {"cut off after the stage", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); }, Status::pass,
       "fast_enough", "200ms", 245s, true},
      {"cut off before the last answers",
       [](Story& s) {
         tell_good_run(s).criterion(p99(1s, kSurgeStage));
         LoadWindow unanswered;
         unanswered.begin = 239s;
         unanswered.length = 1s;
         unanswered.stage = "surge";
         unanswered.request = "GET /";
         unanswered.planned = 1;
         s.records.emplace_back(unanswered);
       },
       Status::inconclusive, "cut_off", "200ms", 245s, true},
      {"cut off within it", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); }, Status::inconclusive,
       "cut_off", "200ms", 200s, true},
      {"not begun", [](Story& s) { tell_good_run(s).criterion(p99(1s, kSurgeStage)); }, Status::inconclusive,
       "undecided", "*", 30s, false},
  };
  for (const Row& row : rows) check(row);
}

// The rules of analyzers/health.h. 99 of 100 is the share that has to be fast.
TEST(Latency, WithASickGenerator) {
  const Row rows[] = {
      {"pass stands when few were lost: 399 + 1 lost of 400 are 99.75 %",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(399, 100ms).outcome(Outcome::unsent, 1);
         s.criterion(p99(1s));
       },
       Status::pass, "fast_enough"},
      {"pass falls when the lost ones could break it: 390 of 400",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(390, 100ms).outcome(Outcome::unsent, 10);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "generator_sick"},
      {"pass stands although dispatch was late",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(400, 500ms, 100ms).generator(400ms, 0.5);
         s.criterion(p99(1s));
       },
       Status::pass, "fast_enough"},
      {"fail falls when only the lateness made it",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(400, 2s, 100ms).generator(1900ms, 0.5);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "generator_sick"},
      {"fail stands when the service alone was too slow",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(400, 2s, 1500ms).generator(500ms, 0.5);
         s.criterion(p99(1s));
       },
       Status::fail, "too_slow"},
      {"fail falls when the generator had no CPU",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(400, 2s, 2s).generator(1ms, 0.97);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "generator_sick"},
      {"the pool was too small: 256 connections all busy, the service itself quick",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(400, 2s, 700ms).generator(1300ms, 0.5, 100, 256);
         s.criterion(p99(1s));
       },
       Status::inconclusive, "connections_exhausted"},
  };
  for (const Row& row : rows) check(row);
}

}  // namespace
}  // namespace surgeproof::test
