#include "app/run/live_console.h"

#include <ostream>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

/// Between two plain lines: some dozens for a whole run.
RunTime line_interval(std::chrono::nanoseconds total) { return total > 5min ? 10s : total > 20s ? 5s : 1s; }

}  // namespace

LiveConsole::LiveConsole(View view, std::ostream& lines) : quiet_{view == View::quiet}, lines_{lines} {
  if (view == View::automatic && is_live_terminal()) screen_.emplace();
}

void LiveConsole::show(const reports::LiveView& view, RunTime now) {
  if (screen_) {
    shown_ = view;
    draw();
    return;
  }
  if (quiet_) return;
  for (const auto& news : reports::render_plain_news(shown_, view)) lines_ << news << '\n';
  shown_ = view;
  if (now >= next_line_) {
    lines_ << reports::render_plain_line(view) << '\n';
    next_line_ = now + line_interval(view.total);
  }
  lines_ << std::flush;
}

void LiveConsole::tick() {
  if (screen_ && drawn_ && (screen_->was_continued() || terminal_size() != *drawn_)) draw();
}

void LiveConsole::draw() {
  const TerminalSize size = terminal_size();
  drawn_ = size;
  screen_->draw(reports::render_live(shown_, size.columns, size.rows, wants_colour()));
}

}  // namespace surgeproof
