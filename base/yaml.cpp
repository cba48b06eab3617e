#include "base/yaml.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/yaml_events.h"

namespace surgeproof {
namespace {

constexpr std::size_t kMostDiagnostics = 50;

/// Builds the tree from the events, expanding aliases by reading the anchored events again.
class Build {
 public:
  Build(const std::vector<YamlEvent>& events, std::string_view file, const YamlLimits& limits)
      : events_{events}, file_{file}, limits_{limits}, bytes_left_{4 * limits.max_bytes} {}

  std::expected<YamlNode, Diagnostics> run() {
    YamlNode root;
    root.line = root.column = 1;
    if (!events_.empty()) node(0, root, 0);
    if (!wrong_.empty()) return std::unexpected(std::move(wrong_));
    return root;
  }

 private:
  void add(int line, int column, std::string message, std::string hint = {}) {
    for (const auto& d : wrong_) {
      if (d.line == line && d.column == column) return;  // reached twice, through an alias
    }
    if (wrong_.size() < kMostDiagnostics) {
      wrong_.push_back({std::string{file_}, line, column, {}, std::move(message), std::move(hint)});
    }
  }

  /// Takes one node and `bytes` from the budget; false, and all stops, when it is spent.
  bool spend(const YamlEvent& e) {
    if (++nodes_ <= limits_.max_nodes && e.scalar.size() <= bytes_left_) {
      bytes_left_ -= e.scalar.size();
      return true;
    }
    if (!stopped_)
      add(e.line, e.column,
          fmt::format("is too large: more than {} nodes or {} bytes once aliases are expanded", limits_.max_nodes,
                      4 * limits_.max_bytes));
    stopped_ = true;
    return false;
  }

  /// Builds the node that begins at events_[i] into `out`; returns the index after it.
  std::size_t node(std::size_t i, YamlNode& out, int depth) {
    const auto& e = events_[i];
    if (!spend(e)) return events_.size();
    if (e.kind == YamlEvent::Kind::alias) {
      node(e.target, out, depth);
      return stopped_ ? events_.size() : i + 1;
    }
    out.line = e.line;
    out.column = e.column;
    if (e.kind == YamlEvent::Kind::scalar) {
      out.scalar = e.scalar;
      out.plain = e.plain;
      out.begin = e.begin;
      out.end = e.end;
      return i + 1;
    }
    if (depth >= limits_.max_depth) {
      add(e.line, e.column, fmt::format("is nested more than {} deep", limits_.max_depth));
      stopped_ = true;
      return events_.size();
    }
    return e.kind == YamlEvent::Kind::sequence ? sequence(i + 1, out, depth) : mapping(i + 1, out, depth);
  }

  std::size_t sequence(std::size_t i, YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::sequence;
    while (i < events_.size() && events_[i].kind != YamlEvent::Kind::end) {
      i = node(i, out.items.emplace_back(), depth + 1);
    }
    return i + 1;
  }

  std::size_t mapping(std::size_t i, YamlNode& out, int depth) {
    out.kind = YamlNode::Kind::mapping;
    std::unordered_map<std::string, int> lines;  // key to the line where it stands first
    while (i < events_.size() && events_[i].kind != YamlEvent::Kind::end) {
      auto& [key, value] = out.entries.emplace_back();
      i = node(i, key, depth + 1);
      if (stopped_) return events_.size();
      if (key.kind != YamlNode::Kind::scalar) {
        add(key.line, key.column, "a key must be a single word or string", "quote it when it has braces or brackets");
      } else if (const auto [at, fresh] = lines.emplace(key.scalar, key.line); !fresh) {
        add(key.line, key.column, fmt::format("duplicate key \"{}\"", key.scalar),
            fmt::format("it stands already in line {}", at->second));
      }
      i = node(i, value, depth + 1);
    }
    return i + 1;
  }

  const std::vector<YamlEvent>& events_;
  std::string_view file_;
  const YamlLimits& limits_;
  std::size_t nodes_ = 0;
  std::size_t bytes_left_;
  bool stopped_ = false;
  Diagnostics wrong_;
};

}  // namespace

bool YamlNode::is_null() const {
  if (kind != Kind::scalar || !plain) return false;
  return scalar.empty() || scalar == "~" || scalar == "null" || scalar == "Null" || scalar == "NULL";
}

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.scalar == key && name.kind == Kind::scalar) return &value;
  }
  return nullptr;
}

std::expected<YamlNode, Diagnostics> parse_yaml(std::string_view text, std::string_view file,
                                                const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    const auto message = fmt::format("is {} bytes long, more than the {} allowed", text.size(), limits.max_bytes);
    return std::unexpected(Diagnostics{{std::string{file}, 0, 0, {}, message, {}}});
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // byte order mark
  if (auto wrong = check_yaml_bytes(text, file); !wrong.empty()) return std::unexpected(std::move(wrong));
  const auto events = scan_yaml(text, file, limits);
  if (!events) return std::unexpected(events.error());
  return Build{*events, file, limits}.run();
}

}  // namespace surgeproof
