// A small cluster as objects: one Deployment with two pods, its HPA, service, endpoints, events and metrics.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "k8s/demo/api/api_handler.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// Parses, or throws: for literals in tests.
boost::json::object object_from(std::string_view text);

/// 2025-06-02T09:00:00Z
WallTime fixture_start();

struct Fixture {
  explicit Fixture(Store::Options options = {});
  WallTime now = fixture_start();
  Store store;
  ApiHandler handler;

  /// Fills the store; afterwards `now` is ten minutes later.
  Fixture& with_cluster();

  struct Answer {
    int status = 0;
    boost::json::value body;
    [[nodiscard]] std::string text(std::string_view path) const;
    [[nodiscard]] std::int64_t number(std::string_view path) const;
  };
  /// A request that is answered at once.
  Answer call(std::string method, std::string target, std::string body = {}, std::string content_type = {},
              std::string accept = {});
  /// A watch; null when it was refused.
  std::unique_ptr<ApiStream> watch(std::string target, std::string accept = {});
};

}  // namespace surgeproof::demo
