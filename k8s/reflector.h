// Keeps a copy of one resource up to date: list, then watch from there, again and again. A pure state machine after
// client-go's reflector (k8s.io/client-go/tools/cache/reflector.go); the shell performs next() and reports back.
//
//      ┌────────────── 410, ERROR event, bad data ──────────────┐
//      ▼                                                        │
//   listing ──page──▶ listing ──last page──▶ watching ──close──▶ watching (from the last resource version)
//      │  ▲                                     │
//      fail  after back-off                     cut: back-off, then watching from the last resource version
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace surgeproof::k8s {

struct ReflectorLimits {
  std::chrono::milliseconds backoff_first{800};
  std::chrono::milliseconds backoff_last{30000};
  std::chrono::seconds watch_least{300};  ///< timeoutSeconds is drawn between these two
  std::chrono::seconds watch_most{600};
};

/// How a list or watch went wrong, as far as it matters for what to do next.
struct ReflectorFailure {
  int status = 0;                                   ///< HTTP status (or an ERROR event's code); 0: no answer
  std::optional<std::chrono::seconds> retry_after;  ///< the server's wish
};

class Reflector {
 public:
  struct Action {
    enum class Kind : std::uint8_t {
      list,   ///< get one page; report listed() or failed()
      watch,  ///< open a watch; report opened(), seen() for each event, then closed(), failed() or expired()
      wait,   ///< let `delay` pass, then ask again
    };
    Kind kind{};
    std::string continue_token;            ///< list: of the page; empty for the first
    std::string resource_version;          ///< watch: from here
    std::chrono::seconds watch_timeout{};  ///< watch: timeoutSeconds
    std::chrono::milliseconds delay{};     ///< wait
  };

  Reflector(std::uint64_t seed, ReflectorLimits limits = {}) : random_(seed), limits_(limits) {}

  /// What to do now. A wait is given once.
  Action next();

  /// A page came. With an empty `continue_token` it was the last: the watch follows.
  void listed(std::string continue_token, std::string resource_version);
  /// A watch event (or bookmark) came.
  void seen(std::string resource_version);
  /// The watch ended in good order after `open_for`.
  void closed(std::chrono::nanoseconds open_for, bool had_events);
  /// The list or watch failed.
  void failed(const ReflectorFailure& failure);
  /// What came cannot be understood, or an ERROR event came: the copy can no longer be trusted.
  void expired(const ReflectorFailure& failure);

  [[nodiscard]] bool listing() const { return listing_; }

 private:
  void back_off(std::optional<std::chrono::seconds> retry_after, bool slow);
  void list_anew();

  std::mt19937_64 random_;
  ReflectorLimits limits_;
  bool listing_ = true;
  std::string continue_token_;
  std::string resource_version_;
  int failures_ = 0;   // in a row
  bool anew_ = false;  // the last failure already made it list again at once
  std::optional<std::chrono::milliseconds> wait_;
};

}  // namespace surgeproof::k8s
