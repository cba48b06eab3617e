#include "loadgen/addresses.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

namespace surgeproof::loadgen {

namespace asio = boost::asio;

Addresses::Addresses(asio::io_context& io, const Target& target, std::size_t first, std::function<void()> changed,
                     bool all)
    : resolver_(io), target_(target), changed_(std::move(changed)), all_(all), turn_(first) {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(target.host, ec);
  if (ec) return;
  literal_ = true;
  endpoints_.emplace_back(address, static_cast<std::uint16_t>(std::stoi(target.port)));
  state_ = State::known;
}

void Addresses::look_up(RunTime now) {
  if (literal_ || given_ || busy_) return;
  busy_ = true;
  looked_up_ = now;
  if (state_ == State::failed) state_ = State::resolving;
  resolver_.async_resolve(target_.host, target_.port, [this](const auto& ec, const auto& results) {
    if (ec == asio::error::operation_aborted) return;
    busy_ = false;
    if (!ec && !results.empty()) {
      endpoints_.clear();
      for (const auto& result : results) {
        if (!contains(result.endpoint())) endpoints_.push_back(result.endpoint());
        if (!all_) break;
      }
      state_ = State::known;
    } else {
      error_ = target_.host + ": " + ec.message();
      if (endpoints_.empty()) state_ = State::failed;
    }
    changed_();
  });
}

void Addresses::await_endpoints() {
  given_ = true;
  literal_ = false;
  endpoints_.clear();
  state_ = State::resolving;
}

void Addresses::set_endpoints(std::vector<Endpoint> endpoints, const std::string& why) {
  endpoints_ = std::move(endpoints);
  state_ = endpoints_.empty() ? State::failed : State::known;
  if (endpoints_.empty()) error_ = why;
  changed_();
}

bool Addresses::contains(const Endpoint& endpoint) const {
  return std::ranges::find(endpoints_, endpoint) != endpoints_.end();
}

std::vector<Addresses::Endpoint> Addresses::take_turn() {
  std::vector<Endpoint> candidates = endpoints_;
  std::ranges::rotate(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(turn_++ % candidates.size()));
  if (candidates.size() > kMaxCandidates) candidates.resize(kMaxCandidates);
  return candidates;
}

}  // namespace surgeproof::loadgen
