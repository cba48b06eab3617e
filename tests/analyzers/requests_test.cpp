// error_rate and dropped_requests.
#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

ErrorRateCriterion at_most(double share) { return {Ratio{share}, {}, ""}; }
DroppedRequestsCriterion drops(std::uint64_t max) { return {max, {}}; }

TEST(ErrorRate, Table) {
  const Row rows[] = {
      {"none", [](Story& s) { tell_good_run(s).criterion(at_most(0.001)); }, Status::pass, "few_errors", "0 %"},
      {"1 of 100 is 1 %",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(99, 10ms).outcome(Outcome::server_error, 1);
         s.criterion(at_most(0.01));
       },
       Status::pass, "few_errors", "1 %"},
      {"2 of 100",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(98, 10ms).outcome(Outcome::server_error, 2);
         s.criterion(at_most(0.01));
       },
       Status::fail, "too_many_errors", "2 %"},
      {"drops are errors, too",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(98, 10ms).outcome(Outcome::reset, 2);
         s.criterion(at_most(0.01));
       },
       Status::fail, "too_many_errors", "2 %"},
      {"of another request",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic("page", 10, 10ms).outcome(Outcome::server_error, 5);
         s.criterion(ErrorRateCriterion{Ratio{0.01}, {}, "page"});
       },
       Status::pass, "few_errors", "0 %"},
      {"nothing sent", [](Story& s) { s.criterion(at_most(0.01)); }, Status::inconclusive, "no_samples"},
      {"all lost in the generator",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).outcome(Outcome::generator_error, 10);
         s.criterion(at_most(0.01));
       },
       Status::inconclusive, "no_samples"},
      {"lost ones could break it: 1 error, 2 lost, of 100",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(97, 10ms).outcome(Outcome::reset, 1).outcome(Outcome::unsent, 2);
         s.criterion(at_most(0.02));
       },
       Status::inconclusive, "generator_sick"},
      {"lost ones cannot save it",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(90, 10ms).outcome(Outcome::reset, 8).outcome(Outcome::unsent, 2);
         s.criterion(at_most(0.02));
       },
       Status::fail, "too_many_errors"},
      {"timeouts of a starved generator are doubtful",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(95, 10ms).outcome(Outcome::timeout, 5).generator(1ms, 0.99);
         s.criterion(at_most(0.02));
       },
       Status::inconclusive, "generator_sick"},
      {"going on", [](Story& s) { tell_good_run(s).criterion(at_most(0.001)); }, Status::inconclusive, "undecided",
       "0 %", 200s, false},
  };
  for (const Row& row : rows) check(row);
}

TEST(DroppedRequests, Table) {
  const RequestFailure reset = failed_new(Outcome::reset);
  const Row rows[] = {
      {"none", [](Story& s) { tell_good_run(s).criterion(drops(0)); }, Status::pass, "none_dropped", "0"},
      {"one", [&](Story& s) { tell_good_run(s).criterion(drops(0)).at(100s).failure(reset); }, Status::fail, "dropped",
       "1"},
      {"as many as allowed", [&](Story& s) { tell_good_run(s).criterion(drops(1)).at(100s).failure(reset); },
       Status::pass, "few_dropped", "1"},
      {"a 500 is an answer",
       [](Story& s) { tell_good_run(s).criterion(drops(0)).during(100s, 101s).outcome(Outcome::server_error, 3); },
       Status::pass, "none_dropped", "0"},
      {"a 503 is none",
       [](Story& s) { tell_good_run(s).criterion(drops(0)).during(100s, 101s).outcome(Outcome::bad_gateway, 3); },
       Status::fail, "dropped", "3"},
      {"in another stage",
       [&](Story& s) {
         tell_good_run(s)
             .criterion(DroppedRequestsCriterion{0, {During::Kind::stage, "after"}})
             .at(100s)
             .failure(reset);
       },
       Status::pass, "none_dropped", "0"},
      {"a drop decides at once", [&](Story& s) { tell_good_run(s).criterion(drops(0)).at(100s).failure(reset); },
       Status::fail, "dropped", "1", 105s, false},
      {"none so far", [](Story& s) { tell_good_run(s).criterion(drops(0)); }, Status::inconclusive, "undecided", "0",
       105s, false},
      {"cut off", [](Story& s) { tell_good_run(s).criterion(drops(0)); }, Status::inconclusive, "cut_off", "0", 105s,
       true},
      {"nothing sent", [](Story& s) { s.criterion(drops(0)); }, Status::inconclusive, "no_samples"},
      {"lost in the generator: nobody knows",
       [](Story& s) { tell_good_run(s).criterion(drops(0)).during(100s, 101s).outcome(Outcome::unsent, 1); },
       Status::inconclusive, "generator_sick", "0"},
      {"lost in the generator, but all would fit",
       [](Story& s) { tell_good_run(s).criterion(drops(5)).during(100s, 101s).outcome(Outcome::generator_error, 5); },
       Status::pass, "none_dropped", "0"},
      {"timeouts of a starved generator",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(95, 10ms).outcome(Outcome::timeout, 5).generator(1ms, 0.99);
         s.criterion(drops(0));
       },
       Status::inconclusive, "generator_sick"},
      {"a reset is the service's, starved or not",
       [&](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(95, 10ms).generator(1ms, 0.99);
         s.criterion(drops(0)).at(100s).failure(reset);
       },
       Status::fail, "dropped", "1"},
      {"timeouts behind a full pool are the service's",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(95, 5s, 5s).outcome(Outcome::timeout, 5).generator(3s, 0.3, 500, 256);
         s.criterion(drops(0));
       },
       Status::fail, "dropped"},
  };
  for (const Row& row : rows) check(row);
}

TEST(DroppedRequests, TellsTheKinds) {
  Story story;
  tell_good_run(story).criterion(drops(0));
  story.during(100s, 101s).outcome(Outcome::reset, 2).outcome(Outcome::timeout, 1);
  const Finding f = story.verdict().findings[0];
  // 20 × 60 + 400 × 180 + 20 × 480 = 82800, and 3
  EXPECT_EQ(f.sentence, "3 of 82803 requests were dropped in the whole load (2 connection reset, 1 timed out)");
  EXPECT_EQ(f.margin, "-3");
}

}  // namespace
}  // namespace surgeproof::test
