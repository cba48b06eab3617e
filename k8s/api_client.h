// A blocking client of the API server, for commands that ask a few things and are done. It goes the same way as the
// watcher: same credentials, TLS, proxy and words for what goes wrong. Not for several threads at once.
//
//   auto client = k8s::ApiClient::connect(*config);
//   if (!client) … k8s::watch_error(client.error(), config->server, config->origin) …
//   const auto body = client->get("/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/backend");
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "base/run_time.h"
#include "k8s/api_failure.h"
#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

class ApiClient {
 public:
  using Answer = std::expected<std::string, ApiFailure>;  ///< the body of a 2xx answer

  /// Checks the configuration and asks for /version. Fails when there is no answer (configuration, name, connection,
  /// TLS) or one that is not HTTP. An answer that refuses (401, 403, …) is no failure here: see version().
  static std::expected<ApiClient, ApiFailure> connect(const ClusterConfig& config);
  ~ApiClient();
  ApiClient(ApiClient&&) noexcept;
  ApiClient& operator=(ApiClient&&) noexcept;

  /// What /version said: the body, or the refusal.
  [[nodiscard]] const Answer& version() const;

  /// The server's clock in its last answer, in whole seconds; empty when it does not tell.
  [[nodiscard]] std::optional<WallTime> server_clock() const;

  /// `path` with its query, encoded (k8s::encode_query), below the server's base path.
  Answer get(const std::string& path, const std::string& accept = "application/json");
  Answer post(const std::string& path, const std::string& json);
  /// `content_type`: "application/merge-patch+json", "application/strategic-merge-patch+json", …
  Answer patch(const std::string& path, const std::string& json,
               const std::string& content_type = "application/merge-patch+json");
  Answer put(const std::string& path, const std::string& json);
  /// `options`: a DeleteOptions object, or empty.
  Answer remove(const std::string& path, const std::string& options = "");

 private:
  struct Core;
  explicit ApiClient(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof::k8s
