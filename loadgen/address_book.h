// The addresses that connections go to, and which of them carries which connection. Pure.
//
// A new connection goes to the address that has the fewest, so that all get their share, one that is new first. An
// address that did not accept gets its turn as the others do, and no more: it must not draw all new connections.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "loadgen/target.h"

namespace surgeproof::loadgen {

struct PodEndpoint {
  boost::asio::ip::tcp::endpoint endpoint;
  std::string pod = {};  ///< who is there; empty: not known
};

/// What is no address with a port is left out.
std::vector<PodEndpoint> parse_endpoints(const std::vector<PodAddress>& pods);

class AddressBook {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;
  /// An address that did not accept is tried again after this, also if nobody needs another connection.
  static constexpr std::chrono::seconds kSecondChance{1};

  /// `first`: where to begin, so that workers do not all begin with the same address.
  explicit AddressBook(std::size_t first) : turn_(first) {}

  /// These from now on, each once. Connections stay with those that remain.
  void replace(const std::vector<PodEndpoint>& endpoints);

  [[nodiscard]] bool empty() const { return addresses_.empty(); }
  [[nodiscard]] std::size_t size() const { return addresses_.size(); }
  [[nodiscard]] bool contains(const Endpoint& endpoint) const;

  /// Chooses the address for a new connection in `slot`; to be called with at least one address. The result begins with
  /// it; up to `most` others follow, in turn.
  std::vector<Endpoint> assign(std::uint32_t slot, std::size_t most);
  /// The connection in `slot` came about.
  void reached(std::uint32_t slot);
  /// The connection in `slot` is gone. True: its address, still in the book, has none now, although it accepts them.
  bool release(std::uint32_t slot, RunTime now);
  /// Who is at the address that `slot` was last assigned, gone or not; empty: not known.
  [[nodiscard]] const std::string& pod(std::uint32_t slot) const;

  /// Addresses that have no connection and are not known to refuse them.
  [[nodiscard]] std::size_t unused() const;
  /// Slots whose connections would have to end for every address to have as many, at most one more.
  [[nodiscard]] std::vector<std::uint32_t> surplus() const;
  /// Whether the time has come to try an address again that did not accept.
  bool second_chance(RunTime now);

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Address {
    PodEndpoint at;
    std::uint32_t connections = 0;
    bool refused = false;
    RunTime refused_at{};
  };
  struct Assignment {
    std::size_t address = kNone;
    bool reached = false;
    std::string pod;
  };
  std::size_t choose();

  std::vector<Address> addresses_;
  std::vector<Assignment> slots_;
  std::size_t turn_;
};

}  // namespace surgeproof::loadgen
