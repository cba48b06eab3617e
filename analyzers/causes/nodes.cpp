#include "analyzers/causes/nodes.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

bool by_time(const NodeMoment& a, const NodeMoment& b) { return a.at != b.at ? a.at < b.at : a.node < b.node; }

struct Change {
  RunTime at{};
  int delta = 0;
  const std::string* node = nullptr;
};

// Ready=True counts until the deletion is requested, as an endpoint does.
void add_changes(const PodLife& pod, std::vector<Change>& changes) {
  bool counted = false;
  const auto end = pod.deletion_requested ? std::optional<RunTime>{pod.deletion_requested->observed} : pod.gone;
  for (const auto& change : pod.readiness.changes()) {
    if (end && change.at >= *end) break;
    if (change.value == counted) continue;
    counted = change.value;
    changes.push_back({change.at, counted ? 1 : -1, &pod.node});
  }
  if (counted && end) changes.push_back({*end, -1, &pod.node});
}

// Events of the node controller and of autoscalers that tell of a node's end.
bool is_trouble(const ClusterEvent& e) {
  constexpr std::array kReasons{"NodeNotReady",      "ScaleDown",          "DeletingNode",     "RemovingNode",
                                "DeletingAllPods",   "NodeNotSchedulable", "Shutdown",         "NodeShutdown",
                                "TerminationNotice", "PreemptScheduled",   "SpotInterruption", "DisruptionTerminating"};
  return e.regarding.kind == "Node" &&
         std::any_of(kReasons.begin(), kReasons.end(), [&](const char* reason) { return e.reason == reason; });
}

// The autoscalers' marks of a node that is to go.
bool is_marked_for_deletion(const std::string& taint) {
  return taint.starts_with("ToBeDeletedByClusterAutoscaler") ||
         taint.starts_with("DeletionCandidateOfClusterAutoscaler") || taint.starts_with("karpenter.sh/disrupt") ||
         taint.starts_with("node.kubernetes.io/out-of-service") ||
         taint.starts_with("node.cloudprovider.kubernetes.io/shutdown");
}

void add_node_samples(const Timeline& t, std::vector<NodeMoment>& trouble) {
  std::map<std::string, const NodeSample*> before;
  for (const NodeSample& s : t.nodes) {
    const NodeSample* last = std::exchange(before[s.name], &s);
    if (!last) continue;  // how it was when first seen is no event
    if (s.deleted) trouble.push_back({s.at.observed, s.name, "was deleted"});
    if (last->ready && !s.ready && !s.deleted) trouble.push_back({s.at.observed, s.name, "became not ready"});
    if (!last->unschedulable && s.unschedulable) trouble.push_back({s.at.observed, s.name, "was cordoned"});
    for (const std::string& taint : s.taints) {
      const bool is_new = std::find(last->taints.begin(), last->taints.end(), taint) == last->taints.end();
      if (is_new && is_marked_for_deletion(taint)) trouble.push_back({s.at.observed, s.name, "was tainted " + taint});
    }
  }
}

}  // namespace

NodeMoments::NodeMoments(const Timeline& t) {
  std::vector<Change> changes;
  for (const PodLife& pod : t.pods) {
    if (!pod.node.empty()) add_changes(pod, changes);
  }
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    if (a.at != b.at) return a.at < b.at;
    return a.delta != b.delta ? a.delta > b.delta : *a.node < *b.node;
  });
  std::map<std::string, int> ready;
  int all = 0;
  for (const Change& c : changes) {
    all += c.delta;
    const int now = ready[*c.node] += c.delta;
    if (c.delta < 0 && now == 0 && all > 0) emptied_.push_back({c.at, *c.node, "lost its last ready pod"});
  }
  for (const ClusterEvent& e : t.events) {
    if (is_trouble(e)) trouble_.push_back({e.at.observed, e.regarding.name, e.reason + ": " + e.message});
  }
  add_node_samples(t, trouble_);
  std::sort(trouble_.begin(), trouble_.end(), by_time);
}

const NodeMoment* NodeMoments::emptied_before(RunTime t, RunTime within) const {
  const auto later =
      std::upper_bound(emptied_.begin(), emptied_.end(), t, [](RunTime x, const NodeMoment& m) { return x < m.at; });
  if (later == emptied_.begin() || std::prev(later)->at < t - within) return nullptr;
  return &*std::prev(later);
}

const NodeMoment* NodeMoments::trouble_near(std::string_view node, RunTime t, RunTime before, RunTime after) const {
  auto it = std::upper_bound(trouble_.begin(), trouble_.end(), t + after,
                             [](RunTime x, const NodeMoment& m) { return x < m.at; });
  for (; it != trouble_.begin() && std::prev(it)->at >= t - before; --it) {
    if (node.empty() || std::prev(it)->node == node) return &*std::prev(it);
  }
  return nullptr;
}

}  // namespace surgeproof
