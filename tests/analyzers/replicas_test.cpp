#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

ReplicasCriterion bounds(std::optional<int> min, std::optional<int> max, std::optional<int> changes) {
  return {"", min, max, changes, {}};
}

// tell_good_run: 2 to 5 ready; wanted 2, 5, 2: two changes.
TEST(Replicas, Table) {
  const Row rows[] = {
      {"within all", [](Story& s) { tell_good_run(s).criterion(bounds(2, 5, 2)); }, Status::pass, "within_bounds"},
      {"too few ready", [](Story& s) { tell_good_run(s).criterion(bounds(3, {}, {})); }, Status::fail, "too_few_ready",
       "2 ready"},
      {"too many wanted", [](Story& s) { tell_good_run(s).criterion(bounds({}, 4, {})); }, Status::fail,
       "too_many_wanted", "5 wanted"},
      {"flapping", [](Story& s) { tell_good_run(s).criterion(bounds({}, {}, 1)); }, Status::fail, "flapping",
       "2 changes"},
      {"one pod broke for a moment",
       [](Story& s) {
         s.during(0s, kLoadEnd).traffic(20, 50ms);
         s.at(150s).ready(1);
         s.at(151s).ready(2);
         s.criterion(bounds(2, {}, {}));
       },
       Status::fail, "too_few_ready", "1 ready"},
      {"broken bounds decide at once", [](Story& s) { tell_good_run(s).criterion(bounds({}, 4, {})); }, Status::fail,
       "too_many_wanted", "5 wanted", 80s, false},
      {"so far so good", [](Story& s) { tell_good_run(s).criterion(bounds(2, 5, 2)); }, Status::inconclusive,
       "undecided", "*", 80s, false},
      {"cut off", [](Story& s) { tell_good_run(s).criterion(bounds(2, 5, 2)); }, Status::inconclusive, "cut_off", "*",
       80s, true},
      {"kept, but not watched throughout",
       [](Story& s) {
         tell_good_run(s).criterion(bounds(2, {}, {}));
         s.at(300s).watch("pods", WatchState::Kind::lost);
         s.at(310s).watch("pods", WatchState::Kind::synced);
       },
       Status::inconclusive, "watch_gap"},
      {"a gap of something else does not matter",
       [](Story& s) {
         tell_good_run(s).criterion(bounds(2, {}, {}));
         s.at(300s).watch("deployments", WatchState::Kind::lost);
         s.at(310s).watch("deployments", WatchState::Kind::synced);
       },
       Status::pass, "within_bounds"},
  };
  for (const Row& row : rows) check(row);
}

}  // namespace
}  // namespace surgeproof::test
