#include "loadgen/pacer.h"

#include <gtest/gtest.h>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using Action = Pacer::Action;

struct Row {
  const char* name;
  RunTime now;
  std::optional<RunTime> due;
  RunTime wake;
  RunTime last_due;  // of the arrival before
  Action action;
  RunTime until;
};

// spin 150 µs, share 10 %
const Row kRows[] = {
    {"due now", 10ms, 10ms, 50ms, 5ms, Action::dispatch, {}},
    {"overdue", 11ms, 10ms, 50ms, 5ms, Action::dispatch, {}},
    {"a long gap is polled for 150 µs at its end", 5ms, 10ms, 50ms, 5ms, Action::sleep, 9850us},
    {"polled within them", 9900us, 10ms, 50ms, 5ms, Action::poll, {}},
    {"a gap of 200 µs only for its last 20", 9800us, 10ms, 50ms, 9800us, Action::sleep, 9980us},
    {"and polled then", 9981us, 10ms, 50ms, 9800us, Action::poll, {}},
    {"other work comes first", 1ms, 10ms, 3ms, 0ms, Action::sleep, 3ms},
    {"other work is overdue", 4ms, 10ms, 3ms, 0ms, Action::poll, {}},
    {"nothing more is planned", 1ms, std::nullopt, 3ms, 0ms, Action::sleep, 3ms},
    {"two at the same instant", 9ms, 10ms, 50ms, 10ms, Action::sleep, 10ms},
};

TEST(Pacer, SaysWhatToDo) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    Pacer pacer{{.spin = 150us, .spin_share = 0.1}};
    pacer.passed(row.last_due);
    const Pacer::Step step = pacer.next(row.now, row.due, row.wake);
    EXPECT_EQ(step.action, row.action);
    EXPECT_EQ(step.until, row.until);
  }
}

// Simulated time: sleeping wakes 60 µs late, polling takes 1 µs a turn. At every rate the polled share stays bounded.
TEST(Pacer, StaysThrifty) {
  for (const auto gap : {RunTime{50us}, RunTime{200us}, RunTime{5ms}}) {
    Pacer pacer{{.spin = 150us, .spin_share = 0.08}};
    RunTime now{};
    RunTime polled{};
    RunTime due = gap;
    while (due < 1s) {
      const auto step = pacer.next(now, due, 2s);
      if (step.action == Action::dispatch) {
        pacer.passed(due);
        due += gap;
      } else if (step.action == Action::poll) {
        now += 1us;
        polled += 1us;
      } else {
        now = step.until + 60us;
      }
    }
    EXPECT_LE(polled, 90ms) << gap.count();
  }
}

}  // namespace
}  // namespace surgeproof::loadgen
