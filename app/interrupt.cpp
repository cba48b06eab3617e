#include "app/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "app/terminal.h"

namespace surgeproof {
namespace {

std::atomic<int> g_count{0};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

extern "C" void on_signal(int) {
  if (g_count.fetch_add(1) < 2) return;
  restore_terminal_in_signal_handler();
  _exit(130);
}

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

/// As nohup leaves it: the run is meant to outlive its terminal.
bool hangup_is_ignored() {
  struct sigaction now{};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  g_count = 0;
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int s : kSignals) {
    if (s != SIGHUP || !hangup_is_ignored()) sigaction(s, &action, nullptr);
  }
  // Both come back as errors of the write, which are said and survived.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

InterruptGuard::~InterruptGuard() {
  for (const int s : kSignals) {
    if (s != SIGHUP || !hangup_is_ignored()) std::signal(s, SIG_DFL);
  }
}

int InterruptGuard::count() { return g_count.load(); }

}  // namespace surgeproof
