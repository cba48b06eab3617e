#include "k8s/demo/api/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>

#include "base/ascii.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

/// At commas outside parentheses.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      parts.push_back(ascii::trim(text.substr(begin, i - begin)));
      begin = i + 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return parts;
}

bool is_label_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

std::unexpected<std::string> unparsable(std::string_view text) {
  return std::unexpected{fmt::format("unable to parse requirement: \"{}\"", text)};
}

using Requirement = LabelSelector::Requirement;
using Operator = LabelSelector::Operator;

std::expected<Requirement, std::string> parse_set(std::string_view text, std::size_t open) {
  if (!text.ends_with(')')) return unparsable(text);
  std::string_view head = ascii::trim(text.substr(0, open));
  Requirement r;
  const auto space = head.find(' ');
  if (space == std::string_view::npos) return unparsable(text);
  const auto word = ascii::trim(head.substr(space));
  if (word != "in" && word != "notin") return unparsable(text);
  r.op = word == "in" ? Operator::in : Operator::not_in;
  r.key = head.substr(0, space);
  for (const auto value : split(text.substr(open + 1, text.size() - open - 2))) r.values.emplace_back(value);
  return r;
}

std::expected<Requirement, std::string> parse_requirement(std::string_view text) {
  if (const auto open = text.find('('); open != std::string_view::npos) return parse_set(text, open);
  Requirement r;
  if (text.starts_with('!')) {
    r.op = Operator::absent;
    r.key = ascii::trim(text.substr(1));
    return r;
  }
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    r.op = Operator::exists;
    r.key = text;
    return r;
  }
  const bool negated = equals > 0 && text[equals - 1] == '!';
  const bool doubled = equals + 1 < text.size() && text[equals + 1] == '=';
  r.op = negated ? Operator::not_in : Operator::in;
  r.key = ascii::trim(text.substr(0, equals - (negated ? 1 : 0)));
  r.values.emplace_back(ascii::trim(text.substr(equals + (doubled ? 2 : 1))));
  return r;
}

/// A string, number or boolean as a selector compares it.
std::string plain_text(const json::value* v) {
  if (v == nullptr || v->is_null()) return {};
  if (v->is_string()) return std::string{v->get_string()};
  return json::serialize(*v);
}

}  // namespace

std::expected<LabelSelector, std::string> LabelSelector::parse(std::string_view text) {
  LabelSelector selector;
  if (ascii::trim(text).empty()) return selector;
  for (const auto part : split(text)) {
    auto r = parse_requirement(part);
    if (!r) return std::unexpected{r.error()};
    const bool legal = !r->key.empty() && is_label_text(r->key) && std::ranges::all_of(r->values, is_label_text);
    if (!legal) return unparsable(part);
    selector.requirements_.push_back(*std::move(r));
  }
  return selector;
}

LabelSelector LabelSelector::from_map(const json::object& labels) {
  LabelSelector selector;
  for (const auto& [key, value] : labels) {
    selector.requirements_.push_back({std::string{key}, Operator::in, {plain_text(&value)}});
  }
  return selector;
}

LabelSelector LabelSelector::from_object(const json::object& object) {
  LabelSelector selector = from_map(object_at(object, "matchLabels"));
  for (const json::value& v : array_at(object, "matchExpressions")) {
    if (!v.is_object()) continue;
    const auto word = text_at(v.get_object(), "operator");
    Requirement r{std::string{text_at(v.get_object(), "key")}, Operator::exists, {}};
    if (word == "In") r.op = Operator::in;
    if (word == "NotIn") r.op = Operator::not_in;
    if (word == "DoesNotExist") r.op = Operator::absent;
    for (const json::value& value : array_at(v.get_object(), "values")) r.values.push_back(plain_text(&value));
    selector.requirements_.push_back(std::move(r));
  }
  return selector;
}

bool LabelSelector::matches(const json::object& labels) const {
  return std::ranges::all_of(requirements_, [&](const Requirement& r) {
    const json::value* v = labels.if_contains(r.key);
    const bool listed = v != nullptr && std::ranges::find(r.values, plain_text(v)) != r.values.end();
    switch (r.op) {
      case Operator::in:
        return listed;
      case Operator::not_in:
        return !listed;
      case Operator::exists:
        return v != nullptr;
      case Operator::absent:
        return v == nullptr;
    }
    return false;
  });
}

bool LabelSelector::matches_object(const json::object& object) const {
  return empty() || matches(object_at(object, "metadata.labels"));
}

std::string LabelSelector::text() const {
  std::vector<std::string> parts;
  for (const Requirement& r : requirements_) {
    if (r.op == Operator::exists) {
      parts.push_back(r.key);
    } else if (r.op == Operator::absent) {
      parts.push_back("!" + r.key);
    } else if (r.values.size() == 1) {
      parts.push_back(r.key + (r.op == Operator::in ? "=" : "!=") + r.values.front());
    } else {
      parts.push_back(
          fmt::format("{} {} ({})", r.key, r.op == Operator::in ? "in" : "notin", fmt::join(r.values, ",")));
    }
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

std::expected<FieldSelector, std::string> FieldSelector::parse(std::string_view text) {
  FieldSelector selector;
  if (ascii::trim(text).empty()) return selector;
  for (const auto part : split(text)) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return std::unexpected{fmt::format("invalid selector: '{}'; can't understand '{}'", text, part)};
    }
    const bool negated = part[equals - 1] == '!';
    const bool doubled = equals + 1 < part.size() && part[equals + 1] == '=';
    selector.terms_.push_back({std::string{ascii::trim(part.substr(0, equals - (negated ? 1 : 0)))},
                               std::string{ascii::trim(part.substr(equals + (doubled ? 2 : 1)))}, negated});
  }
  return selector;
}

FieldSelector FieldSelector::equal(std::string path, std::string value) {
  FieldSelector selector;
  selector.terms_.push_back({std::move(path), std::move(value), false});
  return selector;
}

bool FieldSelector::matches(const json::object& object) const {
  return std::ranges::all_of(
      terms_, [&](const Term& term) { return (plain_text(find_at(object, term.path)) == term.value) != term.negated; });
}

bool Filter::matches(const json::object& object) const {
  return (ns.empty() || text_at(object, "metadata.namespace") == ns) && labels.matches_object(object) &&
         fields.matches(object);
}

}  // namespace surgeproof::demo
