#include "k8s/api_connection.h"

#include <fmt/format.h>

#include <array>

#include "k8s/byte_stream.h"

namespace surgeproof::k8s {
namespace {

using Done = std::monostate;

ApiFailure malformed(std::string message) { return {ApiFailure::Kind::malformed, 0, std::move(message), {}}; }

}  // namespace

ApiConnection::ApiConnection(ApiServer& server) : server_(&server) {}
ApiConnection::~ApiConnection() = default;
ApiConnection::ApiConnection(ApiConnection&&) noexcept = default;
ApiConnection& ApiConnection::operator=(ApiConnection&&) noexcept = default;

void ApiConnection::close() {
  stream_.reset();
  used_ = false;
}

void ApiConnection::cancel() {
  if (stream_) stream_->cancel();
}

std::string ApiConnection::request_text(const ApiRequest& request) {
  // Through an HTTP proxy without a tunnel the whole URL is named.
  const bool forwarded = server_->proxy && !server_->url.tls && server_->proxy->kind != Proxy::Kind::socks5;
  std::string out =
      fmt::format("{} {}{}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: surgeproof/{}\r\nAccept: {}\r\n", request.method,
                  forwarded ? "http://" + server_->url.host_header() : "", server_->url.path, request.target,
                  server_->url.host_header(), SURGEPROOF_VERSION, request.accept);
  if (!request.content_type.empty()) out += fmt::format("Content-Type: {}\r\n", request.content_type);
  if (request.method != "GET") out += fmt::format("Content-Length: {}\r\n", request.body.size());
  if (const Secret authorization = forwarded ? server_->proxy->authorization() : Secret(); !authorization.empty()) {
    out += "Proxy-Authorization: " + authorization.reveal() + "\r\n";
  }
  for (const auto& [name, value] : server_->config.headers) out += fmt::format("{}: {}\r\n", name, value.reveal());
  // Credentials go over TLS only, as client-go does it; so a "kubectl proxy" address needs none.
  if (server_->url.tls) out += server_->credentials.headers(Credentials::Clock::now()).reveal();
  return out + "\r\n" + request.body;
}

/// A certificate that is no longer ours must not speak for us.
ApiConnection::Task<Done> ApiConnection::authorize() {
  const auto identity = co_await server_->authorize();
  if (!identity) co_return std::unexpected(identity.error());
  identity_ = *identity;
  if (tls_generation_ != server_->tls_generation) close();
  co_return Done{};
}

ApiConnection::Task<Done> ApiConnection::connect() {
  auto stream = co_await connect_to(*server_);
  if (!stream) co_return std::unexpected(stream.error());
  stream_ = *std::move(stream);
  tls_generation_ = server_->tls_generation;
  used_ = false;
  co_return Done{};
}

/// Reads once into the reader. The connection is dropped on any failure.
ApiConnection::Task<Done> ApiConnection::receive(std::chrono::milliseconds silence) {
  std::array<char, 16 * 1024> buffer{};
  const auto got = co_await stream_->read_some(buffer, silence);
  if (!got) {
    close();
    co_return std::unexpected(got.error());
  }
  const auto understood = *got == 0 ? reader_.end() : reader_.feed({buffer.data(), *got});
  if (!understood) {
    close();
    if (*got == 0) co_return std::unexpected(ApiFailure{ApiFailure::Kind::cut, 0, understood.error(), {}});
    co_return std::unexpected(malformed(understood.error()));
  }
  if (*got == 0) close();
  co_return Done{};
}

ApiConnection::Task<Done> ApiConnection::send_once(const ApiRequest& request, std::chrono::milliseconds silence) {
  if (!stream_) {
    if (const auto connected = co_await connect(); !connected) co_return std::unexpected(connected.error());
  }
  reader_ = AnswerReader();
  const std::string text = request_text(request);
  if (const auto sent = co_await stream_->write(text, server_->answer_timeout); !sent) {
    close();
    co_return std::unexpected(sent.error());
  }
  while (!reader_.head_complete()) {
    if (const auto got = co_await receive(silence); !got) co_return std::unexpected(got.error());
  }
  clock_ = reader_.date();
  co_return Done{};
}

/// A kept connection may have been closed by the server meanwhile: then once more, on a new one.
ApiConnection::Task<Done> ApiConnection::send(const ApiRequest& request, std::chrono::milliseconds silence) {
  // Only what may be done twice is done again; anything else goes on a new connection at once.
  if (request.method != "GET") close();
  if (const auto authorized = co_await authorize(); !authorized) co_return std::unexpected(authorized.error());
  const bool kept = stream_ && used_;
  auto result = co_await send_once(request, silence);
  if (!result && kept && result.error().kind == ApiFailure::Kind::cut) result = co_await send_once(request, silence);
  co_return result;
}

ApiConnection::Task<std::string> ApiConnection::rest(std::size_t max_body) {
  while (!reader_.complete()) {
    if (reader_.waiting() > max_body) {
      close();
      co_return std::unexpected(malformed("the answer is too large"));
    }
    if (const auto got = co_await receive(server_->answer_timeout); !got) co_return std::unexpected(got.error());
  }
  if (!reader_.reusable()) close();
  used_ = true;
  co_return reader_.take_body();
}

ApiConnection::Task<Done> ApiConnection::open(ApiRequest request, std::chrono::milliseconds silence) {
  for (bool again = true;; again = false) {
    if (const auto sent = co_await send(request, silence); !sent) co_return std::unexpected(sent.error());
    const int status = reader_.status();
    if (status / 100 == 2) co_return Done{};
    const auto retry_after = reader_.retry_after();
    auto body = co_await rest(1u << 20);
    // A token file may hold a newer token than the one that was refused, a plugin may give one.
    if (status == 401 && server_->refused(identity_) && again) continue;
    const std::string words = server_->redacted(status_message(status, body.value_or("")));
    co_return std::unexpected(ApiFailure{ApiFailure::Kind::status, status, words, retry_after});
  }
}

ApiConnection::Task<std::string> ApiConnection::fetch(ApiRequest request) {
  if (const auto opened = co_await open(std::move(request), server_->answer_timeout); !opened) {
    co_return std::unexpected(opened.error());
  }
  co_return co_await rest(kMaxBody);
}

ApiConnection::Task<std::string> ApiConnection::get(std::string target) {
  ApiRequest request;
  request.target = std::move(target);
  co_return co_await fetch(std::move(request));
}

ApiConnection::Task<std::string> ApiConnection::more(std::chrono::milliseconds silence) {
  while (reader_.waiting() == 0 && !reader_.complete()) {
    if (const auto got = co_await receive(silence); !got) co_return std::unexpected(got.error());
  }
  if (reader_.complete() && !reader_.reusable()) close();
  used_ = true;
  co_return reader_.take_body();
}

}  // namespace surgeproof::k8s
