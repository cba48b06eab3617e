// Label and field selectors.
#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::demo {

/// All requirements must hold. An empty selector matches everything.
class LabelSelector {
 public:
  enum class Operator { in, not_in, exists, absent };
  struct Requirement {
    std::string key;
    Operator op = Operator::in;
    std::vector<std::string> values;
  };

  /// "app=todo,tier in (a,b),!legacy,zone!=x". The error is a message as Kubernetes words it.
  static std::expected<LabelSelector, std::string> parse(std::string_view text);
  /// {"matchLabels": {...}, "matchExpressions": [...]} of a Deployment or ReplicaSet.
  static LabelSelector from_object(const boost::json::object& selector);
  /// A plain map of labels: a Service's spec.selector.
  static LabelSelector from_map(const boost::json::object& labels);

  [[nodiscard]] bool matches(const boost::json::object& labels) const;
  /// By metadata.labels.
  [[nodiscard]] bool matches_object(const boost::json::object& object) const;
  [[nodiscard]] bool empty() const { return requirements_.empty(); }
  /// As a scale's status.selector shows it: "app=todo,tier in (a,b)".
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Requirement> requirements_;
};

/// "metadata.name=x,status.phase!=Running": values by dotted path, a missing one reads as "".
class FieldSelector {
 public:
  static std::expected<FieldSelector, std::string> parse(std::string_view text);
  static FieldSelector equal(std::string path, std::string value);

  [[nodiscard]] bool matches(const boost::json::object& object) const;
  [[nodiscard]] bool empty() const { return terms_.empty(); }
  struct Term {
    std::string path;
    std::string value;
    bool negated = false;
  };
  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;
};

/// What a list or watch is narrowed to.
struct Filter {
  std::string ns;  ///< empty: all namespaces
  LabelSelector labels;
  FieldSelector fields;
  [[nodiscard]] bool matches(const boost::json::object& object) const;
};

}  // namespace surgeproof::demo
