// Deployment, ReplicaSet, EndpointSlice controllers and the scheduler over the store: asks the plans, does what they
// say. Every change of the store leads, a little later, to one pass; a pass that changes something leads to the next.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "k8s/demo/api/store.h"
#include "k8s/demo/event_queue.h"
#include "k8s/demo/event_recorder.h"

namespace surgeproof::demo {

class Controllers {
 public:
  struct Times {
    std::chrono::nanoseconds reaction = std::chrono::milliseconds{20};   ///< from a change to the pass
    std::chrono::nanoseconds schedule = std::chrono::milliseconds{100};  ///< from a pod's creation to its node
  };
  Controllers(Store& store, EventQueue& queue, Times times, std::string node);
  Controllers(const Controllers&) = delete;
  Controllers& operator=(const Controllers&) = delete;
  ~Controllers();

 private:
  void notice(const Change& change);
  void wake();
  void pass();
  void reconcile_deployment(const ObjectPtr& deployment);
  void reconcile_replica_set(const ObjectPtr& replica_set);
  void reconcile_endpoints(const ObjectPtr& service);
  void schedule(const ObjectPtr& pod);
  void bind(const std::string& ns, const std::string& name, const std::string& uid);

  Store& store_;
  EventQueue& queue_;
  Times times_;
  std::string node_;
  EventRecorder deployment_events_;
  EventRecorder replica_set_events_;
  EventRecorder scheduler_events_;
  std::size_t subscription_;
  EventQueue::Ticket pass_;
  bool awake_ = false;
  std::set<std::string> scheduling_;  // uids of pods on their way to the node
};

}  // namespace surgeproof::demo
