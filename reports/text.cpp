#include "reports/text.h"

#include <cmath>

#include "base/duration.h"

namespace surgeproof::reports {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
  bool valid = true;
};

// One code point at `i`, refusing overlong forms, surrogates and values over U+10FFFF.
CodePoint decode(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return {0xFFFD, 1, false};
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0u) != 0x80u) return {0xFFFD, 1, false};
    value = (value << 6) | (byte(i + k) & 0x3Fu);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) return {0xFFFD, 1, false};
  return {value, length, true};
}

bool is_unprintable(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

std::size_t length_of_colour(std::string_view text, std::size_t i) {
  if (text[i] != '\x1b') return 0;
  const std::size_t end = text.find('m', i);
  return end == std::string_view::npos ? 1 : end - i + 1;
}

/// How many octets the first `count` characters take.
std::size_t bytes_of_columns(std::string_view text, int count) {
  std::size_t i = 0;
  for (int n = 0; n < count && i < text.size(); ++n) i += decode(text, i).length;
  return i;
}

}  // namespace

std::string cleaned(std::string_view text, bool keep_newlines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode(text, i);
    if (!c.valid) {
      out += "\xEF\xBF\xBD";
    } else if (keep_newlines && (c.value == '\n' || c.value == '\t')) {
      out += text[i];
    } else if (is_unprintable(c.value)) {
      out += ' ';
    } else {
      out += text.substr(i, c.length);
    }
    i += c.length;
  }
  return out;
}

std::string escaped_xml(std::string_view text, bool keep_newlines) {
  std::string out;
  for (const char c : cleaned(text, keep_newlines)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escaped_markdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]#|~!$";
  std::string out;
  for (const char c : cleaned(text)) {
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
    } else if (c == '@') {
      out += "&#64;";  // no mention of a user by accident
    } else {
      if (kMarkup.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

int columns(std::string_view text) {
  int n = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t colour = length_of_colour(text, i)) {
      i += colour;
      continue;
    }
    i += decode(text, i).length;
    ++n;
  }
  return n;
}

std::string cut(std::string_view text, int width) {
  if (width <= 0) return {};
  if (columns(text) <= width) return std::string(text);
  return std::string(text.substr(0, bytes_of_columns(text, width - 1))) + "…";
}

std::string padded(std::string_view text, int width) {
  std::string out = cut(text, width);
  out.append(static_cast<std::size_t>(std::max(0, width - columns(out))), ' ');
  return out;
}

std::string right_aligned(std::string_view text, int width) {
  const std::string body = cut(text, width);
  return std::string(static_cast<std::size_t>(std::max(0, width - columns(body))), ' ') + body;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) lines.push_back(std::move(line));
    line.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    std::string_view word = text.substr(i, end - i);
    i = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && columns(line) + 1 + columns(word) > width) end_line();
    while (columns(word) > std::max(width, 1)) {
      const std::size_t head = bytes_of_columns(word, std::max(width, 1));
      lines.emplace_back(word.substr(0, head));
      word.remove_prefix(head);
    }
    line += line.empty() ? std::string(word) : " " + std::string(word);
  }
  end_line();
  return lines;
}

std::string grouped(std::uint64_t n) {
  std::string digits = fmt::format("{}", n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string words_for_ms(std::optional<double> ms) {
  if (!ms) return "–";
  return format_duration(std::chrono::nanoseconds{std::llround(*ms * 1e6)});
}

std::string clock_text(double seconds) {
  const auto total = static_cast<std::int64_t>(std::llround(std::fabs(seconds)));
  const char* sign = seconds < 0 && total > 0 ? "-" : "";
  if (total >= 3600) return fmt::format("{}{}:{:02}:{:02}", sign, total / 3600, total / 60 % 60, total % 60);
  return fmt::format("{}{}:{:02}", sign, total / 60, total % 60);
}

std::string rate_text(double per_second) {
  if (per_second >= 100) return grouped(static_cast<std::uint64_t>(std::llround(per_second)));
  if (per_second >= 10) return fmt::format("{:.3g}", per_second);
  return fmt::format("{:.2g}", per_second < 0.005 ? 0.0 : per_second);
}

}  // namespace surgeproof::reports
