#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace surgeproof {
namespace {

/// Edit distance with transposition of neighbours counted as one (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({row[j - 1] + 1, last[j] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string format_diagnostic(const Diagnostic& d) {
  std::string text = d.file;
  if (d.line > 0) text += fmt::format(":{}", d.line);
  if (d.line > 0 && d.column > 0) text += fmt::format(":{}", d.column);
  if (!text.empty()) text += ": ";
  if (!d.path.empty()) text += d.path + ": ";
  text += d.message;
  if (!d.hint.empty()) text += "; " + d.hint;
  return text;
}

std::string format_diagnostic_with_source(const Diagnostic& d, std::string_view source) {
  std::string text = format_diagnostic(d);
  if (d.line <= 0) return text;
  for (int line = 1; line < d.line; ++line) {
    const auto end = source.find('\n');
    if (end == std::string_view::npos) return text;
    source.remove_prefix(end + 1);
  }
  std::string shown{source.substr(0, source.find('\n'))};
  constexpr std::size_t kWidest = 120;
  if (shown.size() > kWidest || shown.empty()) return text;
  std::string caret;
  for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(d.column) && i < shown.size(); ++i) {
    if ((static_cast<unsigned char>(shown[i]) & 0xC0) != 0x80) caret += shown[i] == '\t' ? '\t' : ' ';
  }
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < ' ' && c != '\t') c = '?';
  }
  return fmt::format("{}\n    {}\n    {}^", text, shown, caret);
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = 1 + std::max<std::size_t>(1, word.size() / 3);
  if (word.size() > 64) return {};
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string{best};
}

}  // namespace surgeproof
