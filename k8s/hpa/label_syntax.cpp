#include "k8s/hpa/label_syntax.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace surgeproof::hpa {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kSymbols = "=!(),><";

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || ascii::is_digit(c); }

/// Letters, digits, '-', '_', '.', with a letter or digit at both ends; at most 63.
bool is_qualified_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && ascii::is_alphanumeric(text.front()) &&
         ascii::is_alphanumeric(text.back()) && std::ranges::all_of(text, [](char c) {
           return ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
         });
}

/// A DNS subdomain (RFC 1123): parts of lower-case letters, digits and '-', joined by dots; at most 253.
bool is_subdomain(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    if (part.empty() || !is_lower_or_digit(part.front()) || !is_lower_or_digit(part.back()) ||
        !std::ranges::all_of(part, [](char c) { return is_lower_or_digit(c) || c == '-'; })) {
      return false;
    }
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

LabelToken LabelLexer::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  if (rest_.empty()) return {LabelToken::Kind::end, {}};
  std::size_t length = 1;
  auto kind = LabelToken::Kind::symbol;
  if (kSymbols.find(rest_.front()) != std::string_view::npos) {
    if (rest_.starts_with("==") || rest_.starts_with("!=")) length = 2;
  } else {
    kind = LabelToken::Kind::word;
    length = rest_.size();
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (kSpace.find(rest_[i]) != std::string_view::npos || kSymbols.find(rest_[i]) != std::string_view::npos) {
        length = i;
        break;
      }
    }
  }
  const LabelToken token{kind, rest_.substr(0, length)};
  rest_.remove_prefix(length);
  return token;
}

std::optional<std::string> wrong_label_key(std::string_view key) {
  const auto slash = key.find('/');
  const bool fine = slash == std::string_view::npos
                        ? is_qualified_name(key)
                        : is_subdomain(key.substr(0, slash)) && is_qualified_name(key.substr(slash + 1));
  if (fine) return std::nullopt;
  return fmt::format("\"{}\" is not a label's name", key);
}

std::optional<std::string> wrong_label_value(std::string_view value) {
  if (value.empty() || is_qualified_name(value)) return std::nullopt;
  return fmt::format("\"{}\" is not a label's value", value);
}

}  // namespace surgeproof::hpa
