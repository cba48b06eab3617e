#include "loadgen/tally.h"

#include <algorithm>
#include <bit>

#include "loadgen/random.h"

namespace surgeproof::loadgen {
namespace {

constexpr std::size_t kPagesAtFirst = 512;  // 256 kB
constexpr std::size_t kPeersAtFirst = 256;

constexpr auto kSlower = [](const SlowExemplar& a, const SlowExemplar& b) { return a.latency > b.latency; };

std::size_t hash_of(const CellKey& key) {
  const auto words =
      static_cast<std::uint64_t>(key.window) ^ (std::uint64_t{key.request} << 40U) ^ (std::uint64_t{key.stage} << 52U);
  return static_cast<std::size_t>(mix(words));
}

/// Index into Cell::class_latency; none for 2xx, whose latency is the rest.
std::optional<std::size_t> class_index(int status) {
  const int status_class = status / 100;
  if (status_class == 1) return 0;
  if (status_class >= 3 && status_class <= 5) return static_cast<std::size_t>(status_class) - 2;
  return std::nullopt;
}

constexpr std::array<int, 4> kClasses{1, 3, 4, 5};

}  // namespace

Tally::Tally(std::size_t requests) : pages_(kPagesAtFirst) {
  const std::size_t cells = std::min<std::size_t>(requests, 64) * 3;  // this window, the one before, a late answer
  cells_.reserve(cells);
  rehash(std::bit_ceil(2 * cells));
  peers_.reserve(kPeersAtFirst);
  peer_at_.reserve(kPeersAtFirst);
  slowest_.reserve(kSlowest);
}

void Tally::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::uint32_t number = 1; number <= cells_.size(); ++number) {
    std::size_t at = hash_of(cells_[number - 1].key);
    while (slots_[at &= slots - 1] != 0) ++at;
    slots_[at] = number;
  }
}

Cell& Tally::find(const CellKey& key) {
  std::size_t at = hash_of(key);
  while (slots_[at &= slots_.size() - 1] != 0) {
    Cell& cell = cells_[slots_[at] - 1];
    if (cell.key == key) return *(last_ = &cell);
    ++at;
  }
  cells_.emplace_back().key = key;
  slots_[at] = static_cast<std::uint32_t>(cells_.size());
  if (2 * cells_.size() > slots_.size()) rehash(2 * slots_.size());
  return *(last_ = &cells_.back());
}

void Tally::count_status(Cell& cell, int status) {
  for (auto& [known, count] : cell.statuses) {
    if (count > 0 && known != status) continue;
    known = static_cast<std::uint16_t>(status);
    ++count;
    return;
  }
  const auto index = static_cast<std::uint32_t>(&cell - cells_.data());
  for (OtherStatus& other : other_statuses_) {
    if (other.cell != index || other.status != status) continue;
    ++other.count;
    return;
  }
  other_statuses_.push_back({.cell = index, .status = status, .count = 1});
}

void Tally::end(Cell& cell, const Ending& ending) {
  ++cell.outcomes[static_cast<std::size_t>(ending.outcome)];
  cell.bytes_received += ending.bytes_received;
  if (!is_answered(ending.outcome)) return;
  count_status(cell, ending.status);
  cell.latency.record(pages_, ending.latency);
  cell.service.record(pages_, ending.service);
  const auto index = class_index(ending.status);
  if (!index) return;
  std::uint32_t& number = cell.class_latency[*index];
  if (number == 0) {
    spare_.emplace_back();
    number = static_cast<std::uint32_t>(spare_.size());
  }
  spare_[number - 1].record(pages_, ending.latency);
}

void Tally::answered(std::int64_t window, std::uint32_t peer) {
  if (peer >= peer_at_.size()) peer_at_.resize(peer + 1);
  std::uint32_t& number = peer_at_[peer];
  if (number == 0 || peers_[number - 1].window != window) {
    peers_.push_back({.window = window, .peer = peer, .answered = 0});
    number = static_cast<std::uint32_t>(peers_.size());
  }
  ++peers_[number - 1].answered;
}

void Tally::add_slow(const SlowExemplar& exemplar) {
  if (!is_slow(exemplar.latency)) return;
  if (slowest_.size() == kSlowest) {
    std::ranges::pop_heap(slowest_, kSlower);
    slowest_.pop_back();
  }
  slowest_.push_back(exemplar);
  std::ranges::push_heap(slowest_, kSlower);
}

void Tally::clear() {
  pages_.clear();
  cells_.clear();
  std::ranges::fill(slots_, 0U);
  last_ = nullptr;
  spare_.clear();
  other_statuses_.clear();
  peers_.clear();
  std::ranges::fill(peer_at_, 0U);
  slowest_.clear();
  schedule_error_.clear();
}

void Tally::add_to(LoadWindow& window, const Cell& cell) const {
  window.planned += cell.planned;
  window.sent += cell.sent;
  for (std::size_t i = 0; i < kOutcomes; ++i) window.outcomes[i] += cell.outcomes[i];
  window.bytes_received += cell.bytes_received;
  for (const auto& [status, count] : cell.statuses) {
    if (count > 0) window.statuses[status] += count;
  }
  const auto index = static_cast<std::uint32_t>(&cell - cells_.data());
  for (const OtherStatus& other : other_statuses_) {
    if (other.cell == index) window.statuses[other.status] += other.count;
  }
  window.latency.merge(cell.latency.sparse(pages_));
  window.service_time.merge(cell.service.sparse(pages_));
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    if (cell.class_latency[i] == 0) continue;
    window.class_latency[kClasses[i]].merge(spare_[cell.class_latency[i] - 1].sparse(pages_));
  }
}

}  // namespace surgeproof::loadgen
