#include "loadgen/addresses.h"

#include <boost/asio/error.hpp>
#include <utility>

namespace surgeproof::loadgen {

namespace asio = boost::asio;

Addresses::Addresses(asio::io_context& io, const Target& target, std::size_t first, std::function<void()> changed,
                     bool all)
    : resolver_(io), target_(target), changed_(std::move(changed)), all_(all), book_(first) {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(target.host, ec);
  if (ec) return;
  literal_ = true;
  book_.replace({{.endpoint = {address, static_cast<std::uint16_t>(std::stoi(target.port))}}});
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
      std::vector<PodEndpoint> endpoints;
      for (const auto& result : results) {
        endpoints.push_back({.endpoint = result.endpoint()});
        if (!all_) break;
      }
      book_.replace(endpoints);
      state_ = State::known;
    } else {
      error_ = target_.host + ": " + ec.message();
      if (book_.empty()) state_ = State::failed;
    }
    changed_();
  });
}

void Addresses::await_endpoints() {
  given_ = true;
  literal_ = false;
  book_.replace({});
  state_ = State::resolving;
}

void Addresses::set_endpoints(const std::vector<PodEndpoint>& endpoints, const std::string& why) {
  book_.replace(endpoints);
  state_ = book_.empty() ? State::failed : State::known;
  if (book_.empty()) error_ = why;
  changed_();
}

}  // namespace surgeproof::loadgen
