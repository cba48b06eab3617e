#include "k8s/api_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "k8s/api_connection.h"

namespace surgeproof::k8s {
namespace asio = boost::asio;

struct ApiClient::Core {
  std::unique_ptr<ApiServer> server;
  asio::io_context io{1};
  ApiConnection connection;
  Answer version = "";

  explicit Core(std::unique_ptr<ApiServer> s) : server(std::move(s)), connection(*server) {}

  asio::awaitable<void> fetch(const ApiRequest& request, Answer& answer) {
    answer = co_await connection.fetch(request);
  }

  Answer ask(const ApiRequest& request) {
    Answer answer = "";
    io.restart();
    asio::co_spawn(io, fetch(request, answer), [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
    io.run();
    return answer;
  }
};

ApiClient::ApiClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}
ApiClient::~ApiClient() = default;
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&&) noexcept = default;

std::expected<ApiClient, ApiFailure> ApiClient::connect(const ClusterConfig& config) {
  auto server = ApiServer::make(config);
  if (!server) return std::unexpected(server.error());
  ApiClient client(std::make_unique<Core>(*std::move(server)));
  client.core_->version = client.get("/version");
  const Answer& version = client.core_->version;
  if (!version && version.error().kind != ApiFailure::Kind::status) return std::unexpected(version.error());
  return client;
}

const ApiClient::Answer& ApiClient::version() const { return core_->version; }

std::optional<WallTime> ApiClient::server_clock() const { return core_->connection.server_clock(); }

ApiClient::Answer ApiClient::get(const std::string& path, const std::string& accept) {
  return core_->ask({.target = path, .accept = accept});
}

ApiClient::Answer ApiClient::post(const std::string& path, const std::string& json) {
  return core_->ask({.target = path, .method = "POST", .content_type = "application/json", .body = json});
}

ApiClient::Answer ApiClient::patch(const std::string& path, const std::string& json, const std::string& content_type) {
  return core_->ask({.target = path, .method = "PATCH", .content_type = content_type, .body = json});
}

ApiClient::Answer ApiClient::put(const std::string& path, const std::string& json) {
  return core_->ask({.target = path, .method = "PUT", .content_type = "application/json", .body = json});
}

ApiClient::Answer ApiClient::remove(const std::string& path, const std::string& options) {
  return core_->ask(
      {.target = path, .method = "DELETE", .content_type = options.empty() ? "" : "application/json", .body = options});
}

}  // namespace surgeproof::k8s
