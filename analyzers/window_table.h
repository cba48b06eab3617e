// All load windows of a run: 24 hours of a dozen requests are a million. A window takes some 100 bytes here, not a
// kilobyte, and a sum over any span costs milliseconds.
//
//   rows     by begin, stage, request; 24 bytes each: when, whose, where in the pool
//   pool     the counts and the two histograms of each window, as varints
//   blocks   over each 4,096 rows, one sum for each (stage, request): a span's sum takes whole blocks, and rows at its
//            edges only. Service times are not in it: they are asked for when a limit was broken by a late generator,
//            and then all rows are read
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzers/load_sum.h"
#include "base/records.h"

namespace surgeproof {

class WindowTable {
 public:
  /// Takes a window in; it shows after settle().
  void add(const LoadWindow& window);
  /// Sorts in what was added; windows of the same begin, stage and request are summed. Costs what is new.
  void settle();
  /// add() and settle().
  void push_back(const LoadWindow& window);
  void clear() { *this = {}; }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// The window in full, unpacked: for those that look at few of them.
  [[nodiscard]] LoadWindow operator[](std::size_t i) const;
  [[nodiscard]] LoadWindow front() const { return (*this)[0]; }
  [[nodiscard]] LoadWindow back() const { return (*this)[size() - 1]; }
  bool operator==(const WindowTable& other) const;

  /// First and one past the last index of the windows that begin within [begin, end).
  [[nodiscard]] std::pair<std::size_t, std::size_t> range(Interval within) const;
  /// The latest end of a window; 0 without any.
  [[nodiscard]] RunTime end_of_last() const { return last_end_; }
  [[nodiscard]] LoadSum sum(const LoadFilter& filter, LoadParts parts) const;
  /// Answers of the whole run by HTTP status.
  [[nodiscard]] std::map<int, std::uint64_t> statuses() const;

  class Iterator {
   public:
    Iterator(const WindowTable& table, std::size_t i) : table_(&table), i_(i) {}
    LoadWindow operator*() const { return (*table_)[i_]; }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    const WindowTable* table_;
    std::size_t i_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  struct Row {
    RunTime begin{};
    std::uint32_t chunk = 0;  // of the pool
    std::uint32_t at = 0;     // in the chunk; both grow with the order of arrival
    std::uint32_t names = 0;  // index into names_
  };
  struct Names {
    std::string stage;
    std::string request;
    std::uint32_t rank = 0;  // by stage, request
  };
  struct GroupSum {
    std::uint32_t names = 0;
    std::uint64_t planned = 0;
    std::uint64_t sent = 0;
    std::array<std::uint64_t, kOutcomes> outcomes{};
    std::vector<std::uint8_t> latency;  // packed: as numbers they would outweigh the rows
  };
  using Block = std::vector<GroupSum>;

  std::uint32_t names_of(const LoadWindow& window);
  void rank_names();
  Row pack(const LoadWindow& window);
  [[nodiscard]] const std::uint8_t* packed(const Row& row) const;
  [[nodiscard]] bool before(const Row& a, const Row& b) const;
  [[nodiscard]] bool same(const Row& a, const Row& b) const { return a.begin == b.begin && a.names == b.names; }
  void sum_up_equals(std::size_t from);
  [[nodiscard]] std::uint8_t* scratch(std::size_t bytes);
  [[nodiscard]] std::vector<std::uint8_t> packed_alone(const SparseHistogram& histogram);
  [[nodiscard]] Block sum_block(std::size_t first, std::vector<LoadSum>& room);
  void add_row(const Row& row, LoadParts parts, LoadSum& sum) const;
  static void add_block(const Block& block, const std::vector<bool>& mine, LoadParts parts, LoadSum& sum);
  [[nodiscard]] std::vector<bool> wanted(const LoadFilter& filter) const;

  std::vector<Row> rows_;
  std::vector<Row> fresh_;
  std::vector<std::vector<std::uint8_t>> pool_;  // chunks; no window lies across two
  std::vector<Names> names_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> ids_;
  std::uint32_t last_id_ = 0;
  std::vector<Block> blocks_;
  std::vector<std::uint8_t> scratch_;  // to pack into
  RunTime last_end_{};
};

}  // namespace surgeproof
