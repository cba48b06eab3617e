#include "tests/k8s/scripted_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <set>

namespace surgeproof::k8s {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

void Stream::push(std::string chunk) {
  const std::lock_guard lock(mutex_);
  steps_.emplace_back(Step::chunk, std::move(chunk));
  changed_.notify_all();
}

void Stream::finish() {
  const std::lock_guard lock(mutex_);
  steps_.emplace_back(Step::finish, "");
  changed_.notify_all();
}

void Stream::cut() {
  const std::lock_guard lock(mutex_);
  steps_.emplace_front(Step::cut, "");
  changed_.notify_all();
}

Stream::Step Stream::next(std::string& text) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !steps_.empty(); });
  auto [step, chunk] = std::move(steps_.front());
  steps_.pop_front();
  text = std::move(chunk);
  return step;
}

struct ScriptedServer::Core {
  Handler handler;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  bool use_tls = false;
  tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
  std::mutex mutex;
  bool stopping = false;
  std::set<int> open;                         // sockets in use
  std::set<std::shared_ptr<Stream>> streams;  // answers in progress
  std::vector<std::thread> connections;
  std::thread accepting;

  template <class S>
  bool answer(S& stream, const ScriptedReply& reply);
  template <class S>
  bool send_stream(S& stream, const std::shared_ptr<Stream>& source);
  template <class S>
  void serve(S& stream, const std::string& client);
  void connection(tcp::socket socket);
  void accept();
};

template <class S>
bool ScriptedServer::Core::send_stream(S& stream, const std::shared_ptr<Stream>& source) {
  {
    const std::lock_guard lock(mutex);
    if (stopping) return false;
    streams.insert(source);
  }
  error_code error;
  for (std::string text;;) {
    const auto step = source->next(text);
    if (step == Stream::Step::cut) return false;
    const bool last = step == Stream::Step::finish;
    const std::string chunk = last ? "0\r\n\r\n" : fmt::format("{:x}\r\n{}\r\n", text.size(), text);
    asio::write(stream, asio::buffer(chunk), error);
    if (error) return false;
    if (last) return true;
  }
}

template <class S>
bool ScriptedServer::Core::answer(S& stream, const ScriptedReply& reply) {
  if (reply.cut) return false;
  std::string text = fmt::format("HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\n", reply.status);
  for (const auto& [name, value] : reply.headers) text += fmt::format("{}: {}\r\n", name, value);
  text += reply.stream ? "Transfer-Encoding: chunked\r\n\r\n"
                       : fmt::format("Content-Length: {}\r\n\r\n{}", reply.body.size(), reply.body);
  error_code error;
  asio::write(stream, asio::buffer(text), error);
  if (error) return false;
  return !reply.stream || send_stream(stream, reply.stream);
}

template <class S>
void ScriptedServer::Core::serve(S& stream, const std::string& client) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    error_code error;
    http::read(stream, buffer, request, error);
    if (error && error != http::error::end_of_stream && error != http::error::partial_message) {
      asio::write(stream, asio::buffer(std::string_view("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
                  error);
      return;
    }
    if (error) return;
    ScriptedRequest seen;
    seen.method = std::string(request.method_string());
    seen.body = request.body();
    const std::string target(request.target());
    const auto question = target.find('?');
    seen.path = target.substr(0, question);
    if (question != std::string::npos) seen.query = target.substr(question + 1);
    seen.client = client;
    for (const auto& field : request) {
      std::string name(field.name_string());
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      seen.headers[name] = std::string(field.value());
    }
    if (!answer(stream, handler(seen))) return;
  }
}

void ScriptedServer::Core::connection(tcp::socket socket) {
  const int descriptor = socket.native_handle();
  error_code error;
  if (use_tls) {
    TlsStream stream(std::move(socket), tls);
    stream.handshake(TlsStream::server, error);
    std::string client;
    if (X509* certificate = SSL_get1_peer_certificate(stream.native_handle())) {
      char name[64] = "";
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
      client = name;
      X509_free(certificate);
    }
    if (!error) serve(stream, client);
    const std::lock_guard lock(mutex);
    open.erase(descriptor);
    stream.lowest_layer().close(error);
  } else {
    serve(socket, "");
    const std::lock_guard lock(mutex);
    open.erase(descriptor);
    socket.close(error);
  }
}

void ScriptedServer::Core::accept() {
  for (;;) {
    error_code error;
    tcp::socket socket = acceptor.accept(error);
    const std::lock_guard lock(mutex);
    if (stopping || error) return;
    open.insert(socket.native_handle());
    connections.emplace_back([this, s = std::move(socket)]() mutable { connection(std::move(s)); });
  }
}

ScriptedServer::ScriptedServer(Handler handler, std::optional<ServerTls> tls) : core_(std::make_unique<Core>()) {
  core_->handler = std::move(handler);
  if (tls) {
    core_->use_tls = true;
    core_->tls.use_certificate_chain(asio::buffer(tls->certificate_pem));
    core_->tls.use_private_key(asio::buffer(tls->key_pem), asio::ssl::context::pem);
    if (!tls->client_ca_pem.empty()) {
      core_->tls.add_certificate_authority(asio::buffer(tls->client_ca_pem));
      core_->tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
  }
  core_->accepting = std::thread([core = core_.get()] { core->accept(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(core_->mutex);
    core_->stopping = true;
    for (const auto& stream : core_->streams) stream->cut();
    for (const int descriptor : core_->open) ::shutdown(descriptor, SHUT_RDWR);
    ::shutdown(core_->acceptor.native_handle(), SHUT_RDWR);
  }
  core_->accepting.join();
  for (std::thread& thread : core_->connections) thread.join();
}

std::uint16_t ScriptedServer::port() const { return core_->acceptor.local_endpoint().port(); }
std::string ScriptedServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", core_->use_tls ? "https" : "http", port());
}

}  // namespace surgeproof::k8s
