#include "app/terminal.h"

#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdlib>

namespace surgeproof {
namespace {

// The alternate screen, no cursor, and no line that is wrapped while the terminal becomes narrower.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
std::atomic<bool> g_live{false};
std::atomic<bool> g_continued{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in signal handlers");

/// What ends the process without unwinding, and Ctrl-Z.
constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGTSTP};
std::array<struct sigaction, kSignals.size()> g_before;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// Async-signal-safe.
void put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n <= 0) return;  // a vanished terminal must not stop the run
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// The terminal takes bytes now. Flow control (Ctrl-S) shows here: a write would wait.
bool takes_bytes() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0;
}

extern "C" void on_crash(int signal) {
  restore_terminal_in_signal_handler();
  // As it would have ended without us: the signal is pending until this returns.
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == signal) sigaction(signal, &g_before[i], nullptr);
  }
  ::raise(signal);
}

extern "C" void on_stop(int) {
  restore_terminal_in_signal_handler();
  ::raise(SIGSTOP);
  if (!g_live) return;
  put(kEnter);
  g_continued = true;
}

}  // namespace

bool is_live_terminal() {
  const std::string ci = environment("CI");
  const std::string term = environment("TERM");
  return isatty(STDOUT_FILENO) == 1 && (ci.empty() || ci == "false" || ci == "0") && !term.empty() && term != "dumb";
}

bool wants_colour() { return is_live_terminal() && environment("NO_COLOR").empty(); }

bool speaks_utf8() {
  std::setlocale(LC_CTYPE, "");
  return std::string_view{nl_langinfo(CODESET)} == "UTF-8";
}

TerminalSize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void restore_terminal_in_signal_handler() {
  if (g_live) put(kLeave);
}

LiveScreen::LiveScreen() {
  g_live = true;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action{};
    action.sa_handler = kSignals[i] == SIGTSTP ? on_stop : on_crash;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(kSignals[i], &action, &g_before[i]);
  }
  put(kEnter);
}

LiveScreen::~LiveScreen() {
  put(kLeave);
  g_live = false;
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_before[i], nullptr);
}

bool LiveScreen::was_continued() { return g_continued.exchange(false); }

void LiveScreen::draw(std::string_view text) {
  if (!takes_bytes()) return;
  // Each line is erased before it is written: to erase behind it would take its last column along.
  const std::size_t last = text.rfind('\n');
  std::string frame = last == std::string_view::npos ? "\x1b[H\x1b[J" : "\x1b[H\x1b[2K";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      frame += i == last ? "\r\n\x1b[J" : "\r\n\x1b[2K";
    } else {
      frame += text[i];
    }
  }
  put(frame);
}

}  // namespace surgeproof
