// What the process's output is connected to, and a screen region that is drawn over again.
#pragma once

#include <string>
#include <string_view>

namespace surgeproof {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

/// Whether standard output is a terminal on which a live view makes sense (not in CI, not TERM=dumb).
bool is_live_terminal();
/// Whether to use ANSI colours on standard output: a terminal, and NO_COLOR unset or empty (no-color.org).
bool wants_colour();
/// Whether the locale's character set is UTF-8.
bool speaks_utf8();
TerminalSize terminal_size();

/// Leaves the alternate screen if a LiveScreen is on it. Async-signal-safe.
void restore_terminal_in_signal_handler();

/// Draws a text over the one before, in the terminal's alternate screen; leaves it when destroyed.
class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;
  void draw(std::string_view text);

 private:
  static void put(std::string_view bytes);
};

}  // namespace surgeproof
