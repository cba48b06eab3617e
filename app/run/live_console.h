// What the person at the terminal sees while a run goes on: the live view, plain lines, or nothing.
#pragma once

#include <iosfwd>
#include <optional>

#include "app/terminal.h"
#include "base/run_time.h"
#include "reports/live.h"

namespace surgeproof {

enum class View : std::uint8_t {
  automatic,  ///< live on a terminal, plain lines elsewhere
  plain,      ///< a line every few seconds
  quiet,      ///< only the result
};

class LiveConsole {
 public:
  /// Plain lines go to `lines`. The live view takes the terminal until this object is gone.
  LiveConsole(View view, std::ostream& lines);

  [[nodiscard]] bool is_live() const { return screen_.has_value(); }
  /// A moment of the run, about once a second: draws it, or prints what has happened and, every few seconds, a line.
  void show(const reports::LiveView& view, RunTime now);
  /// Several times a second: a terminal that has another size is drawn anew.
  void tick();

 private:
  void draw();

  bool quiet_;
  std::ostream& lines_;
  std::optional<LiveScreen> screen_;
  std::optional<TerminalSize> drawn_;  ///< empty until something was shown
  reports::LiveView shown_;
  RunTime next_line_{};
};

}  // namespace surgeproof
