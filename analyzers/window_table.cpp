#include "analyzers/window_table.h"

#include <algorithm>
#include <tuple>

#include "analyzers/merge.h"
#include "analyzers/varint.h"

namespace surgeproof {
namespace {

constexpr std::size_t kBlock = 4096;                  // rows
constexpr std::size_t kChunk = std::size_t{1} << 20;  // bytes; the largest window takes half of it

// The pool's layout of one window: length, planned, sent, bytes, outcomes (mask, counts), statuses (number, code and
// count each), latency, service time. A histogram: number of buckets; if any, sum, maximum, clamped, and for each
// bucket the distance from the one before and the count.

constexpr std::size_t kMostHeader = 4 * kMostVarint;  // of a histogram
constexpr std::size_t kMostBucket = 2 * kMostVarint;

std::size_t most_bytes(const SparseHistogram& h) { return kMostHeader + kMostBucket * h.buckets.size(); }

void pack_histogram(std::uint8_t*& at, const SparseHistogram& h) {
  put_varint(at, h.buckets.size());
  if (h.buckets.empty()) return;
  put_varint(at, static_cast<std::uint64_t>(h.sum_us));
  put_varint(at, static_cast<std::uint64_t>(h.max_us));
  put_varint(at, h.clamped);
  std::uint32_t before = 0;
  std::uint8_t* p = at;  // the compiler knows of a local that nobody else writes to it
  for (const auto& [index, n] : h.buckets) {
    put_varint(p, index - before);
    put_varint(p, n);
    before = index;
  }
  at = p;
}

SparseHistogram unpack_histogram(const std::uint8_t*& at) {
  SparseHistogram h;
  const std::uint64_t n = take_varint(at);
  if (n == 0) return h;
  h.sum_us = static_cast<std::int64_t>(take_varint(at));
  h.max_us = static_cast<std::int64_t>(take_varint(at));
  h.clamped = take_varint(at);
  h.buckets.reserve(n);
  std::uint32_t index = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    index += static_cast<std::uint32_t>(take_varint(at));
    h.buckets.emplace_back(index, take_varint(at));
  }
  return h;
}

void merge_histogram(const std::uint8_t*& at, Histogram& into) {
  const std::uint64_t n = take_varint(at);
  if (n == 0) return;
  const auto sum_us = static_cast<std::int64_t>(take_varint(at));
  const auto max_us = static_cast<std::int64_t>(take_varint(at));
  into.add_totals(sum_us, max_us, take_varint(at));
  std::uint32_t index = 0;
  const std::uint8_t* p = at;  // the compiler knows of a local that nobody else writes to it
  into.merge_buckets(n, [&] {
    index += static_cast<std::uint32_t>(take_varint(p));
    return std::pair{index, take_varint(p)};
  });
  at = p;
}

struct Counts {
  RunTime length{};
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::uint64_t bytes = 0;
};

Counts take_counts(const std::uint8_t*& at) {
  Counts c;
  c.length = RunTime{static_cast<std::int64_t>(take_varint(at))};
  c.planned = take_varint(at);
  c.sent = take_varint(at);
  c.bytes = take_varint(at);
  return c;
}

void take_outcomes(const std::uint8_t*& at, std::array<std::uint64_t, kOutcomes>& outcomes) {
  std::uint64_t mask = take_varint(at);
  for (std::size_t i = 0; mask != 0; ++i, mask >>= 1) {
    if (mask & 1) outcomes[i] += take_varint(at);
  }
}

template <class Visitor>
void take_statuses(const std::uint8_t*& at, Visitor visit) {
  const std::uint64_t n = take_varint(at);
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto status = static_cast<int>(take_varint(at));
    visit(status, take_varint(at));
  }
}

constexpr auto kSkip = [](int, std::uint64_t) {};

}  // namespace

std::uint32_t WindowTable::names_of(const LoadWindow& w) {
  const auto is = [&](std::uint32_t id) {
    return id < names_.size() && names_[id].request == w.request && names_[id].stage == w.stage;
  };
  // Windows come in rounds: the same requests in the same order, second after second.
  if (is(last_id_)) return last_id_;
  if (is(last_id_ + 1)) return ++last_id_;
  const auto [it, fresh] = ids_.try_emplace({w.stage, w.request}, static_cast<std::uint32_t>(names_.size()));
  if (fresh) {
    names_.push_back({w.stage, w.request, 0});
    rank_names();
  }
  return last_id_ = it->second;
}

void WindowTable::rank_names() {
  std::uint32_t rank = 0;
  for (const auto& [key, id] : ids_) names_[id].rank = rank++;
}

