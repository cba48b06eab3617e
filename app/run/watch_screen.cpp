#include "app/run/watch_screen.h"

#include "reports/watch_view.h"

namespace surgeproof {

void WatchScreen::tick(RunTime now) {
  const TerminalSize size = terminal_size();
  const bool due = shown_ == nullptr || now >= next_;
  if (due) {
    shown_ = &feed_.view_at(now);
    next_ = now + std::chrono::seconds{1};
  }
  if (!due && !screen_.was_continued() && size == drawn_) return;
  drawn_ = size;
  screen_.draw(reports::render_watch(*shown_, size.columns, size.rows, wants_colour()));
}

}  // namespace surgeproof
