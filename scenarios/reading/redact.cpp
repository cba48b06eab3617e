// Literal secrets in a scenario: where they stand and what takes their place.
#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "scenarios/parse.h"
#include "scenarios/reading/expand.h"
#include "scenarios/reading/rewrite.h"

namespace surgeproof {
namespace reading {
namespace {

constexpr std::string_view kStars = "***";

/// Nothing but references without a default and the word for a scheme: "Bearer ${TOKEN}".
bool only_references(std::string_view text) {
  std::string rest;
  std::size_t done = 0;
  bool any = false;
  for (const auto& r : find_references(text)) {
    if (r.has_fallback && !r.fallback.empty()) return false;
    rest += text.substr(done, r.begin - done);
    done = r.end;
    any = true;
  }
  rest += text.substr(done);
  std::erase_if(rest, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
  constexpr std::array<std::string_view, 7> kSchemes{"", "bearer", "basic", "token", "digest", "apikey", "negotiate"};
  return any && std::find(kSchemes.begin(), kSchemes.end(), ascii::lower(rest)) != kSchemes.end();
}

/// "https://user:password@host" with the password gone.
std::string without_url_passwords(std::string text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto begin = at + 3;
    const auto authority_end = std::min(text.find_first_of("/?# \"'\n", begin), text.size());
    const auto host = text.substr(begin, authority_end - begin).rfind('@');
    const auto colon = text.find(':', begin);
    if (host == std::string::npos || colon >= begin + host) continue;
    const auto password = std::string_view{text}.substr(colon + 1, begin + host - colon - 1);
    if (!password.empty() && !only_references(password)) text.replace(colon + 1, password.size(), kStars);
  }
  return text;
}

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

/// Where the value that begins at `at` ends: at its quote, or at what separates values; a `${…}` is no such end.
/// After a '=' (a query, a form) a space ends it, too; after a ':' ("Authorization: Bearer x") it does not.
std::size_t end_of_value(std::string_view text, std::size_t at, char quote, char separator) {
  const std::string_view ends_at = separator == '=' ? "&,;}\n# " : "&,;}\n#";
  while (at < text.size()) {
    if (text.substr(at, 2) == "${") {
      at = std::min(text.find('}', at), text.size() - 1) + 1;
      continue;
    }
    const bool ends = quote != '\0' ? text[at] == quote : ends_at.contains(text[at]);
    if (ends) break;
    ++at;
  }
  return at;
}

/// In running text (a path with a query, a form, JSON) the values of secret names: `api_key=x`, `"password": "x"`.
std::string without_named_secrets(std::string_view text);

/// A `${NAME:-default}`: its default goes when the variable is named as a secret.
std::string without_secret_default(const Reference& r, std::string_view text) {
  if (!r.has_fallback) return std::string{text.substr(r.begin, r.end - r.begin)};
  const bool secret = !r.fallback.empty() && is_secret_name(r.name);
  const auto fallback = secret ? std::string{kStars} : without_named_secrets(r.fallback);
  return "${" + std::string{r.name} + ":-" + fallback + "}";
}

std::string without_named_secrets(std::string_view text) {
  std::string result;
  std::size_t i = 0;
  const auto references = find_references(text);
  auto reference = references.begin();
  while (i < text.size()) {
    while (reference != references.end() && reference->begin < i) ++reference;
    if (reference != references.end() && reference->begin == i) {
      result += without_secret_default(*reference, text);
      i = reference->end;
      continue;
    }
    if (!is_name_char(text[i])) {
      result += text[i++];
      continue;
    }
    auto end = i;
    while (end < text.size() && is_name_char(text[end])) ++end;
    const auto name = std::string_view{text}.substr(i, end - i);
    result += name;
    i = end;
    if (!is_secret_name(name)) continue;
    auto at = end;
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
    while (at < text.size() && text[at] == ' ') ++at;
    if (at >= text.size() || (text[at] != '=' && text[at] != ':')) continue;
    const char separator = text[at++];
    while (at < text.size() && text[at] == ' ') ++at;
    const char quote = at < text.size() && (text[at] == '"' || text[at] == '\'') ? text[at] : '\0';
    if (quote != '\0') ++at;
    const auto value_end = end_of_value(text, at, quote, separator);
    const auto value = std::string_view{text}.substr(at, value_end - at);
    if (value.empty() || only_references(value)) continue;
    result += text.substr(end, at - end);
    result += kStars;
    i = value_end;
  }
  return result;
}

void collect(const YamlNode& node, std::string_view source, bool secret, Edits& edits) {
  for (const auto& item : node.items) collect(item, source, secret, edits);
  for (const auto& [key, value] : node.entries) collect(value, source, secret || is_secret_name(key.scalar), edits);
  if (node.kind != YamlNode::Kind::scalar || node.scalar.empty() || node.end <= node.begin) return;
  auto text = node.scalar;
  if (secret) {
    if (!only_references(text)) text = kStars;
  } else {
    text = redact_text(text);
  }
  if (text == node.scalar || node.end > source.size()) return;
  // As many lines as before, so that places in the source stay true; indented, because flow style wants that.
  const auto written = source.substr(node.begin, node.end - node.begin);
  const auto lines = static_cast<std::size_t>(std::count(written.begin(), written.end(), '\n'));
  const auto indent = lines > 0 ? static_cast<std::size_t>(node.column) : 0;
  edits[node.begin] = {node.end, yaml_quoted(text) + std::string(lines, '\n') + std::string(indent, ' ')};
}

/// A mapping whose keys are names of signals: "sessions" and "token_errors" make no secret of what stands below them.
void collect_named(const YamlNode& names, std::string_view source, Edits& edits) {
  if (names.entries.empty()) return collect(names, source, false, edits);
  for (const auto& [name, value] : names.entries) collect(value, source, false, edits);
}

void collect_criterion(const YamlNode& criterion, std::string_view source, Edits& edits) {
  if (criterion.entries.empty()) return collect(criterion, source, false, edits);
  for (const auto& [kind, rule] : criterion.entries) {
    if (kind.scalar == "signal") {
      collect_named(rule, source, edits);
    } else {
      collect(rule, source, is_secret_name(kind.scalar), edits);
    }
  }
}

}  // namespace

std::string redact_text(std::string_view text) {
  return without_named_secrets(without_url_passwords(std::string{text}));
}

Edits secret_edits(const YamlNode& root, std::string_view source) {
  Edits edits;
  if (root.entries.empty()) collect(root, source, false, edits);
  for (const auto& [key, value] : root.entries) {
    if (key.scalar == "signals") {
      collect_named(value, source, edits);
    } else if (key.scalar == "criteria" && !value.items.empty()) {
      for (const auto& criterion : value.items) collect_criterion(criterion, source, edits);
    } else {
      collect(value, source, is_secret_name(key.scalar), edits);
    }
  }
  return edits;
}

std::string without_secret_comments(std::string_view source) {
  std::string result;
  while (!source.empty()) {
    const auto length = std::min(source.find('\n'), source.size() - 1) + 1;
    const auto line = source.substr(0, length);
    source.remove_prefix(length);
    const auto hash = line.find_first_not_of(" \t");
    const bool comment = hash != std::string_view::npos && line[hash] == '#';
    const std::string text{line};
    if (comment && redact_text(text) != text) {
      result += line.substr(0, hash);
      result += "# ***\n";
    } else {
      result += line;
    }
  }
  return result;
}

}  // namespace reading

bool is_secret_name(std::string_view name) {
  const auto text = ascii::lower(name);
  constexpr std::string_view kParts[] = {"authorization", "cookie",    "token",      "key",        "secret",
                                         "password",      "passwd",    "passphrase", "credential", "session",
                                         "bearer",        "signature", "jwt"};
  const auto is_part = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  return text == "auth" || text == "x-auth" || text == "pwd" ||
         std::any_of(std::begin(kParts), std::end(kParts), is_part);
}

std::string showable_source(std::string_view text) {
  if (auto redacted = redact_source(text); !redacted.empty()) return redacted;
  std::string result;
  while (!text.empty()) {
    const auto length = std::min(text.find('\n'), text.size() - 1) + 1;
    result += reading::redact_text(text.substr(0, length));
    text.remove_prefix(length);
  }
  return result;
}

std::string redact_source(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto root = parse_yaml(text, "");
  if (!root) return {};
  return reading::without_secret_comments(reading::apply_edits(text, reading::secret_edits(*root, text)));
}

}  // namespace surgeproof
