#include "scenarios/reading/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/ascii.h"
#include "base/yaml_events.h"
#include "scenarios/reading/expand.h"
#include "scenarios/reading/rewrite.h"

namespace surgeproof::reading {
namespace {

constexpr std::size_t kMostShown = 100;
constexpr std::size_t kLongestQuantity = 80;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestText = 2u << 20;
constexpr std::size_t kLongestList = 1000;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty()) return;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Value Value::item(std::size_t i) const { return {&node->items[i], fmt::format("{}[{}]", path, i)}; }

void Reading::error(const Value& at, std::string message, std::string hint) {
  error(at.place(), at.path, std::move(message), std::move(hint));
}

void Reading::error(Place at, std::string path, std::string message, std::string hint) {
  diagnostics_.push_back({file_, at.line, at.column, std::move(path), std::move(message), std::move(hint)});
}

void Reading::error_unknown(Place at, std::string path, std::string_view what, std::string_view word,
                            std::span<const std::string_view> words) {
  const auto near = diagnostics_.size() < kMostShown ? nearest(word, words) : std::string{};
  auto hint = !near.empty()        ? fmt::format("did you mean \"{}\"?", near)
              : words.empty()      ? std::string{}
              : words.size() <= 16 ? fmt::format("known: {}", join_words(words))
                                   : std::string{};
  error(at, std::move(path), fmt::format("unknown {} \"{}\"", what, shorten(word)), std::move(hint));
}

Diagnostics Reading::take_diagnostics() {
  std::sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.line, a.column, a.path, a.message) < std::tie(b.line, b.column, b.path, b.message);
  });
  if (diagnostics_.size() > kMostShown) {
    const auto more = diagnostics_.size() - kMostShown;
    diagnostics_.resize(kMostShown);
    diagnostics_.push_back({file_, 0, 0, {}, fmt::format("{} more mistakes are not shown", more), {}});
  }
  return std::move(diagnostics_);
}

void Reading::edit(const Value& scalar, std::string_view new_text) {
  edits_[scalar.node->begin] = {scalar.node->end, yaml_quoted(without_references(redact_text(new_text)))};
}

std::optional<Reading::Text> Reading::raw_text(const Value& v, Disclosure disclosure) {
  if (!v.is_scalar()) {
    error(v, fmt::format("must be a text, not a {}", v.is_mapping() ? "mapping" : "list"));
    return std::nullopt;
  }
  auto expansion = expand(v.node->scalar, options_);
  if (!expansion.malformed.empty()) {
    error(v, fmt::format("\"{}\" is no reference to a variable", shorten(expansion.malformed)),
          "write ${NAME} or ${NAME:-default}, or $${ for a literal ${");
    return std::nullopt;
  }
  const bool quantity_or_name = disclosure == Disclosure::open;
  if (!expansion.missing.empty() && options_.missing_variable_is_error) {
    for (const auto& name : expansion.missing) {
      error(v, fmt::format("the variable {} is not set", name),
            fmt::format("set it in the environment or with --var, or write ${{{}:-default}}", name));
    }
    return std::nullopt;
  }
  if (expansion.text.size() > kLongestText) {
    error(v, "is longer than 2 MiB once its variables are put in");
    return std::nullopt;
  }
  if (valid_utf8_prefix(expansion.text) != expansion.text.size() || expansion.text.find('\0') != std::string::npos) {
    error(v, "a variable in it is not valid UTF-8 text");
    return std::nullopt;
  }
  if (expansion.changed && quantity_or_name) edit(v, expansion.text);
  return Text{std::move(expansion.text), shorten(v.node->scalar), !expansion.missing.empty()};
}

std::optional<Reading::Text> Reading::text(const Value& v, Disclosure disclosure) {
  auto t = raw_text(v, disclosure);
  if (t && t->value.empty()) {
    error(v, v.node->scalar.empty() ? "may not be empty" : "is empty once its variables are put in");
    return std::nullopt;
  }
  return t;
}

