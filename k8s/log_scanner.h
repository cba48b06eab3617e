// Looks for plain texts in the log of one container, as it comes. Sans-I/O: bytes in, matches out; bounded whatever the
// log holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_time.h"

namespace surgeproof::k8s {

/// A text to look for. What is `secret` is masked in every line that is kept; only `shown` may be recorded.
struct LogPattern {
  std::string text;
  std::string shown;
  bool secret = false;

  LogPattern(std::string text_and_shown) : text(text_and_shown), shown(std::move(text_and_shown)) {}
  LogPattern(const char* text_and_shown) : LogPattern(std::string(text_and_shown)) {}
  LogPattern(std::string what, std::string as_shown, bool is_secret)
      : text(std::move(what)), shown(std::move(as_shown)), secret(is_secret) {}
};

struct LogMatch {
  std::size_t pattern = 0;  ///< index
  std::string line;         ///< shortened around the match; credentials, secret patterns, and the value that follows a
                            ///< pattern like "password=" masked
  std::optional<WallTime> timestamp;
};

/// Lines begin with an RFC 3339 time and a space, as the API gives them with timestamps=true.
class LogScanner {
 public:
  explicit LogScanner(std::vector<LogPattern> patterns) : patterns_(std::move(patterns)) {}

  /// Appends what is found in the lines that are complete now. Of a longer line the first kLongestLine bytes are looked
  /// at. A match is one line with a pattern, however often it stands in it.
  void feed(std::string_view bytes, std::vector<LogMatch>& out);
  /// The stream is over: the last line may lack its end. What follows belongs to a new stream, which may begin with
  /// lines that were seen already (`sinceTime` has whole seconds): those up to the last time are left out.
  void end(std::vector<LogMatch>& out);
  /// The time of the last line.
  [[nodiscard]] std::optional<WallTime> last() const { return last_; }

  static constexpr std::size_t kLongestLine = 64 * 1024;
  /// Of what is kept of a line.
  static constexpr std::size_t kLongestKept = 240;

 private:
  void scan(std::string_view line, std::vector<LogMatch>& out);
  [[nodiscard]] std::string kept(std::string_view line, const LogPattern& pattern) const;

  std::vector<LogPattern> patterns_;
  std::string line_;
  std::optional<WallTime> last_;
  std::optional<WallTime> seen_;  // up to here in an earlier stream
};

}  // namespace surgeproof::k8s
