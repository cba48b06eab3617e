#include "k8s/demo/kubelet.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
using namespace std::chrono_literals;

Kubelet::Kubelet(Store& store, EventQueue& queue, ContainerRuntime& runtime, Options options)
    : store_(store),
      queue_(queue),
      runtime_(runtime),
      options_(std::move(options)),
      events_(store, "kubelet"),
      subscription_(store.subscribe([this](const Change& change) { notice(change); })) {
  runtime_.on_exit = [this](const std::string& uid, const ContainerExit& exit) { ended(uid, exit); };
}

Kubelet::~Kubelet() {
  store_.unsubscribe(subscription_);
  runtime_.on_exit = nullptr;
  for (const auto& [uid, w] : workers_) {
    for (EventQueue::Ticket* t : {&w->step, &w->probe, &w->term, &w->kill}) queue_.cancel(*t);
  }
}

void Kubelet::each_running(const std::function<void(const PodState&)>& visit) const {
  for (const auto& [uid, w] : workers_) {
    if (w->state.container == PodState::Container::running) visit(w->state);
  }
}

Kubelet::Worker* Kubelet::find(const std::string& uid) {
  const auto found = workers_.find(uid);
  return found == workers_.end() ? nullptr : found->second.get();
}

void Kubelet::notice(const Change& change) {
  if (change.resource != &types::kPods) return;
  const std::string uid{text_at(*change.object, "metadata.uid")};
  if (change.type == Change::Type::deleted) return forget(uid);
  if (text_at(*change.object, "spec.nodeName") != options_.node) return;
  Worker* w = find(uid);
  if (w == nullptr) {
    // Planned, so that the kubelet acts at the present instant of the queue, on no other's stack.
    queue_.in(0ns, [this, pod = change.object] { accept(*pod); });
  } else if (is_terminating(*change.object)) {
    begin_termination(*w, *change.object);
  }
}

void Kubelet::accept(const json::object& pod) {
  const std::string uid{text_at(pod, "metadata.uid")};
  const ObjectPtr current = store_.get(types::kPods, text_at(pod, "metadata.namespace"), text_at(pod, "metadata.name"));
  if (find(uid) != nullptr || !current || text_at(*current, "metadata.uid") != uid) return;
  auto& w = *(workers_[uid] = std::make_unique<Worker>());
  w.state.spec = read_pod_spec(*current);
  w.state.accepted = queue_.now();
  write_status(w);
  w.step = queue_.in(warm_ ? options_.start_time : 0ns, [this, uid] { start_container(uid); });
  if (is_terminating(*current)) begin_termination(w, *current);
}

void Kubelet::forget(const std::string& uid) {
  const auto found = workers_.find(uid);
  if (found == workers_.end()) return;
  Worker& w = *found->second;
  for (EventQueue::Ticket* t : {&w.step, &w.probe, &w.term, &w.kill}) queue_.cancel(*t);
  if (w.state.container == PodState::Container::running) runtime_.kill(uid);
  if (!w.state.ip.empty()) options_.give_address(w.state.ip);
  workers_.erase(found);
}

bool Kubelet::make_sandbox(Worker& w) {
  if (w.state.ip.empty()) w.state.ip = options_.take_address();
  if (!w.state.ip.empty()) return true;
  note(w, "Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: no address is left on this node");
  w.step = queue_.in(5s, [this, uid = w.state.spec.uid] { start_container(uid); });
  return false;
}

void Kubelet::start_container(const std::string& uid) {
  Worker* w = find(uid);
  if (w == nullptr || w->terminating) return;
  w->step = {};
  if (!make_sandbox(*w)) return;
  if (w->state.container == PodState::Container::backing_off) ++w->state.restarts;
  note(*w, "Normal", "Pulled", fmt::format("Container image \"{}\" already present on machine", w->state.spec.image));
  note(*w, "Normal", "Created", fmt::format("Created container: {}", w->state.spec.container));
  ContainerSpec run = w->state.spec.run;
  run.ip = w->state.ip;
  if (!warm_) run.start_delay = 0ns;
  runtime_.start(run);
  became_running(*w);
}

void Kubelet::became_running(Worker& w) {
  w.state.container = PodState::Container::running;
  w.state.started = queue_.now();
  w.successes = w.failures = 0;
  ++w.instance;
  const auto& probe = w.state.spec.readiness;
  w.state.ready = !probe;
  note(w, "Normal", "Started", fmt::format("Started container {}", w.state.spec.container));
  write_status(w);
  if (probe) plan_probe(w, warm_ ? probe->initial_delay : 0s);
}

void Kubelet::plan_probe(Worker& w, std::chrono::nanoseconds delay) {
  w.probe = queue_.in(delay, [this, uid = w.state.spec.uid] { ask_probe(uid); });
}

void Kubelet::ask_probe(const std::string& uid) {
  Worker* w = find(uid);
  if (w == nullptr || w->state.container != PodState::Container::running) return;
  // The kubelet's ticker: the next attempt is due whatever comes of this one. Until the first success of a young
  // cluster's pod it asks more often.
  plan_probe(*w, warm_ || w->state.ready ? std::chrono::nanoseconds{w->state.spec.readiness->period} : 100ms);
  runtime_.probe(uid, w->state.spec.readiness->http,
                 [this, uid, instance = w->instance, alive = std::weak_ptr(alive_)](const ProbeAnswer& answer) {
                   if (alive.expired()) return;
                   Worker* present = find(uid);
                   if (present != nullptr && present->instance == instance) probe_answered(*present, answer);
                 });
}