namespace {

std::size_t most_bytes(const LoadWindow& w) {
  std::size_t most = kMostVarint * (9 + kOutcomes + 2 * w.statuses.size() + w.class_latency.size()) +
                     most_bytes(w.latency) + most_bytes(w.service_time);
  for (const auto& [status_class, histogram] : w.class_latency) most += most_bytes(histogram);
  return most;
}

void pack_window(std::uint8_t*& at, const LoadWindow& w) {
  put_varint(at, static_cast<std::uint64_t>(w.length.count()));
  put_varint(at, w.planned);
  put_varint(at, w.sent);
  put_varint(at, w.bytes_received);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) mask |= w.outcomes[i] != 0 ? std::uint64_t{1} << i : 0;
  put_varint(at, mask);
  for (const std::uint64_t n : w.outcomes) {
    if (n != 0) put_varint(at, n);
  }
  put_varint(at, w.statuses.size());
  for (const auto& [status, n] : w.statuses) {
    put_varint(at, static_cast<std::uint64_t>(std::max(status, 0)));
    put_varint(at, n);
  }
  pack_histogram(at, w.latency);
  pack_histogram(at, w.service_time);
  put_varint(at, w.closed_loop ? 1 : 0);
  put_varint(at, w.class_latency.size());
  for (const auto& [status_class, histogram] : w.class_latency) {
    put_varint(at, static_cast<std::uint64_t>(std::max(status_class, 0)));
    pack_histogram(at, histogram);
  }
}

}  // namespace

std::uint8_t* WindowTable::scratch(std::size_t bytes) {
  if (scratch_.size() < bytes) scratch_.resize(std::max(bytes, 2 * scratch_.size()));
  return scratch_.data();
}

WindowTable::Row WindowTable::pack(const LoadWindow& w) {
  std::uint8_t* const begin = scratch(most_bytes(w));
  std::uint8_t* end = begin;
  pack_window(end, w);
  *end++ = 0;  // for take_varint to look at
  const auto bytes = static_cast<std::size_t>(end - begin);
  if (pool_.empty() || pool_.back().size() + bytes > kChunk) {
    pool_.emplace_back();
    if (pool_.size() > 1) pool_.back().reserve(std::max(kChunk, bytes));
  }
  const Row row{w.begin, static_cast<std::uint32_t>(pool_.size() - 1), static_cast<std::uint32_t>(pool_.back().size()),
                names_of(w)};
  pool_.back().insert(pool_.back().end(), begin, end);
  return row;
}

const std::uint8_t* WindowTable::packed(const Row& row) const { return pool_[row.chunk].data() + row.at; }

void WindowTable::add(const LoadWindow& w) {
  fresh_.push_back(pack(w));
  last_end_ = std::max(last_end_, w.begin + w.length);
}

void WindowTable::push_back(const LoadWindow& w) {
  add(w);
  settle();
}

bool WindowTable::before(const Row& a, const Row& b) const {
  if (a.begin != b.begin) return a.begin < b.begin;
  if (a.names != b.names) return names_[a.names].rank < names_[b.names].rank;
  return std::tie(a.chunk, a.at) < std::tie(b.chunk, b.at);
}

void WindowTable::settle() {
  if (fresh_.empty()) return;
  const auto less = [this](const Row& a, const Row& b) { return before(a, b); };
  sort_nearly_sorted(fresh_.begin(), fresh_.end(), less);
  // A window with the same key may stand before: it has an earlier place in the pool, so it sorts before.
  std::size_t moved = rows_.size();
  if (rows_.empty()) {
    rows_ = std::move(fresh_);
    fresh_ = {};
    moved = 0;
  } else {
    moved = sort_in(rows_, fresh_, less);
  }
  moved = moved == 0 ? 0 : moved - 1;
  sum_up_equals(moved);
  blocks_.resize(std::min(blocks_.size(), moved / kBlock));
  std::vector<LoadSum> room;
  while ((blocks_.size() + 1) * kBlock <= rows_.size()) blocks_.push_back(sum_block(blocks_.size() * kBlock, room));
}

void WindowTable::sum_up_equals(std::size_t from) {
  if (from >= rows_.size()) return;
  std::size_t last = from;
  for (std::size_t i = from + 1; i < rows_.size();) {
    if (!same(rows_[last], rows_[i])) {
      rows_[++last] = rows_[i++];
      continue;
    }
    LoadWindow sum = (*this)[last];
    for (; i < rows_.size() && same(rows_[last], rows_[i]); ++i) add_to(sum, (*this)[i]);
    rows_[last] = pack(sum);
  }
  rows_.resize(last + 1);
}

