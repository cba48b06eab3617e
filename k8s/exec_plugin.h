// Asks a credential plugin (kubelogin, doctl, aws, gke-gcloud-auth-plugin, …) and keeps its answer until it expires or
// is refused. The plugin runs in a thread of its own; the caller's executor is never held up. One run at a time: who
// comes meanwhile waits for its result.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "k8s/api_failure.h"
#include "k8s/exec_credential.h"

namespace surgeproof::k8s {

class ExecPluginSource {
 public:
  /// `config.exec` is set.
  explicit ExecPluginSource(ClusterConfig config);

  /// What to send now: `credential`, whose `generation` counts the answers from 1.
  struct Current {
    const ExecCredential* credential = nullptr;  ///< until the next call
    std::uint64_t generation = 0;
  };
  boost::asio::awaitable<std::expected<Current, ApiFailure>> current();
  /// The server refused what this generation gave: the next current() runs the plugin again.
  void refused(std::uint64_t generation);

  std::chrono::milliseconds time_limit{60000};               ///< for a run that cannot ask the user anything
  std::chrono::milliseconds interactive_time_limit{300000};  ///< for one that may (a log-in in the browser)
  std::function<WallTime()> wall_now;                        ///< for expirationTimestamp

 private:
  boost::asio::awaitable<std::optional<ApiFailure>> run();
  [[nodiscard]] ApiFailure failure(const std::string& what) const;

  ClusterConfig config_;
  std::optional<ExecCredential> credential_;
  std::uint64_t generation_ = 0;
  bool running_ = false;
  std::optional<ApiFailure> last_failure_;  // of the run that has just ended
  // Cancelled then. Belongs to the run that goes on and to who waits for it: it must not outlive their io_context.
  std::weak_ptr<boost::asio::steady_timer> run_is_over_;
};

}  // namespace surgeproof::k8s
