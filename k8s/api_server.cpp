#include "k8s/api_server.h"

#include "k8s/tls.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;

std::unexpected<ApiFailure> refuse(std::string message) {
  return std::unexpected(ApiFailure{ApiFailure::Kind::configuration, 0, std::move(message), {}});
}

}  // namespace

std::expected<std::unique_ptr<ApiServer>, ApiFailure> ApiServer::make(const ClusterConfig& config) {
  auto url = parse_server_url(config.server, true);
  if (!url) return refuse("the server " + url.error());
  Credentials credentials(config);
  if (const auto problem = credentials.problem(); !problem.empty()) return refuse(problem);
  auto out = std::make_unique<ApiServer>(ApiServer{.url = *std::move(url),
                                                   .proxy = std::nullopt,
                                                   .tls_name = config.tls_server_name,
                                                   .tls_verify = config.tls_verify,
                                                   .tls = std::nullopt,
                                                   .proxy_tls = std::nullopt,
                                                   .credentials = std::move(credentials),
                                                   .plugin = std::nullopt,
                                                   .config = config});
  if (out->tls_name.empty()) out->tls_name = out->url.host;
  if (out->url.tls) {
    auto context = make_tls_context(config);
    if (!context) return refuse(context.error());
    out->tls.emplace(*std::move(context));
  }
  if (!config.proxy.empty()) {
    auto proxy = parse_proxy(config.proxy.reveal());
    if (!proxy) return refuse("the proxy of " + config.proxy_origin + " " + proxy.error());
    out->proxy = *std::move(proxy);
    if (out->proxy->kind == Proxy::Kind::https) {
      auto context = make_proxy_tls_context(config);
      if (!context) return refuse(context.error());
      out->proxy_tls.emplace(*std::move(context));
    }
  }
  // A token or password of one's own stands above the plugin, and nothing of it goes over plain HTTP.
  if (config.exec && out->url.tls && out->credentials.lacking()) out->plugin.emplace(config);
  return out;
}

asio::awaitable<std::expected<std::uint64_t, ApiFailure>> ApiServer::authorize() {
  if (!plugin) co_return 0;
  const auto current = co_await plugin->current();
  if (!current) co_return std::unexpected(current.error());
  if (current->generation == adopted_) co_return adopted_;
  const ExecCredential& given = *current->credential;
  credentials.adopt(given.token);
  if (const auto problem = credentials.problem(); !problem.empty())
    co_return refuse("the credential plugin: " + problem);
  ClusterConfig with = config;
  if (!given.certificate_pem.empty()) {
    with.client_certificate_pem = given.certificate_pem;
    with.client_key_pem = given.key_pem;
  }
  if (!given.certificate_pem.empty() || tls_generation > 0) {
    auto context = make_tls_context(with);
    if (!context) co_return refuse("the credential plugin: " + context.error());
    tls.emplace(*std::move(context));
    ++tls_generation;
  }
  adopted_ = current->generation;
  co_return adopted_;
}

bool ApiServer::refused(std::uint64_t generation) {
  if (!plugin) return credentials.refresh(Credentials::Clock::now());
  plugin->refused(generation);
  return true;
}

std::string ApiServer::redacted(std::string text) const {
  text = credentials.redacted(std::move(text));
  if (!proxy || proxy->password.reveal().size() < 4) return text;
  const std::string& hidden = proxy->password.reveal();
  for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + 3)) {
    text.replace(at, hidden.size(), "***");
  }
  return text;
}

}  // namespace surgeproof::k8s
