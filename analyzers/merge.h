// Additive records summed, and new records sorted into old ones at a cost of what is new.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "base/records.h"

namespace surgeproof {

/// Adds `from` to `into`, exactly.
void add_to(LoadWindow& into, const LoadWindow& from);
void add_to(PeerWindow& into, const PeerWindow& from);

/// std::sort, in linear time for what is nearly in order: recorded things come a little late, not anyhow.
template <class Iterator, class Less>
void sort_nearly_sorted(Iterator begin, Iterator end, Less less) {
  auto budget = 8 * (end - begin);  // places that elements may be moved, all together
  for (Iterator i = begin; i != end; ++i) {
    if (i == begin || !less(*i, *std::prev(i))) continue;
    auto element = std::move(*i);
    Iterator hole = i;
    for (; hole != begin && less(element, *std::prev(hole)) && budget > 0; --hole, --budget) {
      *hole = std::move(*std::prev(hole));
    }
    *hole = std::move(element);
    if (budget == 0) return std::sort(begin, end, less);
  }
}

/// Sorts and keeps the order of equals. (std::stable_sort of libstdc++ 12 draws a deprecation warning from clang.)
template <class T, class Less>
void sort_stably(std::vector<T>& v, Less less) {
  if (std::is_sorted(v.begin(), v.end(), less)) return;
  std::vector<std::size_t> order(v.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  sort_nearly_sorted(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (less(v[a], v[b])) return true;
    return !less(v[b], v[a]) && a < b;
  });
  // In place, cycle by cycle: the elements are large and many.
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (order[i] == i) continue;
    T first = std::move(v[i]);
    std::size_t hole = i;
    while (order[hole] != i) {
      v[hole] = std::move(v[order[hole]]);
      hole = std::exchange(order[hole], hole);
    }
    v[hole] = std::move(first);
    order[hole] = hole;
  }
}

/// Sorts `fresh` into `sorted` and empties it; equals keep their order of arrival. Only the part of `sorted` that lies
/// behind the least fresh element is touched, so that appending in order costs O(fresh), not O(sorted).
/// Returns the index of the first element that may have moved.
template <class T, class Less>
std::size_t sort_in(std::vector<T>& sorted, std::vector<T>& fresh, Less less) {
  if (fresh.empty()) return sorted.size();
  sort_stably(fresh, less);
  if (sorted.empty()) {
    sorted.swap(fresh);
    return 0;
  }
  const auto tail = std::upper_bound(sorted.begin(), sorted.end(), fresh.front(), less);
  const auto first = static_cast<std::size_t>(tail - sorted.begin());
  std::vector<T> later(std::make_move_iterator(tail), std::make_move_iterator(sorted.end()));
  sorted.erase(tail, sorted.end());
  std::merge(std::make_move_iterator(later.begin()), std::make_move_iterator(later.end()),
             std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()), std::back_inserter(sorted),
             less);
  fresh.clear();
  return first;
}

/// As sort_in; then neighbours of which neither is less are summed by add_to.
template <class T, class Less>
void sum_in(std::vector<T>& sorted, std::vector<T>& fresh, Less less) {
  const std::size_t moved = sort_in(sorted, fresh, less);
  if (moved >= sorted.size()) return;
  std::size_t last = moved == 0 ? 0 : moved - 1;
  for (std::size_t i = last + 1; i < sorted.size(); ++i) {
    if (!less(sorted[last], sorted[i])) {
      add_to(sorted[last], sorted[i]);
    } else if (++last != i) {
      sorted[last] = std::move(sorted[i]);
    }
  }
  sorted.erase(sorted.begin() + static_cast<std::ptrdiff_t>(last) + 1, sorted.end());
}

}  // namespace surgeproof
