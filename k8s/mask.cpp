#include "k8s/mask.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"

namespace surgeproof::k8s {
namespace {

constexpr std::string_view kStars = "***";

/// Of a word that may be a token. Not '/', which separates paths.
bool is_word(char c) { return ascii::is_alphanumeric(c) || std::string_view("+_-.=~").contains(c); }
bool is_name(char c) { return ascii::is_alphanumeric(c) || c == '_' || c == '-'; }

/// Names of objects and ids are lower case; what has all three kinds of characters and is this long is random.
bool looks_random(std::string_view word) {
  constexpr std::size_t kLeastMixed = 24;
  constexpr std::size_t kLeastHex = 48;
  const auto has = [&](auto test) { return std::ranges::any_of(word, test); };
  const bool upper = has([](unsigned char c) { return std::isupper(c) != 0; });
  const bool small = has([](unsigned char c) { return std::islower(c) != 0; });
  const bool digit = has([](unsigned char c) { return std::isdigit(c) != 0; });
  if (word.size() >= kLeastMixed && upper && small && digit) return true;
  const bool hex = std::ranges::all_of(word, [](unsigned char c) { return std::isxdigit(c) != 0; });
  return word.size() >= kLeastHex && hex;
}

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 14> kWords{
      "password", "passwd",    "secret",     "token",  "apikey",     "api_key",       "api-key",
      "private",  "signature", "credential", "cookie", "access_key", "authorization", "assertion"};
  const std::string small = ascii::lower(name);
  return std::ranges::any_of(kWords, [&](std::string_view word) { return small.contains(word); });
}

/// Behind a secret's name: the end of `="value"`, `: value`, …; `begin` when there is no value.
struct Span {
  std::size_t begin;
  std::size_t end;
};
Span value_after(std::string_view text, std::size_t at) {
  std::size_t i = at;
  if (i < text.size() && (text[i] == '"' || text[i] == '\'')) ++i;
  while (i < text.size() && text[i] == ' ') ++i;
  if (i >= text.size() || (text[i] != '=' && text[i] != ':')) return {at, at};
  ++i;
  while (i < text.size() && text[i] == ' ') ++i;
  const char quote = i < text.size() && (text[i] == '"' || text[i] == '\'') ? text[i++] : '\0';
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    if (ascii::lower(text.substr(i, scheme.size())) == scheme) i += scheme.size();
  }
  const std::size_t begin = i;
  const std::string_view ends = "&,; \n\t}\"'";
  while (i < text.size() && (quote != '\0' ? text[i] != quote : !ends.contains(text[i]))) ++i;
  return {begin, i};
}

/// "failed to get token: expected an answer": a sentence goes on. A password may be any word.
bool is_prose(std::string_view text, std::string_view name, Span value) {
  const std::string small = ascii::lower(name);
  if (small.contains("passw") || small.contains("secret") || value.begin < 2) return false;
  const std::string_view word = text.substr(value.begin, value.end - value.begin);
  return text.substr(value.begin - 2, 2) == ": " && word.size() <= 12 &&
         std::ranges::all_of(word, [](unsigned char c) { return std::isalpha(c) || c == ':' || c == '.'; });
}

std::string without_pem(std::string text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  for (auto at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at + kStars.size())) {
    const auto end = text.find("-----END ", at);
    const auto close = end == std::string::npos ? std::string::npos : text.find("-----", end + 9);
    text.replace(at, close == std::string::npos ? std::string::npos : close + 5 - at, kStars);
  }
  return text;
}

/// "https://user:password@host"
std::string without_url_passwords(std::string text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto end = std::min(text.find_first_of("/?# \"'\n", at + 3), text.size());
    const auto host = text.rfind('@', end);
    const auto colon = text.find(':', at + 3);
    if (host == std::string::npos || host < at + 3 || colon == std::string::npos || colon > host) continue;
    text.replace(colon + 1, host - colon - 1, kStars);
  }
  return text;
}

}  // namespace

std::string mask_credentials(std::string_view original) {
  const std::string text = without_url_passwords(without_pem(std::string(original)));
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      out += text[i++];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    std::size_t name_end = i;
    while (name_end < end && is_name(text[name_end])) ++name_end;
    const std::string_view word = std::string_view(text).substr(i, end - i);
    const std::string_view name = word.substr(0, name_end - i);
    if (is_secret(name)) {
      const Span value = value_after(text, name_end);
      if (value.end > value.begin && !is_prose(text, name, value)) {
        out += std::string_view(text).substr(i, value.begin - i);
        out += kStars;
        i = value.end;
        continue;
      }
    }
    const std::string small = ascii::lower(word);
    if ((small == "bearer" || small == "basic") && end < text.size() && text[end] == ' ') {
      std::size_t value_end = end + 1;
      while (value_end < text.size() && (is_word(text[value_end]) || text[value_end] == '/')) ++value_end;
      if (value_end - end > 8) {
        out += std::string(word) + " " + std::string(kStars);
        i = value_end;
        continue;
      }
    }
    out += looks_random(word) ? kStars : word;
    i = end;
  }
  return out;
}

std::string safe_line(std::string_view text, std::size_t max) {
  std::string out = mask_credentials(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  }
  if (out.size() <= max) return out;
  std::size_t cut = max;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
  out.resize(cut);
  return out + "…";
}

}  // namespace surgeproof::k8s
