#include "app/terminal.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <clocale>
#include <cstdlib>

namespace surgeproof {
namespace {

constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
std::atomic<bool> g_live{false};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace

bool is_live_terminal() {
  return isatty(STDOUT_FILENO) == 1 && environment("CI").empty() && environment("TERM") != "dumb";
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
  if (!g_live) return;
  [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, kLeave.data(), kLeave.size());
}

LiveScreen::LiveScreen() {
  g_live = true;
  put("\x1b[?1049h\x1b[?25l");
}

LiveScreen::~LiveScreen() {
  put(kLeave);
  g_live = false;
}

void LiveScreen::draw(std::string_view text) {
  std::string frame = "\x1b[H";
  for (const char c : text) {
    if (c == '\n') {
      frame += "\x1b[K\r\n";
    } else {
      frame += c;
    }
  }
  frame += "\x1b[K\x1b[J";
  put(frame);
}

void LiveScreen::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n <= 0) return;  // a vanished terminal must not stop the run
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace surgeproof
