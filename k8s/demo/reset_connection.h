// How a connection ends whose process was killed.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace surgeproof::demo {

/// Closes it so that the peer sees a reset (RST) and not an end (FIN).
inline void reset_connection(boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace surgeproof::demo