LoadWindow WindowTable::operator[](std::size_t i) const {
  const Row& row = rows_[i];
  const std::uint8_t* at = packed(row);
  LoadWindow w;
  w.begin = row.begin;
  w.stage = names_[row.names].stage;
  w.request = names_[row.names].request;
  const Counts c = take_counts(at);
  w.length = c.length;
  w.planned = c.planned;
  w.sent = c.sent;
  w.bytes_received = c.bytes;
  take_outcomes(at, w.outcomes);
  take_statuses(at, [&](int status, std::uint64_t n) { w.statuses[status] = n; });
  w.latency = unpack_histogram(at);
  w.service_time = unpack_histogram(at);
  w.closed_loop = take_varint(at) != 0;
  for (std::uint64_t n = take_varint(at); n > 0; --n) {
    const auto status_class = static_cast<int>(take_varint(at));
    w.class_latency[status_class] = unpack_histogram(at);
  }
  return w;
}

bool WindowTable::operator==(const WindowTable& other) const {
  if (size() != other.size()) return false;
  for (std::size_t i = 0; i < size(); ++i) {
    if (!((*this)[i] == other[i])) return false;
  }
  return true;
}

std::pair<std::size_t, std::size_t> WindowTable::range(Interval within) const {
  const auto earlier = [](const Row& r, RunTime t) { return r.begin < t; };
  const auto first = std::lower_bound(rows_.begin(), rows_.end(), within.begin, earlier);
  const auto last = std::lower_bound(first, rows_.end(), within.end, earlier);
  return {static_cast<std::size_t>(first - rows_.begin()), static_cast<std::size_t>(last - rows_.begin())};
}

void WindowTable::add_row(const Row& row, LoadParts parts, LoadSum& sum) const {
  const std::uint8_t* at = packed(row);
  const Counts c = take_counts(at);
  sum.planned += c.planned;
  sum.sent += c.sent;
  take_outcomes(at, sum.outcomes);
  if (parts == LoadParts::counts) return;
  take_statuses(at, kSkip);
  merge_histogram(at, sum.latency);
  if (parts == LoadParts::all) merge_histogram(at, sum.service_time);
}

std::vector<std::uint8_t> WindowTable::packed_alone(const SparseHistogram& histogram) {
  std::uint8_t* const begin = scratch(most_bytes(histogram) + kMostVarint);
  std::uint8_t* end = begin;
  pack_histogram(end, histogram);
  *end++ = 0;  // for take_varint to look at
  return {begin, end};
}

WindowTable::Block WindowTable::sum_block(std::size_t first, std::vector<LoadSum>& room) {
  room.resize(names_.size());
  std::vector<bool> seen(names_.size());
  for (std::size_t i = first; i < first + kBlock; ++i) {
    const std::uint32_t id = rows_[i].names;
    if (!seen[id]) room[id].reset();
    seen[id] = true;
    add_row(rows_[i], LoadParts::latency, room[id]);
  }
  Block block;
  for (std::uint32_t id = 0; id < room.size(); ++id) {
    if (seen[id]) {
      block.push_back(
          {id, room[id].planned, room[id].sent, room[id].outcomes, packed_alone(room[id].latency.sparse())});
    }
  }
  return block;
}

std::vector<bool> WindowTable::wanted(const LoadFilter& filter) const {
  std::vector<bool> wanted(names_.size());
  for (std::size_t id = 0; id < names_.size(); ++id) {
    wanted[id] = (filter.request.empty() || names_[id].request == filter.request) &&
                 (filter.stage.empty() || names_[id].stage == filter.stage);
  }
  return wanted;
}

void WindowTable::add_block(const Block& block, const std::vector<bool>& mine, LoadParts parts, LoadSum& sum) {
  for (const GroupSum& group : block) {
    if (!mine[group.names]) continue;
    sum.planned += group.planned;
    sum.sent += group.sent;
    for (std::size_t o = 0; o < kOutcomes; ++o) sum.outcomes[o] += group.outcomes[o];
    const std::uint8_t* at = group.latency.data();
    if (parts == LoadParts::latency) merge_histogram(at, sum.latency);
  }
}

LoadSum WindowTable::sum(const LoadFilter& filter, LoadParts parts) const {
  LoadSum sum;
  const std::vector<bool> mine = wanted(filter);
  const auto [first, last] = range(filter.span);
  for (std::size_t i = first; i < last;) {
    const std::size_t block = i / kBlock;
    const bool whole = i % kBlock == 0 && i + kBlock <= last && block < blocks_.size();
    if (whole && parts != LoadParts::all) {
      add_block(blocks_[block], mine, parts, sum);
      i += kBlock;
      continue;
    }
    if (mine[rows_[i].names]) add_row(rows_[i], parts, sum);
    ++i;
  }
  return sum;
}

std::map<int, std::uint64_t> WindowTable::statuses() const {
  std::map<int, std::uint64_t> all;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  for (const Row& row : rows_) {
    const std::uint8_t* at = packed(row);
    take_counts(at);
    take_outcomes(at, outcomes);
    take_statuses(at, [&](int status, std::uint64_t n) { all[status] += n; });
  }
  return all;
}

}  // namespace surgeproof
