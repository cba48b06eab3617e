#include "k8s/demo/loopback.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio.hpp>
#include <random>
#include <stdexcept>

namespace surgeproof::demo {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

// Where a program listens on all addresses, a port is taken on every subnet: then the next one.
constexpr std::array<std::uint16_t, 5> kPorts{8080, 18080, 28080, 8081, 38080};
constexpr std::uint32_t kSubnets = 200 * 256;  // 127.20.0 to 127.219.255

}  // namespace

LoopbackSubnet::LoopbackSubnet(asio::io_context& io) : claim_(io) {
  const std::uint32_t begin = std::random_device{}();
  for (const std::uint16_t port : kPorts) {
    for (std::uint32_t i = 0; i < 64; ++i) {
      if (hold((begin + i) % kSubnets, port)) return;
    }
  }
  throw std::runtime_error("no free loopback addresses (127.x.y.z) for the demo's pods");
}

bool LoopbackSubnet::hold(std::uint32_t number, std::uint16_t port) {
  prefix_ = fmt::format("127.{}.{}.", 20 + number / 256, number % 256);
  port_ = port;
  boost::system::error_code ec;
  const tcp::endpoint endpoint(asio::ip::make_address(prefix_ + "1"), port);
  claim_.open(endpoint.protocol(), ec);
  // Without SO_REUSEADDR: a bound address is then not shared.
  if (!ec) claim_.bind(endpoint, ec);
  if (!ec) return true;
  boost::system::error_code ignored;
  claim_.close(ignored);
  return false;
}

std::string LoopbackSubnet::take() {
  for (int tries = 0; tries < 253; ++tries) {
    last_ = last_ >= 254 ? 2 : last_ + 1;
    std::string address = fmt::format("{}{}", prefix_, last_);
    if (used_.insert(address).second) return address;
  }
  return {};
}

void LoopbackSubnet::give(const std::string& address) { used_.erase(address); }

}  // namespace surgeproof::demo
