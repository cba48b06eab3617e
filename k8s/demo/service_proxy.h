// kube-proxy: which pods get new connections of a Service, as known a little after the EndpointSlice says so.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "k8s/demo/api/store.h"
#include "k8s/demo/event_queue.h"

namespace surgeproof::demo {

struct Backend {
  std::string ip;
  std::uint16_t port = 0;
  bool operator==(const Backend&) const = default;
};

/// Ready endpoints; if there is none, those that terminate but still serve (KEP 1669). Pure.
std::vector<Backend> choose_backends(const boost::json::object& slice);

class ServiceProxy {
 public:
  using Apply = std::function<void(std::vector<Backend>)>;
  /// `apply` is called with the new backends `lag` after each change of that Service's slice.
  ServiceProxy(Store& store, EventQueue& queue, std::string service, std::chrono::nanoseconds lag, Apply apply);
  ServiceProxy(const ServiceProxy&) = delete;
  ServiceProxy& operator=(const ServiceProxy&) = delete;
  ~ServiceProxy();

 private:
  Store& store_;
  std::size_t subscription_;
};

}  // namespace surgeproof::demo
