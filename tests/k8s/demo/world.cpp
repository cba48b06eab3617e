#include "tests/k8s/demo/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
using namespace std::chrono_literals;

void TableRuntime::count() {
  const auto span = queue_.now() - counted_until_;
  counted_until_ = queue_.now();
  if (containers_.empty()) return;
  const double share = static_cast<double>(demand_.value) / static_cast<double>(containers_.size());
  for (auto& [uid, c] : containers_) {
    const double cores = std::min(share, static_cast<double>(c.spec.cpu_limit.value)) / 1000;
    c.used += std::chrono::nanoseconds{static_cast<std::int64_t>(cores * static_cast<double>(span.count()))};
  }
}

void TableRuntime::start(const ContainerSpec& spec) {
  count();
  containers_[spec.uid] = {spec, queue_.now() + spec.start_delay, {}};
}

void TableRuntime::probe(const std::string& uid, const HttpProbe&, std::function<void(ProbeAnswer)> done) {
  queue_.in(1ms, [this, uid, done = std::move(done)] {
    const auto found = containers_.find(uid);
    const bool serves = found != containers_.end() && found->second.serves_from <= queue_.now();
    done({.success = serves, .message = serves ? "" : "connection refused"});
  });
}

void TableRuntime::terminate(const std::string& uid) {
  const auto found = containers_.find(uid);
  if (found == containers_.end()) return;
  stops.push_back({found->second.spec.pod, "TERM", queue_.now()});
  if (ignores_term) return;
  queue_.in(drain_time, [this, uid] {
    count();
    if (containers_.erase(uid) > 0 && on_exit) on_exit(uid, {0, "Completed"});
  });
}

void TableRuntime::kill(const std::string& uid) {
  const auto found = containers_.find(uid);
  if (found == containers_.end()) return;
  count();
  stops.push_back({found->second.spec.pod, "KILL", queue_.now()});
  containers_.erase(found);
}

std::chrono::nanoseconds TableRuntime::cpu_used(const std::string& uid) const {
  const_cast<TableRuntime*>(this)->count();  // only brings the sums up to now
  const auto found = containers_.find(uid);
  return found == containers_.end() ? 0ns : found->second.used;
}

void TableRuntime::set_demand(Millicores demand) {
  count();
  demand_ = demand;
}

void TableRuntime::crash(const std::string& pod, const ContainerExit& exit) {
  count();
  for (const auto& [uid, c] : containers_) {
    if (c.spec.pod != pod) continue;
    const std::string gone = uid;
    containers_.erase(gone);
    on_exit(gone, exit);
    return;
  }
}

World::World(DemoOptions options) : begin(*parse_rfc3339("2026-01-05T08:00:00Z")), queue(begin), runtime(queue) {
  plane = std::make_unique<ControlPlane>(
      options, queue, [this] { return queue.now(); },
      ControlPlane::Outside{.runtime = runtime,
                            .apply_backends =
                                [this](std::vector<Backend> b) {
                                  backends.push_back(std::move(b));
                                  backends_at.push_back(queue.now());
                                },
                            .take_address = [this] { return fmt::format("127.9.9.{}", ++last_address_); },
                            .give_address = [](const std::string&) {}});
  for (int i = 0; i < 100 && !plane->settled(); ++i) run(100ms);
  plane->set_warm();
}

void World::run(std::chrono::nanoseconds d) { queue.step_until(queue.now() + d); }

std::int64_t World::wanted() { return int_at(*deployment(), "spec.replicas").value_or(-1); }

std::size_t World::ready() {
  return static_cast<std::size_t>(
      std::ranges::count_if(pods(), [](const ObjectPtr& p) { return is_pod_ready(*p) && !is_terminating(*p); }));
}

bool World::saw(std::string_view reason, std::string_view text) {
  return std::ranges::any_of(store().list(types::kEvents), [&](const ObjectPtr& e) {
    return text_at(*e, "reason") == reason && text_at(*e, "message").find(text) != std::string_view::npos;
  });
}

}  // namespace surgeproof::demo
