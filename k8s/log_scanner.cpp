#include "k8s/log_scanner.h"

#include <algorithm>

#include "base/wall_time.h"
#include "k8s/mask.h"

namespace surgeproof::k8s {
namespace {

/// The part of a line around a match, for people.
std::string excerpt(std::string_view text, std::size_t match) {
  constexpr std::size_t kBefore = 80;
  std::size_t begin = match > kBefore ? match - kBefore : 0;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  // Masked as a whole first, or a cut could take the name from before a secret.
  const std::string kept = safe_line(text.substr(begin, LogScanner::kLongestKept * 4), LogScanner::kLongestKept);
  return (begin > 0 ? "…" : "") + kept;
}

}  // namespace

void LogScanner::feed(std::string_view bytes, std::vector<LogMatch>& out) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, newline);
    if (newline != std::string_view::npos && line_.empty()) {
      scan(piece.substr(0, kLongestLine), out);
    } else {
      line_ += piece.substr(0, kLongestLine - std::min(kLongestLine, line_.size()));
      if (newline == std::string_view::npos) return;
      scan(line_, out);
      line_.clear();
    }
    bytes.remove_prefix(newline + 1);
  }
}

void LogScanner::end(std::vector<LogMatch>& out) {
  if (!line_.empty()) scan(line_, out);
  line_.clear();
  seen_ = last_;
}

void LogScanner::scan(std::string_view line, std::vector<LogMatch>& out) {
  const auto space = line.find(' ');
  std::optional<WallTime> timestamp;
  if (space != std::string_view::npos && space <= 40) timestamp = parse_rfc3339(line.substr(0, space));
  if (timestamp) {
    line.remove_prefix(space + 1);
    if (seen_ && *timestamp <= *seen_) return;
    last_ = timestamp;
  }
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    const auto at = line.find(patterns_[i]);
    if (at != std::string_view::npos) out.push_back({i, excerpt(line, at), timestamp});
  }
}

}  // namespace surgeproof::k8s
