#include "app/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>

namespace surgeproof {
namespace {

TEST(InterruptGuard, CountsSignals) {
  const InterruptGuard guard;
  EXPECT_EQ(InterruptGuard::count(), 0);
  std::raise(SIGINT);
  EXPECT_EQ(InterruptGuard::count(), 1);
  std::raise(SIGHUP);
  EXPECT_EQ(InterruptGuard::count(), 2);
}

TEST(InterruptGuard, LeavesNohupAlone) {
  std::signal(SIGHUP, SIG_IGN);
  {
    const InterruptGuard guard;
    std::raise(SIGHUP);
    EXPECT_EQ(InterruptGuard::count(), 0);
  }
  std::raise(SIGHUP);  // would end the process if the guard had not left it ignored
  EXPECT_EQ(std::signal(SIGHUP, SIG_DFL), SIG_IGN);
}

}  // namespace
}  // namespace surgeproof
