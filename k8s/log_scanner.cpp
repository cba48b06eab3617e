#include "k8s/log_scanner.h"

#include <algorithm>

#include "base/wall_time.h"
#include "k8s/mask.h"

namespace surgeproof::k8s {
namespace {

constexpr std::string_view kHidden = "***";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// "secret_word=" asks whether a value is in the log: it is not to come into the record with the line.
void mask_values_of(std::string& text, std::string_view pattern) {
  if (!pattern.ends_with('=')) return;
  for (auto at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at)) {
    at += pattern.size();
    auto begin = std::min(text.find_first_not_of(" \"'", at), text.size());
    const auto end = std::min(text.find_first_of(" ,;&\"'\t)}]", begin), text.size());
    if (end == begin) continue;
    text.replace(begin, end - begin, kHidden);
    at = begin + kHidden.size();
  }
}

/// The part of a masked line around a match, for people.
std::string excerpt(std::string_view text, std::size_t match) {
  constexpr std::size_t kBefore = 80;
  std::size_t begin = match > kBefore ? match - kBefore : 0;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return (begin > 0 ? "…" : "") + safe_line(text.substr(begin), LogScanner::kLongestKept);
}

}  // namespace

/// Masked as a whole first: a cut could take the name from before a secret, or leave a half of it.
std::string LogScanner::kept(std::string_view line, const LogPattern& pattern) const {
  std::string text(line);
  for (const LogPattern& p : patterns_) {
    if (p.secret) replace_all(text, p.text, kHidden);
    mask_values_of(text, p.text);
  }
  text = mask_credentials(text);
  const auto match = text.find(pattern.secret ? kHidden : std::string_view(pattern.text));
  return excerpt(text, match == std::string::npos ? 0 : match);
}

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
    if (line.contains(patterns_[i].text)) out.push_back({i, kept(line, patterns_[i]), timestamp});
  }
}

}  // namespace surgeproof::k8s
