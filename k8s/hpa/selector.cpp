#include "k8s/hpa/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "k8s/hpa/label_syntax.h"

namespace surgeproof::hpa {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// labels.NewRequirement: sorts the values and checks key, values and their number.
std::expected<LabelRequirement, std::string> make_requirement(std::string key, LabelOperator op,
                                                              std::vector<std::string> values) {
  if (auto wrong = wrong_label_key(key)) return std::unexpected(*wrong);
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  switch (op) {
    case LabelOperator::in:
    case LabelOperator::not_in:
      if (values.empty()) return std::unexpected(fmt::format("\"{}\" needs at least one value", key));
      break;
    case LabelOperator::exists:
    case LabelOperator::does_not_exist:
      if (!values.empty()) return std::unexpected(fmt::format("\"{}\" takes no value here", key));
      break;
    case LabelOperator::greater_than:
    case LabelOperator::less_than:
      if (values.size() != 1 || !whole_number(values.front())) {
        return std::unexpected(fmt::format("\"{}\" must be compared with one whole number", key));
      }
      break;
  }
  for (const auto& value : values) {
    if (auto wrong = wrong_label_value(value)) return std::unexpected(*wrong);
  }
  return LabelRequirement{std::move(key), op, std::move(values)};
}

/// Recursive descent over the tokens of a text selector (labels.Parser).
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  std::expected<Selector, std::string> parse() {
    Selector selector;
    while (token_.kind != LabelToken::Kind::end) {
      auto requirement = parse_requirement();
      if (!requirement) return std::unexpected(requirement.error());
      selector.requirements.push_back(std::move(*requirement));
      if (token_.kind == LabelToken::Kind::end) break;
      if (token_.text != ",") return unexpected_token("',' or the end");
      advance();
      if (!is_word() && token_.text != "!") return unexpected_token("a label's name after ','");
    }
    std::ranges::sort(selector.requirements);
    return selector;
  }

 private:
  void advance() { token_ = lexer_.next(); }
  [[nodiscard]] bool is_word() const { return token_.kind == LabelToken::Kind::word; }
  [[nodiscard]] bool at_requirement_end() const { return token_.kind == LabelToken::Kind::end || token_.text == ","; }

  [[nodiscard]] std::unexpected<std::string> unexpected_token(std::string_view wanted) const {
    return std::unexpected(fmt::format("found '{}', expected {}", token_.text, wanted));
  }

  std::expected<LabelRequirement, std::string> parse_requirement() {
    const bool negated = token_.kind == LabelToken::Kind::symbol && token_.text == "!";
    if (negated) advance();
    if (!is_word()) return unexpected_token("a label's name");
    const std::string key(token_.text);
    advance();
    if (negated) return make_requirement(key, LabelOperator::does_not_exist, {});
    if (at_requirement_end()) return make_requirement(key, LabelOperator::exists, {});
    const std::string op(token_.text);
    const bool word = is_word();
    if (word ? (op != "in" && op != "notin") : (op != "=" && op != "==" && op != "!=" && op != ">" && op != "<")) {
      return unexpected_token("an operator");
    }
    advance();
    if (word) return parse_set(key, op == "in" ? LabelOperator::in : LabelOperator::not_in);
    return parse_exact(key, op);
  }

  std::expected<LabelRequirement, std::string> parse_exact(const std::string& key, std::string_view op) {
    std::string value;
    if (!at_requirement_end()) {
      if (!is_word()) return unexpected_token("a value");
      value = token_.text;
      advance();
    }
    if (op == "!=") return make_requirement(key, LabelOperator::not_in, {value});
    if (op == ">") return make_requirement(key, LabelOperator::greater_than, {value});
    if (op == "<") return make_requirement(key, LabelOperator::less_than, {value});
    return make_requirement(key, LabelOperator::in, {value});
  }

  /// "(a,b)"
  std::expected<LabelRequirement, std::string> parse_set(const std::string& key, LabelOperator op) {
    if (token_.text != "(") return unexpected_token("'('");
    advance();
    std::vector<std::string> values;
    if (token_.text == ")") {
      values.emplace_back();
    } else if (const auto wrong = parse_list(values)) {
      return std::unexpected(*wrong);
    }
    advance();
    return make_requirement(key, op, std::move(values));
  }

  /// Up to the closing bracket (labels.Parser.parseIdentifiersList). Nothing between two commas, or between one and a
  /// bracket, is the empty value; but "a,,)" is refused.
  std::optional<std::string> parse_list(std::vector<std::string>& values) {
    while (true) {
      if (is_word()) {
        values.emplace_back(token_.text);
        advance();
        if (token_.text == ")") return std::nullopt;
        if (token_.text != ",") return unexpected_token("',' or ')'").error();
      } else if (token_.text == ",") {
        advance();
        if (values.empty() || token_.text == ")" || token_.text == ",") values.emplace_back();
        if (token_.text == ")") return std::nullopt;
        if (token_.text == ",") advance();
      } else {
        return unexpected_token("a value or ','").error();
      }
    }
  }

  LabelLexer lexer_;
  LabelToken token_;
};

}  // namespace

bool LabelRequirement::matches(const Labels& labels) const {
  const auto found = labels.find(key);
  const bool has = found != labels.end();
  const auto listed = [&] { return std::ranges::find(values, found->second) != values.end(); };
  switch (op) {
    case LabelOperator::in:
      return has && listed();
    case LabelOperator::not_in:
      return !has || !listed();
    case LabelOperator::exists:
      return has;
    case LabelOperator::does_not_exist:
      return !has;
    case LabelOperator::greater_than:
    case LabelOperator::less_than: {
      if (!has) return false;
      const auto left = whole_number(found->second);
      const auto right = whole_number(values.front());
      if (!left || !right) return false;
      return op == LabelOperator::greater_than ? *left > *right : *left < *right;
    }
  }
  return false;
}

bool Selector::matches(const Labels& labels) const {
  return std::ranges::all_of(requirements, [&](const LabelRequirement& r) { return r.matches(labels); });
}

std::expected<Selector, std::string> parse_selector(std::string_view text) { return Parser(text).parse(); }

std::expected<Selector, std::string> to_selector(const StructuredSelector& structured) {
  Selector selector;
  for (const auto& [key, value] : structured.match_labels) {
    auto requirement = make_requirement(key, LabelOperator::in, {value});
    if (!requirement) return std::unexpected(requirement.error());
    selector.requirements.push_back(std::move(*requirement));
  }
  for (const auto& expression : structured.match_expressions) {
    LabelOperator op{};
    if (expression.op == "In") {
      op = LabelOperator::in;
    } else if (expression.op == "NotIn") {
      op = LabelOperator::not_in;
    } else if (expression.op == "Exists") {
      op = LabelOperator::exists;
    } else if (expression.op == "DoesNotExist") {
      op = LabelOperator::does_not_exist;
    } else {
      return std::unexpected(fmt::format("\"{}\" is not a valid label selector operator", expression.op));
    }
    auto requirement = make_requirement(expression.key, op, expression.values);
    if (!requirement) return std::unexpected(requirement.error());
    selector.requirements.push_back(std::move(*requirement));
  }
  std::ranges::sort(selector.requirements);
  return selector;
}

}  // namespace surgeproof::hpa
