#include "k8s/demo/pod_runtime.h"

#include <boost/asio.hpp>

#include "k8s/demo/pod_server.h"
#include "k8s/demo/probe_client.h"

namespace surgeproof::demo {
namespace asio = boost::asio;

PodRuntime::PodRuntime(asio::io_context& io, PodLog& log, std::uint64_t crash_at_request)
    : io_(io), log_(log), crash_at_request_(crash_at_request) {}

PodRuntime::~PodRuntime() { stop(); }

void PodRuntime::start(const ContainerSpec& spec) {
  log_.begin(spec.ns, spec.pod, spec.container);
  auto server = std::make_shared<PodServer>(
      io_, spec,
      PodServer::Callbacks{
          .may_answer = [this, uid = spec.uid] { return may_answer(uid); },
          .exited = [this, uid = spec.uid](const ContainerExit& exit) { end(uid, exit); },
          .log = [this, spec](std::string line) { log_.write(spec.ns, spec.pod, spec.container, std::move(line)); }});
  servers_[spec.uid] = server;
  server->start();
}

void PodRuntime::probe(const std::string& uid, const HttpProbe& probe, std::function<void(ProbeAnswer)> done) {
  const auto found = servers_.find(uid);
  if (found == servers_.end()) {
    asio::post(io_, [done = std::move(done)] { done({.success = false, .message = "container is not running"}); });
    return;
  }
  probe_http(io_, found->second->spec().ip, probe, std::move(done));
}

void PodRuntime::terminate(const std::string& uid) {
  if (const auto found = servers_.find(uid); found != servers_.end()) found->second->terminate();
}

void PodRuntime::kill(const std::string& uid) {
  const auto found = servers_.find(uid);
  if (found == servers_.end()) return;
  found->second->kill();
  servers_.erase(found);
}

std::chrono::nanoseconds PodRuntime::cpu_used(const std::string& uid) const {
  const auto found = servers_.find(uid);
  return found == servers_.end() ? std::chrono::nanoseconds{0} : found->second->cpu_used();
}

bool PodRuntime::may_answer(const std::string& uid) {
  if (++requests_ != crash_at_request_) return true;
  asio::post(io_, [this, uid] {
    const auto found = servers_.find(uid);
    if (found == servers_.end()) return;
    found->second->kill();
    end(uid, {137, "OOMKilled"});
  });
  return false;
}

void PodRuntime::end(const std::string& uid, const ContainerExit& exit) {
  if (servers_.erase(uid) > 0 && on_exit) on_exit(uid, exit);
}

void PodRuntime::stop() {
  for (const auto& [uid, server] : servers_) server->kill();
  servers_.clear();
}

}  // namespace surgeproof::demo
