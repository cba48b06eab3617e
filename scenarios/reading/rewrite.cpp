#include "scenarios/reading/rewrite.h"

#include <fmt/format.h>

namespace surgeproof::reading {

std::string yaml_quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      text += fmt::format("\\x{:02X}", static_cast<unsigned>(byte));
    } else {
      text += c;
    }
  }
  return text + '"';
}

std::string without_references(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.substr(i, 2) == "${") text += '$';
    text += value[i];
  }
  return text;
}

std::string apply_edits(std::string_view source, const Edits& edits) {
  std::string text;
  std::size_t done = 0;
  for (const auto& [begin, edit] : edits) {
    if (begin < done || edit.end > source.size()) continue;
    text += source.substr(done, begin - done);
    text += edit.text;
    done = edit.end;
  }
  return text + std::string{source.substr(done)};
}

std::string with_entry(const YamlNode& root, std::string_view source, std::string_view key, std::string_view value) {
  const std::string unchanged{source};
  if (root.entries.empty() || root.entries.front().key.begin > source.size()) return unchanged;
  const auto& first = root.entries.front().key;
  const bool flow = root.line != first.line || root.column != first.column;
  const auto entry = fmt::format("{}: {}", key, yaml_quoted(value));
  if (flow) return apply_edits(source, {{first.begin, {first.begin, entry + ", "}}});
  const std::string indent(static_cast<std::size_t>(first.column - 1), ' ');
  auto text = unchanged;
  if (!text.ends_with('\n')) text += '\n';
  text += fmt::format("{}{}\n", indent, entry);
  const auto parsed = parse_yaml(text, "");
  if (parsed && parsed->entries.size() == root.entries.size() + 1) return text;
  // Something ends the document before its end ("..."): in front, then.
  return apply_edits(source, {{first.begin, {first.begin, fmt::format("{}\n{}", entry, indent)}}});
}

}  // namespace surgeproof::reading
