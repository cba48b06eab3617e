// One scenario text being read: where diagnostics are gathered, values are expanded and typed, and edits of the source
// are noted for the text that a run stores.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "scenarios/parse.h"
#include "scenarios/reading/keys.h"
#include "scenarios/reading/quantities.h"

namespace surgeproof::reading {

/// A node and how to get there from the root: "criteria[1].latency".
struct Value {
  const YamlNode* node = nullptr;
  std::string path;

  [[nodiscard]] bool is_scalar() const { return node->kind == YamlNode::Kind::scalar; }
  [[nodiscard]] bool is_mapping() const { return node->kind == YamlNode::Kind::mapping; }
  [[nodiscard]] bool is_sequence() const { return node->kind == YamlNode::Kind::sequence; }
  [[nodiscard]] Value item(std::size_t i) const;
  [[nodiscard]] Place place() const { return {node->line, node->column}; }
};

/// May the stored text show what a reference stands for? (See resolved_scenario_text.)
enum class Disclosure : std::uint8_t {
  open,    ///< a quantity or a name: reports show it anyway
  closed,  ///< may be a secret
};

/// Replacements of spans of the source, by their first byte.
struct Edit {
  std::size_t end = 0;
  std::string text;
};
using Edits = std::map<std::size_t, Edit>;

class Reading {
 public:
  /// `options` must outlive this. `diagnostics`: what is wrong already.
  Reading(std::string_view file, const ParseOptions& options, Diagnostics diagnostics)
      : file_{file}, options_{options}, diagnostics_{std::move(diagnostics)} {}

  void error(const Value& at, std::string message, std::string hint = {});
  void error(Place at, std::string path, std::string message, std::string hint = {});
  /// "unknown key …" and the like: with "did you mean" when a word is near.
  void error_unknown(Place at, std::string path, std::string_view what, std::string_view word,
                     std::span<const std::string_view> words);
  [[nodiscard]] std::size_t errors() const { return diagnostics_.size(); }
  [[nodiscard]] const ParseOptions& options() const { return options_; }
  /// In the order of the file; no more than a screenful or two.
  Diagnostics take_diagnostics();

  void edit(const Value& scalar, std::string_view new_text);
  [[nodiscard]] const Edits& edits() const { return edits_; }

  struct Text {
    std::string value;        ///< expanded
    std::string shown;        ///< for messages: as written, shortened
    bool unresolved = false;  ///< holds a reference that could not be resolved (and need not)
  };
  /// A scalar that is not empty. Empty after a diagnostic.
  std::optional<Text> text(const Value& v, Disclosure disclosure);
  /// The same, expanded, an empty one allowed.
  std::optional<Text> raw_text(const Value& v, Disclosure disclosure);

  std::optional<Rate> rate(const Value& v);
  std::optional<std::chrono::nanoseconds> duration(const Value& v, Zero zero = Zero::refused);
  std::optional<Ratio> percent(const Value& v);
  std::optional<std::int64_t> integer(const Value& v, std::int64_t least, std::int64_t most);
  std::optional<double> number(const Value& v, double most);
  std::optional<bool> boolean(const Value& v);
  std::optional<SignalValue> signal_value(const Value& v);
  std::optional<Price> price(const Value& v);
  /// A name that reports show: one line of at most 200 bytes.
  std::optional<Text> name(const Value& v);
  /// A name as Kubernetes allows it for most objects.
  std::optional<std::string> object_name(const Value& v);

  /// Reports unless it is a list of at most 1000.
  bool expect_list(const Value& v, std::string_view of);

 private:
  template <class Read>
  auto quantity(const Value& v, Read read) -> std::optional<typename decltype(read(std::string_view{}))::value_type>;

  std::string file_;
  const ParseOptions& options_;
  Diagnostics diagnostics_;
  Edits edits_;
};

/// The entries of a mapping. Reports at once what is not a mapping, unknown keys, planned keys, and keys without value.
class Fields {
 public:
  Fields(Reading& reading, const Value& mapping, const KeyTable& table);

  [[nodiscard]] bool usable() const { return at_.is_mapping(); }
  /// The key is written, be its value good or not.
  [[nodiscard]] bool has(std::string_view key) const { return at_.node->find(key) != nullptr; }
  /// Its value; empty when it is not written or was reported already.
  [[nodiscard]] std::optional<Value> get(std::string_view key) const;
  /// The same; reports when the key is not written.
  std::optional<Value> require(std::string_view key, std::string hint = {});
  /// Those of `keys` that are written, in that order.
  [[nodiscard]] std::vector<std::string_view> written(std::span<const std::string_view> keys) const;
  [[nodiscard]] const Value& at() const { return at_; }

 private:
  Reading& reading_;
  Value at_;
};

/// A name as Kubernetes allows it for most objects.
bool is_object_name(std::string_view name);
inline constexpr std::string_view kObjectNameHint =
    "such names consist of a-z, 0-9, '-' and '.', and begin and end with a letter or digit";

/// "a, b and c".
std::string join_words(std::span<const std::string_view> words, std::string_view last = "and");

/// At most 60 bytes of the first line, cut at a character, without control characters: for messages.
std::string shorten(std::string_view text);

/// Where `name` is not in [A-Za-z0-9_]+ the path quotes it.
std::string child_path(const std::string& parent, std::string_view name);

}  // namespace surgeproof::reading