std::optional<Reading::Text> Reading::name(const Value& v) {
  auto t = text(v, Disclosure::open);
  if (!t) return std::nullopt;
  const bool one_line = std::none_of(t->value.begin(), t->value.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (one_line && t->value.size() <= kLongestName) return t;
  error(v, one_line ? fmt::format("is longer than {} bytes", kLongestName)
                    : "may not hold line feeds or control characters");
  return std::nullopt;
}

template <class Read>
auto Reading::quantity(const Value& v, Read read)
    -> std::optional<typename decltype(read(std::string_view{}))::value_type> {
  const auto t = text(v, Disclosure::open);
  if (!t) return std::nullopt;
  if (t->unresolved) {
    error(v, fmt::format("{} is not resolved", t->shown), "set the variable");
    return std::nullopt;
  }
  if (t->value.size() > kLongestQuantity) {
    error(v, "is too long for a quantity");
    return std::nullopt;
  }
  auto result = read(t->value);
  if (result) return std::move(*result);
  auto [message, hint] = std::move(result.error());
  if (t->value != v.node->scalar) {  // what a variable holds is not shown
    replace_all(message, t->value, t->shown);
    hint.clear();
  }
  error(v, std::move(message), std::move(hint));
  return std::nullopt;
}

std::optional<Rate> Reading::rate(const Value& v) { return quantity(v, read_rate); }
std::optional<std::chrono::nanoseconds> Reading::duration(const Value& v, Zero zero) {
  return quantity(v, [&](std::string_view t) { return read_duration(t, zero); });
}
std::optional<Ratio> Reading::percent(const Value& v) { return quantity(v, read_percent); }
std::optional<std::int64_t> Reading::integer(const Value& v, std::int64_t least, std::int64_t most) {
  return quantity(v, [&](std::string_view t) { return read_integer(t, least, most); });
}
std::optional<double> Reading::number(const Value& v, double most) {
  return quantity(v, [&](std::string_view t) { return read_number(t, most); });
}
std::optional<bool> Reading::boolean(const Value& v) { return quantity(v, read_boolean); }
std::optional<SignalValue> Reading::signal_value(const Value& v) { return quantity(v, read_signal_value); }
std::optional<Price> Reading::price(const Value& v) { return quantity(v, read_price); }

bool is_object_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 253 && alphanumeric(name.front()) && alphanumeric(name.back()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return alphanumeric(c) || c == '-' || c == '.'; });
}

std::optional<std::string> Reading::object_name(const Value& v) {
  const auto t = text(v, Disclosure::open);
  if (!t) return std::nullopt;
  if (is_object_name(t->value) || t->unresolved) return t->value;
  error(v, fmt::format("\"{}\" is no name of a Kubernetes object", t->shown), std::string{kObjectNameHint});
  return std::nullopt;
}

bool Reading::expect_list(const Value& v, std::string_view of) {
  if (!v.is_sequence()) {
    error(v, fmt::format("must be a list of {}", of), "begin each with \"- \"");
    return false;
  }
  if (v.node->items.size() > kLongestList) {
    error(v, fmt::format("holds {} {}, more than the {} allowed", v.node->items.size(), of, kLongestList));
    return false;
  }
  return true;
}

std::string join_words(std::span<const std::string_view> words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    text += words[i];
  }
  return text;
}

std::string shorten(std::string_view text) {
  constexpr std::size_t kLongestShown = 60;
  const auto line = text.substr(0, text.find('\n'));
  const auto cut = line.substr(0, kLongestShown);
  std::string shown{cut.substr(0, valid_utf8_prefix(cut))};
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';  // a message goes to a terminal
  }
  if (shown.size() < text.size()) shown += "…";
  return shown;
}

std::string child_path(const std::string& parent, std::string_view name) {
  const bool simple = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return ascii::is_alphanumeric(c) || c == '_' || c == '-';
  });
  const auto shown = simple ? shorten(name) : fmt::format("\"{}\"", shorten(name));
  return parent.empty() ? shown : parent + "." + shown;
}

}  // namespace surgeproof::reading
