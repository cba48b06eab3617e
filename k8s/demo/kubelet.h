// The node's agent: takes pods from their binding to their end, probes them, restarts what crashed, and shuts down what
// is deleted, all at the same time as the endpoint controller hears of it.
//
//   bound ─► creating ─ start_time ─► running ─ probe ─► ready
//                                     │   ▲
//                             crash   ▼   │ 0.5 s, 10 s, 20 s, …
//                                  backing off
//   deletion: preStop ─► SIGTERM ─► the container ends, or SIGKILL at the end of the grace ─► the pod goes
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "k8s/demo/api/store.h"
#include "k8s/demo/container_runtime.h"
#include "k8s/demo/event_queue.h"
#include "k8s/demo/event_recorder.h"
#include "k8s/demo/pod_state.h"

namespace surgeproof::demo {

class Kubelet {
 public:
  struct Options {
    std::string node;
    std::chrono::nanoseconds start_time = std::chrono::seconds{1};  ///< from the binding to the container's start
    std::chrono::nanoseconds restart_delay = std::chrono::milliseconds{500};  ///< the first
    std::chrono::nanoseconds cleanup = std::chrono::milliseconds{50};         ///< from the container's end to the pod's
    /// An address for a new pod (empty: none is left), and back when it is gone.
    std::function<std::string()> take_address;
    std::function<void(const std::string&)> give_address;
  };
  Kubelet(Store& store, EventQueue& queue, ContainerRuntime& runtime, Options options);
  Kubelet(const Kubelet&) = delete;
  Kubelet& operator=(const Kubelet&) = delete;
  ~Kubelet();

  /// Until warm, pods start without delays of their own: a cluster that has been running for a while.
  void set_warm() { warm_ = true; }
  /// Calls with each running container.
  void each_running(const std::function<void(const PodState&)>& visit) const;

 private:
  struct Worker {
    PodState state;
    int successes = 0;
    int failures = 0;
    bool terminating = false;
    bool sent_term = false;
    WallTime grace_end{};
    std::uint64_t instance = 0;  // rises when a container starts or ends: late probe answers are known by it
    EventQueue::Ticket step;     // creation or restart
    EventQueue::Ticket probe;
    EventQueue::Ticket term;
    EventQueue::Ticket kill;
  };

  void notice(const Change& change);
  void accept(const boost::json::object& pod);
  void forget(const std::string& uid);
  void start_container(const std::string& uid);
  bool make_sandbox(Worker& w);
  void became_running(Worker& w);
  void plan_probe(Worker& w, std::chrono::nanoseconds delay);
  void ask_probe(const std::string& uid);
  void probe_answered(Worker& w, const ProbeAnswer& answer);
  void set_ready(Worker& w, bool ready);
  void ended(const std::string& uid, const ContainerExit& exit);
  void plan_restart(Worker& w);
  void begin_termination(Worker& w, const boost::json::object& pod);
  void send_term(const std::string& uid);
  void send_kill(const std::string& uid);
  void remove_pod(Worker& w);
  void write_status(const Worker& w);
  void note(const Worker& w, std::string type, std::string reason, std::string message);
  Worker* find(const std::string& uid);

  Store& store_;
  EventQueue& queue_;
  ContainerRuntime& runtime_;
  Options options_;
  EventRecorder events_;
  std::size_t subscription_;
  bool warm_ = false;
  std::map<std::string, std::unique_ptr<Worker>> workers_;  // by pod uid
  std::shared_ptr<int> alive_ = std::make_shared<int>();    // probes may answer after the end
};

}  // namespace surgeproof::demo
