// Label selectors, in the text form of a Scale and in the structured form of an API object.
// Mirrors k8s.io/apimachinery/pkg/labels/selector.go.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::hpa {

using Labels = std::map<std::string, std::string, std::less<>>;

enum class LabelOperator : unsigned char {
  in,              ///< the label is there and its value is in the list ("=", "==" and "in")
  not_in,          ///< the label is absent or its value is not in the list ("!=" and "notin")
  exists,          ///< the label is there
  does_not_exist,  ///< the label is absent
  greater_than,    ///< the label is there, and as an integer greater
  less_than,       ///< the label is there, and as an integer less
};

struct LabelRequirement {
  std::string key;
  LabelOperator op = LabelOperator::exists;
  std::vector<std::string> values;  ///< sorted, without duplicates
  bool operator==(const LabelRequirement&) const = default;
  auto operator<=>(const LabelRequirement&) const = default;

  /// labels.Requirement.Matches
  [[nodiscard]] bool matches(const Labels& labels) const;
};

/// All requirements must hold; without any, everything matches.
struct Selector {
  std::vector<LabelRequirement> requirements;  ///< sorted
  bool operator==(const Selector&) const = default;

  /// labels.internalSelector.Matches
  [[nodiscard]] bool matches(const Labels& labels) const;
};

/// labels.Parse: "app=web,tier in (a,b),!canary". The error is one sentence.
std::expected<Selector, std::string> parse_selector(std::string_view text);

/// A metav1.LabelSelector as it stands in an HPA's metric.
struct StructuredSelector {
  struct Expression {
    std::string key;
    std::string op;  ///< "In", "NotIn", "Exists", "DoesNotExist"
    std::vector<std::string> values;
    bool operator==(const Expression&) const = default;
  };
  Labels match_labels;
  std::vector<Expression> match_expressions;
  bool operator==(const StructuredSelector&) const = default;

  [[nodiscard]] bool empty() const { return match_labels.empty() && match_expressions.empty(); }
};

/// metav1.LabelSelectorAsSelector (k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go). The error is one sentence.
std::expected<Selector, std::string> to_selector(const StructuredSelector& structured);

}  // namespace surgeproof::hpa
