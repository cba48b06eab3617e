// probe_target: is there anybody at the target's address, before any load is sent?
#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "base/net/tls_context.h"
#include "loadgen/addresses.h"
#include "loadgen/engine.h"
#include "loadgen/plan.h"
#include "loadgen/target.h"
#include "loadgen/tls_transport.h"

namespace surgeproof::loadgen {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Starts with `begin(handler)` and runs until it has ended or the deadline has passed.
template <class Begin>
error_code run_until(asio::io_context& io, std::chrono::steady_clock::time_point deadline, Begin begin) {
  const auto ended = std::make_shared<std::optional<error_code>>();  // the handler may come after the deadline
  begin([ended](const error_code& ec, const auto&...) { *ended = ec; });
  io.restart();
  io.run_until(deadline);
  return ended->value_or(asio::error::timed_out);
}

struct Probe {
  const Scenario& scenario;
  const Target& target;
  net::TlsContext* tls;
  std::chrono::steady_clock::time_point deadline;
  asio::io_context io{1};
  Addresses addresses{io, target, 0, [] {}};
  tcp::socket socket{io};

  std::expected<void, std::string> connect(const std::vector<PodAddress>& pods) {
    if (scenario.connections.direct) {
      addresses.await_endpoints();
      addresses.set_endpoints(parse_endpoints(pods), "no pod is ready");
      if (addresses.state() == Addresses::State::failed) return failed("no connection", addresses.error());
    }
    addresses.look_up({});
    io.run_until(deadline);  // nothing to wait for when the target is an address
    if (addresses.state() == Addresses::State::failed) return failed("the name is unknown", addresses.error());
    if (addresses.state() != Addresses::State::known) return failed("the name was not resolved", "in time");
    const std::vector<tcp::endpoint> candidates = addresses.book().assign(0, Addresses::kMaxCandidates - 1);
    const error_code ec =
        run_until(io, deadline, [&](auto handler) { asio::async_connect(socket, candidates, handler); });
    if (ec) return failed("no connection", ec.message());
    return tls == nullptr ? std::expected<void, std::string>{} : shake_hands();
  }

  std::expected<void, std::string> shake_hands() {
    error_code ec;
    socket.non_blocking(true, ec);
    TlsTransport transport{*tls, socket.native_handle()};
    while (true) {
      const Transport::Handshake shaken = transport.handshake();
      if (shaken == Transport::Handshake::failed) return failed("the TLS handshake failed", transport.error());
      if (shaken == Transport::Handshake::done) break;
      ec = run_until(io, deadline, [&](auto handler) { socket.async_wait(tcp::socket::wait_read, handler); });
      if (ec) return failed("the TLS handshake failed", ec.message());
    }
    transport.shut_down();
    return {};
  }

  [[nodiscard]] std::unexpected<std::string> failed(std::string_view what, std::string_view why) const {
    const auto& direct = scenario.connections.direct;
    const std::string whom = direct ? "the pods of Service " + direct->service : target.authority;
    return std::unexpected(fmt::format("{}: {} ({})", whom, what, why));
  }
};

}  // namespace

std::expected<void, std::string> probe_target(const Scenario& scenario, std::chrono::nanoseconds limit,
                                              const std::vector<PodAddress>& pods) {
  try {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const auto target = parse_target(scenario.target);
    if (!target) return std::unexpected(target.error());
    std::unique_ptr<net::TlsContext> tls;
    if (target->tls) {
      auto made = net::TlsContext::make(tls_settings(*target, scenario.client));
      if (!made) return std::unexpected(std::move(made.error()));
      tls = std::move(*made);
    }
    Probe probe{.scenario = scenario, .target = *target, .tls = tls.get(), .deadline = deadline};
    return probe.connect(pods);
  } catch (const std::exception& e) {
    return std::unexpected(std::string{"the target could not be probed: "} + e.what());
  }
}

}  // namespace surgeproof::loadgen
