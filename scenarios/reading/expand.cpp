#include "scenarios/reading/expand.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace surgeproof::reading {
namespace {

constexpr std::size_t kLongestReference = 4096;

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return ascii::is_letter(c) || c == '_'; };
  return !name.empty() && !ascii::is_digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || ascii::is_digit(c); });
}

/// The reference whose '$' is at `begin`; empty when the text there is none.
std::optional<Reference> reference_at(std::string_view text, std::size_t begin) {
  const auto length = text.substr(begin, kLongestReference).find('}');
  if (length == std::string_view::npos) return std::nullopt;
  const auto close = begin + length;
  const auto inside = text.substr(begin + 2, close - begin - 2);
  const auto colon = inside.find(":-");
  Reference r{.begin = begin, .end = close + 1, .name = inside.substr(0, colon), .fallback = {}};
  if (colon != std::string_view::npos) {
    r.has_fallback = true;
    r.fallback = inside.substr(colon + 2);
  }
  if (!is_name(r.name) || r.fallback.find("${") != std::string_view::npos) return std::nullopt;
  return r;
}

/// Calls `literal` for the text between references, `reference` for each of them, `malformed` for a "${" that is none.
template <class Literal, class Visit, class Malformed>
void scan(std::string_view text, Literal literal, Visit reference, Malformed malformed) {
  std::size_t i = 0;
  while (true) {
    const auto at = text.find("${", i);
    if (at == std::string_view::npos) return literal(text.substr(i));
    if (at > i && text[at - 1] == '$') {  // "$${"
      literal(text.substr(i, at - 1 - i));
      literal("${");
      i = at + 2;
      continue;
    }
    literal(text.substr(i, at - i));
    if (const auto r = reference_at(text, at)) {
      reference(*r);
      i = r->end;
    } else {
      malformed(text.substr(at));
      literal("${");
      i = at + 2;
    }
  }
}

std::optional<std::string> look_up(std::string_view name, const ParseOptions& options) {
  if (const auto found = options.variables.find(name); found != options.variables.end()) return found->second;
  return options.environment ? options.environment(name) : std::nullopt;
}

}  // namespace

std::vector<Reference> find_references(std::string_view text) {
  std::vector<Reference> all;
  scan(text, [](std::string_view) {}, [&](const Reference& r) { all.push_back(r); }, [](std::string_view) {});
  return all;
}

Expansion expand(std::string_view text, const ParseOptions& options) {
  Expansion result;
  const auto replace = [&](const Reference& r) {
    auto value = look_up(r.name, options);
    if (value && value->empty() && r.has_fallback) value.reset();
    if (!value && r.has_fallback) value = std::string{r.fallback};
    if (value) {
      result.text += *value;
      result.changed = true;
    } else {
      result.text += text.substr(r.begin, r.end - r.begin);
      result.missing.emplace_back(r.name);
    }
  };
  const auto malformed = [&](std::string_view rest) {
    if (result.malformed.empty())
      result.malformed = rest.substr(0, std::min<std::size_t>(rest.substr(0, 40).find('}') + 1, 40));
    if (result.malformed.empty()) result.malformed = rest.substr(0, 40);
  };
  scan(text, [&](std::string_view literal) { result.text += literal; }, replace, malformed);
  return result;
}

}  // namespace surgeproof::reading
