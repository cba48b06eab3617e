#include "loadgen/plain_transport.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace surgeproof::loadgen {

IoResult PlainTransport::stopped() {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {.kind = IoResult::Kind::would_block};
  error_number_ = errno;
  return {.kind = IoResult::Kind::failed, .error_number = error_number_};
}

IoResult PlainTransport::read(std::span<char> into) {
  const auto n = ::recv(fd_, into.data(), into.size(), 0);
  if (n == 0) return {.kind = IoResult::Kind::end};
  if (n < 0) return stopped();
  const auto bytes = static_cast<std::size_t>(n);
  return {.kind = IoResult::Kind::done, .drained = bytes < into.size(), .bytes = bytes};
}

IoResult PlainTransport::write(std::string_view bytes) {
  const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (n < 0) return stopped();
  return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
}

std::string PlainTransport::error() const { return std::system_category().message(error_number_); }

}  // namespace surgeproof::loadgen