void Kubelet::probe_answered(Worker& w, const ProbeAnswer& answer) {
  const ProbeSpec& probe = *w.state.spec.readiness;
  if (answer.success) {
    w.failures = 0;
    if (++w.successes >= probe.success_threshold) set_ready(w, true);
    return;
  }
  w.successes = 0;
  note(w, "Warning", "Unhealthy", fmt::format("Readiness probe failed: {}", answer.message));
  if (++w.failures >= probe.failure_threshold) set_ready(w, false);
}

void Kubelet::set_ready(Worker& w, bool ready) {
  if (w.state.ready == ready) return;
  w.state.ready = ready;
  write_status(w);
}

void Kubelet::ended(const std::string& uid, const ContainerExit& exit) {
  Worker* w = find(uid);
  if (w == nullptr || w->state.container != PodState::Container::running) return;
  ++w->instance;
  queue_.cancel(w->probe);
  w->state.end = ContainerEnd{exit, w->state.started, queue_.now()};
  w->state.ready = false;
  if (w->terminating) {
    w->state.container = PodState::Container::ended;
    write_status(*w);
    return remove_pod(*w);
  }
  w->state.container = PodState::Container::backing_off;
  write_status(*w);
  plan_restart(*w);
}

void Kubelet::plan_restart(Worker& w) {
  // The second restart comes after 10 s, then twice as much each time, up to 5 min (kubelet's MaxContainerBackOff).
  std::chrono::nanoseconds delay = options_.restart_delay;
  if (w.state.restarts > 0) {
    delay = std::min<std::chrono::nanoseconds>(10s * (1 << std::min(w.state.restarts - 1, 5)), 5min);
    note(w, "Warning", "BackOff",
         fmt::format("Back-off restarting failed container {} in pod {}_{}({})", w.state.spec.container,
                     w.state.spec.name, w.state.spec.ns, w.state.spec.uid));
  }
  w.step = queue_.in(delay, [this, uid = w.state.spec.uid] { start_container(uid); });
}

void Kubelet::begin_termination(Worker& w, const json::object& pod) {
  const std::chrono::seconds grace{int_at(pod, "metadata.deletionGracePeriodSeconds").value_or(30)};
  const WallTime end = queue_.now() + grace;
  const std::string uid = w.state.spec.uid;
  if (w.terminating && end >= w.grace_end) return;
  w.grace_end = end;  // asked again: only ever sooner
  const bool running = w.state.container == PodState::Container::running;
  if (!w.terminating) {
    w.terminating = true;
    queue_.cancel(w.step);
    if (!running) return remove_pod(w);
    note(w, "Normal", "Killing", fmt::format("Stopping container {}", w.state.spec.container));
    const auto prestop = std::min<std::chrono::nanoseconds>(w.state.spec.prestop, grace);
    w.term = queue_.in(prestop, [this, uid] { send_term(uid); });
  }
  queue_.cancel(w.kill);
  // A preStop that uses the whole grace is followed by two seconds more (kubelet, minimumGracePeriodInSeconds).
  const bool tight = w.state.spec.prestop >= grace;
  if (running) w.kill = queue_.at(end + (tight ? 2s : 0s), [this, uid] { send_kill(uid); });
}

void Kubelet::send_term(const std::string& uid) {
  Worker* w = find(uid);
  if (w == nullptr || w->sent_term) return;
  w->sent_term = true;
  runtime_.terminate(uid);
}

void Kubelet::send_kill(const std::string& uid) {
  Worker* w = find(uid);
  if (w == nullptr || w->state.container != PodState::Container::running) return;
  runtime_.kill(uid);
  ended(uid, {137, "Error"});
}

void Kubelet::remove_pod(Worker& w) {
  queue_.cancel(w.kill);
  queue_.cancel(w.term);
  queue_.in(options_.cleanup, [this, uid = w.state.spec.uid] {
    const Worker* gone = find(uid);
    if (gone != nullptr) (void)store_.finish_delete(types::kPods, gone->state.spec.ns, gone->state.spec.name);
  });
}

void Kubelet::write_status(const Worker& w) {
  const PodState& s = w.state;
  const ObjectPtr pod = store_.get(types::kPods, s.spec.ns, s.spec.name);
  if (!pod || text_at(*pod, "metadata.uid") != s.spec.uid) return;
  (void)store_.modify(types::kPods, s.spec.ns, s.spec.name,
                      [&](json::object& p) { write_pod_status(p, s, queue_.now()); });
}

void Kubelet::note(const Worker& w, std::string type, std::string reason, std::string message) {
  const ObjectPtr pod = store_.get(types::kPods, w.state.spec.ns, w.state.spec.name);
  if (pod) events_.record(*pod, {std::move(type), std::move(reason), std::move(message)});
}

}  // namespace surgeproof::demo
