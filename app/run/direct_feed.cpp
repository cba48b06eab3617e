#include "app/run/direct_feed.h"

#include <fmt/format.h>

#include <utility>

namespace surgeproof {
namespace {

std::string with_port(const std::string& address, int port) {
  const bool ipv6 = address.find(':') != std::string::npos;
  return ipv6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

std::string list_of(const std::vector<EndpointPort>& ports) {
  std::string text;
  for (const auto& p : ports) {
    text +=
        (text.empty() ? "" : ", ") + (p.name.empty() ? std::to_string(p.port) : fmt::format("{} {}", p.name, p.port));
  }
  return text.empty() ? "none" : text;
}

}  // namespace

DirectAddresses::DirectAddresses(DirectEndpoints wanted, std::string default_ns) : wanted_{std::move(wanted)} {
  if (wanted_.ns.empty()) wanted_.ns = std::move(default_ns);
}

int DirectAddresses::port_of(const EndpointSliceSample& slice) {
  if (wanted_.port > 0) return wanted_.port;
  if (wanted_.port_name.empty() && slice.ports.size() == 1) return slice.ports.front().port;
  for (const EndpointPort& p : slice.ports) {
    if (!wanted_.port_name.empty() && p.name == wanted_.port_name) return p.port;
  }
  trouble_ = wanted_.port_name.empty()
                 ? fmt::format("Service {} has several ports or none ({}); say which with connections.direct.port",
                               service(), list_of(slice.ports))
                 : fmt::format("Service {} has no port \"{}\"; connections.direct.port may be one of: {}", service(),
                               wanted_.port_name, list_of(slice.ports));
  return 0;
}

bool DirectAddresses::take(const EndpointSliceSample& slice) {
  if (slice.ns != wanted_.ns || slice.service != wanted_.service) return false;
  if (slice.deleted) {
    slices_.erase(slice.slice);
  } else {
    slices_.insert_or_assign(slice.slice, slice);
  }
  trouble_.clear();
  std::map<std::string, std::string> by_pod;
  for (const auto& [name, s] : slices_) {
    for (const Endpoint& e : s.endpoints) {
      if (!e.ready || e.terminating) continue;
      const int port = port_of(s);
      if (port == 0) break;
      std::string& address = by_pod[e.pod.empty() ? e.address : e.pod];
      if (address.empty() || address.starts_with('[')) address = with_port(e.address, port);
    }
  }
  std::vector<loadgen::PodAddress> now;
  for (auto& [pod, address] : by_pod) now.push_back({address, pod});
  return std::exchange(addresses_, now) != now;
}

void DirectFeed::take(const Record& record) {
  const auto* slice = std::get_if<EndpointSliceSample>(&record);
  if (slice == nullptr) return;
  const std::lock_guard lock{mutex_};
  if (addresses_.take(*slice) && engine_ != nullptr) engine_->set_endpoints(addresses_.addresses());
}

void DirectFeed::feed(loadgen::Engine& engine) {
  const std::lock_guard lock{mutex_};
  engine_ = &engine;
  engine.set_endpoints(addresses_.addresses());
}

DirectAddresses DirectFeed::known() const {
  const std::lock_guard lock{mutex_};
  return addresses_;
}

}  // namespace surgeproof
