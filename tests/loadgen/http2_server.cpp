#include "tests/loadgen/http2_server.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace surgeproof::loadgen {
namespace {

// Blocking reads and writes that give up now and then, to see whether the server stops.
class Channel {
 public:
  Channel(ScriptedPeer& peer, const TlsServerContext* tls) : peer_(peer) {
    const timeval limit{.tv_sec = 0, .tv_usec = 50'000};
    setsockopt(peer.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls->get());
    SSL_set_fd(ssl_, peer.fd());
    int accepted = 0;
    do {
      accepted = SSL_accept(ssl_);
    } while (accepted < 0 && wants_more(accepted) && !peer_.stopping());
    usable_ = accepted == 1;
  }
  ~Channel() { SSL_free(ssl_); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// False: the connection has ended, or the server stops.
  bool read(std::string& into) {
    std::array<char, 16384> buffer{};
    while (usable_ && !peer_.stopping()) {
      const auto n = ssl_ != nullptr ? SSL_read(ssl_, buffer.data(), buffer.size())
                                     : ::recv(peer_.fd(), buffer.data(), buffer.size(), 0);
      if (n > 0) {
        into.assign(buffer.data(), static_cast<std::size_t>(n));
        return true;
      }
      const bool later =
          ssl_ != nullptr ? wants_more(static_cast<int>(n)) : n < 0 && (errno == EAGAIN || errno == EINTR);
      if (!later) return false;
    }
    return false;
  }
  bool write(const std::string& bytes) {
    if (bytes.empty()) return usable_;
    if (ssl_ == nullptr) return peer_.write(bytes);
    return usable_ && SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  [[nodiscard]] bool usable() const { return usable_; }

 private:
  bool wants_more(int result) {
    const bool more = SSL_get_error(ssl_, result) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return more;
  }
  ScriptedPeer& peer_;
  SSL* ssl_ = nullptr;
  bool usable_ = true;
};

}  // namespace

ScriptedServer::Script http2_script(Http2Handler handler, std::vector<nghttp2_settings_entry> settings,
                                    const TlsServerContext* tls) {
  return [handler = std::move(handler), settings = std::move(settings), tls](ScriptedPeer& connection) {
    Channel channel{connection, tls};
    if (!channel.usable()) return;
    Http2Peer peer{settings};
    std::uint64_t count = 0;
    std::string bytes;
    bool hang_up = false;
    while (!hang_up && channel.write(peer.take_output()) && channel.read(bytes)) {
      peer.receive(bytes);
      while (const auto* request = peer.next_request()) {
        const Http2Peer::Request copy = *request;
        Http2Serving serving{.peer = peer, .request = copy, .connection = connection.number(), .count = ++count};
        handler(serving);
        hang_up = hang_up || serving.hang_up;
      }
    }
    channel.write(peer.take_output());
  };
}

}  // namespace surgeproof::loadgen
