// Which pods' logs are to be read for which texts, and which of them are being read. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/records.h"
#include "k8s/log_scanner.h"

namespace surgeproof::k8s {

/// Texts to look for in the logs of some pods.
struct LogRequest {
  std::string ns;        ///< empty: that of the watched HPAs
  std::string selector;  ///< label selector; empty: the watched HPAs' pods
  std::vector<LogPattern> patterns;
};

/// "pods/log", or "pods/log app=backend": the WatchState::resource of a request.
std::string log_resource(const LogRequest& request);

/// The log of one container.
struct LogStream {
  std::size_t request = 0;
  std::string ns;
  std::string pod;
  std::string uid;
  std::string container;
  bool from_the_start = false;  ///< the pod is newer than the watch: its whole log counts
  bool over = false;            ///< the pod is gone, or its log is
};

/// The message of a WatchState that is synced because there was nothing to read yet.
inline constexpr const char* kNoLogYet = "no log was there to be read yet";

class LogWatch {
 public:
  explicit LogWatch(std::vector<LogRequest> requests)
      : requests_(std::move(requests)), kept_(requests_.size()), unread_(requests_.size()) {}

  [[nodiscard]] const std::vector<LogRequest>& requests() const { return requests_; }
  /// A pod of a request as it is now. `first_list`: it was there when the watch began.
  void pod(std::size_t request, const PodSample& pod, bool first_list);
  /// The log is not there any more.
  void end(const LogStream& stream);
  /// Streams that are wanted; it only grows, references stay valid.
  [[nodiscard]] const std::deque<LogStream>& streams() const { return streams_; }
  /// Containers beyond kMostStreams that are not read.
  [[nodiscard]] std::size_t unread(std::size_t request) const { return unread_[request]; }

  /// A match becomes a record: with its line for the first kKept of each pattern of a request, after that in words no
  /// more.
  LogLine record(const LogStream& stream, std::size_t pattern, std::string line, std::optional<WallTime> timestamp,
                 RunTime now);

  static constexpr std::size_t kMostStreams = 100;
  static constexpr std::uint64_t kKept = 100;

 private:
  std::vector<LogRequest> requests_;
  std::deque<LogStream> streams_;
  std::map<std::string, bool> known_;                       // request/uid/container
  std::vector<std::map<std::size_t, std::uint64_t>> kept_;  // by request: lines kept of each pattern
  std::vector<std::size_t> unread_;                         // by request
  std::size_t open_ = 0;
};

}  // namespace surgeproof::k8s
