// Requests that wait for a connection, first in, first out: a ring that keeps its memory. Pure.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

#include "loadgen/plan.h"

namespace surgeproof::loadgen {

class TicketQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const Ticket& front() const { return ring_[first_]; }
  [[nodiscard]] const Ticket& operator[](std::size_t i) const { return ring_[(first_ + i) & (ring_.size() - 1)]; }

  void push_back(const Ticket& ticket) {
    if (size_ == ring_.size()) grow();
    ring_[(first_ + size_++) & (ring_.size() - 1)] = ticket;
  }
  void pop_front() {
    assert(size_ > 0);
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
  }
  void clear() { size_ = 0; }

 private:
  void grow() {
    std::vector<Ticket> larger(2 * ring_.size());
    for (std::size_t i = 0; i < size_; ++i) larger[i] = (*this)[i];
    ring_ = std::move(larger);
    first_ = 0;
  }

  std::vector<Ticket> ring_{256};  // a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace surgeproof::loadgen
