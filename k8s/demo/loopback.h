// Addresses for pods: a 127.x.y.0/24 that no other demo cluster uses.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <set>
#include <string>

namespace surgeproof::demo {

class LoopbackSubnet {
 public:
  /// Finds one, beginning anywhere; holds it until destroyed. Throws std::runtime_error when there is none.
  explicit LoopbackSubnet(boost::asio::io_context& io);

  /// "127.83.4.17", each in turn, so that an address is not used again at once; empty when all are in use.
  std::string take();
  void give(const std::string& address);
  /// On which pods listen: free on every address of the subnet.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// "127.83.4."
  [[nodiscard]] const std::string& prefix() const { return prefix_; }

 private:
  bool hold(std::uint32_t number, std::uint16_t port);

  boost::asio::ip::tcp::acceptor claim_;  // bound to .1: nobody else gets this subnet
  std::string prefix_;
  std::uint16_t port_ = 0;
  int last_ = 1;
  std::set<std::string> used_;
};

}  // namespace surgeproof::demo
