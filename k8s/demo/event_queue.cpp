#include "k8s/demo/event_queue.h"

#include <algorithm>

namespace surgeproof::demo {

WallTime EventQueue::now() const { return clock_ ? std::max(now_, clock_()) : now_; }

EventQueue::Ticket EventQueue::at(WallTime when, Action action) {
  const Ticket ticket{std::max(when, now_), ++last_};
  const auto place = planned_.emplace(std::pair{ticket.at, ticket.number}, std::move(action)).first;
  if (place == planned_.begin() && wake_) wake_();
  return ticket;
}

void EventQueue::cancel(Ticket& ticket) {
  planned_.erase({ticket.at, ticket.number});
  ticket = {};
}

std::optional<WallTime> EventQueue::next() const {
  if (planned_.empty()) return std::nullopt;
  return planned_.begin()->first.first;
}

void EventQueue::step_until(WallTime end) {
  while (!planned_.empty() && planned_.begin()->first.first <= end) {
    auto node = planned_.extract(planned_.begin());
    now_ = node.key().first;
    node.mapped()();
  }
  now_ = std::max(now_, end);
}

}  // namespace surgeproof::demo
