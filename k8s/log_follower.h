// Reads the log of one container until its pod is gone.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "k8s/api_connection.h"
#include "k8s/log_scanner.h"
#include "k8s/log_watch.h"

namespace surgeproof::k8s {

struct LogContext {
  ApiServer* server = nullptr;
  LogWatch* watch = nullptr;
  std::function<RunTime()> now;
  std::function<void(Record)> deliver;
  /// The stream can be read, or cannot.
  std::function<void(const LogStream&, WatchState::Kind, const std::string& message)> state;
  /// The stream's log is not there any more.
  std::function<void(const LogStream&)> gone;
  std::chrono::milliseconds pause{1000};  ///< between two attempts
};

class LogFollower {
 public:
  LogFollower(LogContext& context, const LogStream& stream);
  boost::asio::awaitable<void> run();

 private:
  [[nodiscard]] std::string path() const;
  [[nodiscard]] std::string target() const;
  boost::asio::awaitable<std::optional<ApiFailure>> follow();
  boost::asio::awaitable<std::optional<ApiFailure>> read();
  void pass_on(std::vector<LogMatch>& matches);

  LogContext& context_;
  const LogStream& stream_;
  ApiConnection connection_;
  LogScanner scanner_;
  RunTime begun_;                           // from when on the log counts
  RunTime counted_at_{};                    // when the last counting record was made
  std::map<std::string, LogLine> counted_;  // by pattern: matches beyond the bound, not yet recorded
};

}  // namespace surgeproof::k8s
