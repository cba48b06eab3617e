// A value that holds from one instant to the next: replicas wanted, pods ready, a condition.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/run_time.h"

namespace surgeproof {

/// A step function on the run's axis. Before the first change nothing is known; after the last one the value holds.
/// What happens within a gap of the watch is *not* known here: ask Timeline::gap_in as well.
template <class T>
class Steps {
 public:
  struct Change {
    RunTime at{};
    T value{};
    bool operator==(const Change&) const = default;
  };

  /// Instants must not descend. A value equal to the last adds nothing; a second one at the same instant replaces it.
  void add(RunTime at, T value) {
    if (!changes_.empty() && changes_.back().at == at) changes_.pop_back();
    if (changes_.empty() || !(changes_.back().value == value)) changes_.push_back({at, std::move(value)});
  }
  void clear() { changes_.clear(); }

  [[nodiscard]] bool empty() const { return changes_.empty(); }
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

  /// The value that holds at `t` (a change at `t` counts); empty before the first one.
  [[nodiscard]] std::optional<T> at(RunTime t) const {
    const auto after = after_(t);
    return after == changes_.begin() ? std::nullopt : std::optional<T>{std::prev(after)->value};
  }
  [[nodiscard]] std::optional<T> last() const {
    return changes_.empty() ? std::nullopt : std::optional<T>{changes_.back().value};
  }

  /// The first instant in [begin, end] at which `holds(value)`: `begin` itself when it holds there already.
  template <class Predicate>
  [[nodiscard]] std::optional<RunTime> first(Interval within, Predicate holds) const {
    auto it = after_(within.begin);
    if (it != changes_.begin() && holds(std::prev(it)->value)) return within.begin;
    for (; it != changes_.end() && it->at <= within.end; ++it) {
      if (holds(it->value)) return it->at;
    }
    return std::nullopt;
  }

  /// The pieces of [begin, end) with a known value, in order.
  template <class Visitor>
  void each(Interval within, Visitor visit) const {
    auto it = after_(within.begin);
    if (it != changes_.begin()) --it;
    for (; it != changes_.end() && it->at < within.end; ++it) {
      const RunTime begin = std::max(it->at, within.begin);
      const RunTime end = std::next(it) == changes_.end() ? within.end : std::min(std::next(it)->at, within.end);
      if (begin < end) visit(Interval{begin, end}, it->value);
    }
  }

  /// The least and the greatest value within [begin, end); empty when nothing is known there.
  [[nodiscard]] std::optional<std::pair<T, T>> range(Interval within) const {
    std::optional<std::pair<T, T>> r;
    each(within, [&](Interval, const T& v) {
      if (!r) r = {v, v};
      r->first = std::min(r->first, v);
      r->second = std::max(r->second, v);
    });
    return r;
  }

  /// How often the value changed within (begin, end): the value that holds at `begin` is no change.
  [[nodiscard]] int changes_in(Interval within) const {
    int n = 0;
    for (auto it = after_(within.begin); it != changes_.end() && it->at < within.end; ++it) {
      if (it != changes_.begin()) ++n;
    }
    return n;
  }

  bool operator==(const Steps&) const = default;

 private:
  [[nodiscard]] auto after_(RunTime t) const {
    return std::upper_bound(changes_.begin(), changes_.end(), t, [](RunTime x, const Change& c) { return x < c.at; });
  }
  std::vector<Change> changes_;
};

}  // namespace surgeproof
