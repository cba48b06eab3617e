// A small API server for tests: lists that a test sets, watches that it feeds, and failures that it orders.
#pragma once

#include <deque>
#include <optional>

#include "tests/k8s/scripted_server.h"

namespace surgeproof::k8s {

class FakeApi {
 public:
  explicit FakeApi(std::optional<ServerTls> tls = std::nullopt);

  /// What a list of `path` gives: the items, as JSON texts separated by commas.
  void set_list(const std::string& path, std::string items, const std::string& resource_version = "100");
  /// The next requests for `path` (list or watch, or only one of them) are answered so instead.
  enum class Only : std::uint8_t {
    any,    ///< lists and watches
    list,   ///< lists only
    watch,  ///< watches only
  };
  void order(const std::string& path, ScriptedReply reply, int times = 1, Only only = Only::any);
  /// Requests must carry this Authorization header or get 401.
  void require(const std::string& authorization);
  /// The next watch of `path` that is opened (or the one already open that nobody took). Null after ten seconds.
  std::shared_ptr<Stream> take_watch(const std::string& path);
  /// All requests so far.
  std::vector<ScriptedRequest> requests() const;
  [[nodiscard]] std::string url() const { return server_->url(); }

 private:
  struct Order {
    ScriptedReply reply;
    int times;
    Only only;
  };
  ScriptedReply handle(const ScriptedRequest& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::string> lists_;  // by path: whole body
  std::map<std::string, std::deque<Order>> orders_;
  std::map<std::string, std::deque<std::shared_ptr<Stream>>> watches_;
  std::vector<ScriptedRequest> requests_;
  std::string authorization_;
  std::unique_ptr<ScriptedServer> server_;  // last: its threads use the rest
};

}  // namespace surgeproof::k8s
