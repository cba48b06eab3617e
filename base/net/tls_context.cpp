#include "base/net/tls_context.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace surgeproof::net {
namespace {

constexpr std::size_t kMaxSessions = 64;  // more than are opened within a round trip

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> ignored{};
  return inet_pton(AF_INET, name.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), ignored.data()) == 1;
}

// Length-prefixed names, as ALPN wants them.
std::string wire_form(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& name : protocols) {
    wire += static_cast<char>(name.size());
    wire += name;
  }
  return wire;
}

// A key under a passphrase: nobody is there to be asked for it.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*for_writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

}  // namespace

std::string take_tls_error(std::string_view otherwise) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::system_category().message(ERR_GET_REASON(code));
  const char* const reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return std::string{reason != nullptr ? std::string_view{reason} : otherwise};
}

std::expected<std::unique_ptr<TlsContext>, std::string> TlsContext::make(Settings settings) {
  std::unique_ptr<TlsContext> made{new TlsContext{std::move(settings)}};
  if (auto prepared = made->prepare(); !prepared) return std::unexpected(std::move(prepared.error()));
  return made;
}

std::expected<void, std::string> TlsContext::prepare() {
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = context_.get();
  if (context == nullptr) return std::unexpected("TLS could not be set up: " + take_tls_error("no memory"));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A peer that closes without saying goodbye is common and harmless: HTTP frames its answers itself.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // a record's header and body with one system call
  name_is_address_ = is_address(settings_.server_name);
  const std::string protocols = wire_form(settings_.protocols);
  if (!protocols.empty()) {
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
  }
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_verify(context, settings_.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  return load_files();
}

std::expected<void, std::string> TlsContext::load_files() {
  SSL_CTX* const context = context_.get();
  const auto refused = [](std::string_view what, const std::string& file, std::string_view why) {
    return std::unexpected(fmt::format("{} \"{}\" could not be used: {}", what, file, why));
  };
  if (!settings_.insecure && settings_.ca_file.empty() && SSL_CTX_set_default_verify_paths(context) != 1) {
    return std::unexpected("the system's certificates could not be read: " + take_tls_error("unknown reason"));
  }
  if (!settings_.insecure && !settings_.ca_file.empty() &&
      SSL_CTX_load_verify_locations(context, settings_.ca_file.c_str(), nullptr) != 1) {
    return refused("CA file", settings_.ca_file, take_tls_error("it holds no certificate in PEM"));
  }
  if (settings_.cert_file.empty()) return {};
  if (SSL_CTX_use_certificate_chain_file(context, settings_.cert_file.c_str()) != 1) {
    return refused("client certificate", settings_.cert_file, take_tls_error("it holds no certificate in PEM"));
  }
  const std::string& key_file = settings_.key_file.empty() ? settings_.cert_file : settings_.key_file;
  bool asked = false;
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
  const bool loaded = SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  const std::string why = loaded ? std::string{} : take_tls_error("it holds no private key in PEM");
  if (asked) return refused("private key", key_file, "it is encrypted; write it without a passphrase");
  if (!loaded) return refused("private key", key_file, why);
  return {};
}

SslPtr TlsContext::connect(BIO* bio) {
  SslPtr ssl{SSL_new(context_.get())};
  if (!ssl) {
    BIO_free(bio);
    throw std::bad_alloc{};
  }
  SSL_set_bio(ssl.get(), bio, bio);
  SSL_set_connect_state(ssl.get());
  const std::string& name = settings_.server_name;
  if (!name_is_address_) SSL_set_tlsext_host_name(ssl.get(), name.c_str());  // an address may not be sent
  if (!settings_.insecure) {
    X509_VERIFY_PARAM* const check = SSL_get0_param(ssl.get());
    X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = name_is_address_ ? X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str())
                                     : X509_VERIFY_PARAM_set1_host(check, name.c_str(), name.size());
    if (set != 1) throw std::bad_alloc{};  // an unchecked connection must not come about
  }
  if (!sessions_.empty()) {
    SSL_set_session(ssl.get(), sessions_.back().get());
    // A ticket of TLS 1.3 that is shown twice lets others link the connections; a session of TLS 1.2 may be shared.
    if (SSL_SESSION_get_protocol_version(sessions_.back().get()) >= TLS1_3_VERSION) sessions_.pop_back();
  }
  return ssl;
}

// Called by OpenSSL for each ticket; 1: the reference is ours now.
int TlsContext::keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* const me = static_cast<TlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  if (me == nullptr || SSL_SESSION_is_resumable(session) == 0) return 0;
  if (me->sessions_.size() >= kMaxSessions) me->sessions_.erase(me->sessions_.begin());
  me->sessions_.emplace_back(session);
  return 1;
}

}  // namespace surgeproof::net
