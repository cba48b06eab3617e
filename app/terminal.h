// What the process's output is connected to, and a screen region that is drawn over again.
#pragma once

#include <string>
#include <string_view>

namespace surgeproof {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
  bool operator==(const TerminalSize&) const = default;
};

/// Whether standard output is a terminal on which a live view makes sense: not in CI (the variable set, and neither
/// "false" nor "0"), TERM set and not "dumb".
bool is_live_terminal();
/// Whether to use ANSI colours on standard output: a terminal, and NO_COLOR unset or empty (no-color.org).
bool wants_colour();
/// Whether the locale's character set is UTF-8.
bool speaks_utf8();
TerminalSize terminal_size();

/// Leaves the alternate screen if a LiveScreen is on it. Async-signal-safe.
void restore_terminal_in_signal_handler();

/// Draws a text over the one before, in the terminal's alternate screen; leaves it when destroyed, and also when the
/// process crashes, or is stopped with Ctrl-Z (and comes back with it when it is continued). One at a time.
class LiveScreen {
 public:
  LiveScreen();
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;
  /// A terminal that takes nothing now (Ctrl-S, a slow line) misses this one: the run must not wait for it.
  void draw(std::string_view text);
  /// The process was stopped and continued since the last call: the screen is empty.
  [[nodiscard]] bool was_continued();
};

}  // namespace surgeproof
