#include "loadgen/pacer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using Action = Pacer::Action;
using Pacing = ClientOptions::Pacing;

struct PacerRow {
  const char* name;
  RunTime now;
  std::optional<RunTime> due;
  RunTime wake;
  Action action;
  RunTime until;
};

// margin 150 µs
const PacerRow kRows[] = {
    {"due now", 10ms, 10ms, 50ms, Action::dispatch, {}},
    {"overdue", 11ms, 10ms, 50ms, Action::dispatch, {}},
    {"the last 150 µs are polled", 5ms, 10ms, 50ms, Action::sleep, 9850us},
    {"within them", 9900us, 10ms, 50ms, Action::poll, {}},
    {"too short a sleep", 9846us, 10ms, 50ms, Action::poll, {}},
    {"just long enough", 9845us, 10ms, 50ms, Action::sleep, 9850us},
    {"other work comes first", 1ms, 10ms, 3ms, Action::sleep, 3ms},
    {"other work is overdue", 4ms, 10ms, 3ms, Action::poll, {}},
    {"nothing more is planned", 1ms, std::nullopt, 3ms, Action::sleep, 3ms},
};

TEST(Pacer, SaysWhatToDo) {
  for (const PacerRow& row : kRows) {
    SCOPED_TRACE(row.name);
    Pacer pacer{{.least_margin = 150us, .most_margin = 150us}};
    const Pacer::Step step = pacer.next(row.now, row.due, row.wake);
    EXPECT_EQ(step.action, row.action);
    EXPECT_EQ(step.until, row.until);
  }
}

TEST(Pacer, ThriftyNapsAndSendsTogetherWhatFellDue) {
  Pacer pacer{{.least_margin = {}, .most_margin = {}, .nap = 3ms}};
  EXPECT_EQ(pacer.next(1ms, 1ms, 50ms).action, Action::dispatch);
  EXPECT_EQ(pacer.next(1ms, 1ms, 50ms).action, Action::dispatch);  // more was due than goes out in one pass
  pacer.caught_up(1ms);
  EXPECT_EQ(pacer.next(1ms, 1500us, 50ms).until, 4ms);
  EXPECT_EQ(pacer.next(2ms, 1500us, 50ms).action, Action::sleep);  // woken by an answer
  EXPECT_EQ(pacer.next(2ms, 1500us, 3ms).until, 3ms);              // other work
  EXPECT_EQ(pacer.next(3ms, 1500us, 3ms).action, Action::poll);
  EXPECT_EQ(pacer.next(4ms, 1500us, 50ms).action, Action::dispatch);
  EXPECT_EQ(pacer.next(2ms, 9ms, 50ms).until, 9ms);  // seldom arrivals are not held back
  EXPECT_EQ(pacer.next(2ms, std::nullopt, 50ms).until, 50ms);
}

/// A machine on which sleeps end so late: each as the next of these, in turn.
using Machine = std::vector<RunTime>;
const Machine kPunctual{4us, 5us, 6us, 4us, 5us};
const Machine kVirtual{60us, 90us, 70us, 140us, 80us, 65us, 100us};

struct Simulated {
  double polled = 0;  // share of the time
  double slept = 0;   // sleeps per arrival
  RunTime late_p50{};
  RunTime late_p99{};
};

/// `rate` arrivals a second for 2 s; looking once takes 1 µs. What the first half second shows is left out: then the
/// pacer does not know the machine yet.
Simulated simulate(Pacing pacing, const Machine& machine, RunTime gap) {
  Pacer pacer{pacer_settings(pacing)};
  Simulated s;
  std::vector<RunTime> late;
  RunTime polled{};
  double sleeps = 0;
  std::size_t turn = 0;
  RunTime now{};
  RunTime due = gap;
  while (due < 2s) {
    const bool counts = due > 500ms;
    const Pacer::Step step = pacer.next(now, due, 1h);
    if (step.action == Action::dispatch) {
      for (; due <= now; due += gap) {
        if (counts) late.push_back(now - due);
      }
      pacer.caught_up(now);
    } else if (step.action == Action::poll) {
      now += 1us;
      if (counts) polled += 1us;
    } else {
      now = step.until + machine[turn++ % machine.size()];
      if (counts) ++sleeps;
      pacer.woke(step.until, now);
    }
  }
  std::ranges::sort(late);
  s.polled = std::chrono::duration<double>(polled) / 1500ms;
  s.slept = sleeps / static_cast<double>(late.size());
  s.late_p50 = late[late.size() / 2];
  s.late_p99 = late[late.size() * 99 / 100];
  return s;
}

struct SimulatedRow {
  const char* name;
  Pacing pacing;
  const Machine& machine;
  RunTime gap;
  double most_polled;  // share of the time
  double most_slept;   // per arrival
  RunTime most_p50;
  RunTime most_p99;
};

const SimulatedRow kSimulated[] = {
    // 10 µs of 50 are polled, at 20,000/s
    {"punctual machine, fast", Pacing::balanced, kPunctual, 50us, 0.25, 1, 1us, 2us},
    {"punctual machine, slow", Pacing::balanced, kPunctual, 5ms, 0.003, 1, 1us, 2us},
    // sleeps are later than the gap: polled nearly all along, a sleep now and then to see whether that is still so
    {"virtual machine, fast", Pacing::balanced, kVirtual, 50us, 1, 0.01, 1us, 100us},
    // up to 140 µs of each gap
    {"virtual machine, 2,000/s", Pacing::balanced, kVirtual, 500us, 0.31, 1, 1us, 80us},
    {"virtual machine, slow", Pacing::balanced, kVirtual, 5ms, 0.031, 1, 1us, 80us},
    {"exact", Pacing::exact, kVirtual, 50us, 1, 0, 1us, 1us},
    {"thrifty, fast: a sleep for 60 arrivals", Pacing::thrifty, kVirtual, 50us, 0, 0.02, 1600us, 3200us},
    {"thrifty, slow: as late as sleeps are", Pacing::thrifty, kVirtual, 5ms, 0, 1, 100us, 150us},
};

TEST(Pacer, KeepsToItsBounds) {
  for (const SimulatedRow& row : kSimulated) {
    SCOPED_TRACE(row.name);
    const Simulated s = simulate(row.pacing, row.machine, row.gap);
    EXPECT_LE(s.polled, row.most_polled);
    EXPECT_LE(s.slept, row.most_slept);
    EXPECT_LE(s.late_p50, row.most_p50);
    EXPECT_LE(s.late_p99, row.most_p99);
  }
}

TEST(Pacer, ForgetsABadMinute) {
  Pacer pacer{pacer_settings(Pacing::balanced)};
  for (int i = 0; i < 1000; ++i) pacer.woke(0ms, 5ms);
  EXPECT_EQ(pacer.margin(), 200us);  // bounded, however late
  for (int i = 0; i < 10'000; ++i) pacer.woke(0ms, 5us);
  EXPECT_EQ(pacer.margin(), 10us);
}

}  // namespace
}  // namespace surgeproof::loadgen
