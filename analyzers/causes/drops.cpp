#include "analyzers/causes/drops.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analyzers/timeline.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

using Kind = PodMoment::Kind;
using std::chrono::seconds;

constexpr seconds kWatchLead{1};      // the client may notice before the watch tells
constexpr seconds kPropagation{10};   // from a deletion to the last balancer's notice
constexpr seconds kWarmUp{15};        // after an endpoint turned ready
constexpr seconds kEndNear{2};        // of a container
constexpr seconds kCrashLead{5};      // a restart is written into the API late
constexpr seconds kUnderWay{1};       // a request this old was in the pod's hands
constexpr seconds kHealthChecks{30};  // of a load balancer, until it has noticed: interval × threshold
constexpr seconds kNodeBefore{90};    // from a node's taint to the last request of its pods

bool is_reused(const RequestFailure& f) { return f.requests_on_connection > 0; }
bool is_broken_connection(const RequestFailure& f) {
  return f.outcome == Outcome::reset || f.outcome == Outcome::closed;
}
bool is_cut_short(const RequestFailure& f) {
  const bool under_way = f.sent && f.ended - *f.sent >= kUnderWay;
  return f.outcome == Outcome::truncated || (is_broken_connection(f) && (f.bytes_received > 0 || under_way));
}
bool is_wait_too_long(const RequestFailure& f) {
  return f.outcome == Outcome::timeout || f.outcome == Outcome::connect_timeout || f.status == 503 || f.status == 504;
}

/// When the request met its pod: not when the client gave up, but when it sent, or asked for the connection.
RunTime met_pod_at(const RequestFailure& f) {
  if (f.outcome == Outcome::timeout) return f.sent.value_or(f.ended);
  const bool never_connected = f.outcome == Outcome::connect_refused || f.outcome == Outcome::connect_timeout ||
                               f.outcome == Outcome::connect_failed;
  return never_connected && f.connection_opened > RunTime{} ? f.connection_opened : f.ended;
}

std::string since(std::string_view what, RunTime moment, RunTime t) {
  const RunTime d = t - moment;
  return fmt::format("{} {} {}", what, format_duration(d < RunTime{} ? -d : d), d < RunTime{} ? "after" : "before");
}

Confidence capped(const std::string& pod) { return pod.empty() ? Confidence::probable : Confidence::high; }

std::string host_of(const std::string& peer) {
  const auto colon = peer.rfind(':');
  std::string host = peer.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

DropForensics::DropForensics(const Timeline& timeline)
    : timeline_(timeline), moments_(timeline), nodes_(timeline), actions_(timeline) {
  for (const PodLife& pod : timeline.pods) {
    if (!pod.ip.empty()) pod_by_ip_[pod.ip] = pod.name;
    if (!pod.node.empty()) node_of_[pod.name] = pod.node;
  }
}

std::string DropForensics::pod_of(const RequestFailure& f) const {
  if (!f.pod.empty()) return f.pod;
  const auto it = pod_by_ip_.find(host_of(f.peer));
  return it == pod_by_ip_.end() ? std::string{} : it->second;
}

bool DropForensics::nothing_serves_at(RunTime t) const {
  return !timeline_.services.empty() &&
         std::all_of(timeline_.services.begin(), timeline_.services.end(), [&](const ServiceTrack& s) {
           return s.ready.at(t) == 0 && s.serving.at(t).value_or(0) == 0;  // not known is not none
         });
}

bool DropForensics::is_saturated_at(RunTime t) const {
  return std::any_of(timeline_.hpas.begin(), timeline_.hpas.end(), [&](const HpaTrack& hpa) {
    const auto wanted = hpa.wanted().at(t);
    const bool at_max = wanted && *wanted >= hpa.max_replicas.at(t).value_or(*wanted + 1);
    const bool busy = std::any_of(hpa.metrics.begin(), hpa.metrics.end(), [&](const MetricTrack& m) {
      const auto current = m.current.at(t);
      const auto target = m.target.at(t);
      return current && *current && target && **current > *target;
    });
    return at_max || busy;
  });
}

const NodeMoment* DropForensics::node_trouble(const std::string& pod, RunTime t) const {
  const auto node = node_of_.find(pod);
  if (node == node_of_.end()) return nullptr;
  return nodes_.trouble_near(node->second, t, kNodeBefore, kPropagation);
}

// What a deletion near the failure (or the end that it led to) makes of it; "unknown" when it does not fit.
DropCause DropForensics::by_deletion(const RequestFailure& f, const PodMoment& m, bool ended,
                                     const std::string& pod) const {
  const RunTime t = met_pod_at(f);
  const std::string told = since(ended ? "its containers ended" : "pod deleted", m.at, t);
  const bool new_connection = !is_reused(f) && f.outcome != Outcome::timeout && f.outcome != Outcome::tls_failed;
  const bool kept_alive = is_reused(f) && is_broken_connection(f) && f.connection_opened <= m.at;
  if (!new_connection && !kept_alive && f.outcome != Outcome::bad_gateway) return {"unknown", {}, Confidence::low, ""};
  if (const NodeMoment* node = node_trouble(m.pod->name, t)) {
    return {"node_trouble", m.pod->name, capped(pod), fmt::format("node {} {}", node->node, node->detail)};
  }
  if (new_connection && f.outcome == Outcome::connect_timeout && pod.empty()) {
    if (const NodeMoment* node = nodes_.emptied_before(t, kHealthChecks)) {
      return {"load_balancer_lag",
              {},
              Confidence::probable,
              since(fmt::format("node {} {}", node->node, node->detail), node->at, t)};
    }
  }
  // An end that is told of only afterwards may as well have cut the request short.
  if (kept_alive) return {"keep_alive_reset", m.pod->name, m.at > t ? Confidence::probable : capped(pod), told};
  return {"termination_race", m.pod->name, is_reused(f) ? Confidence::probable : capped(pod), told};
}

// How many different things happened near the failure that could have made it. With more than one, none is sure.
int DropForensics::rivals(const RequestFailure& f) const {
  const RunTime t = met_pod_at(f);
  const std::string pod = pod_of(f);
  const bool gone = moments_.near(Kind::deletion, t, kPropagation, kWatchLead, pod) != nullptr ||
                    moments_.near(Kind::ended, t, kEndNear, kEndNear, pod) != nullptr;
  const bool crashed = moments_.near(Kind::crashed, t, kPropagation, kCrashLead, pod) != nullptr;
  const bool ready = moments_.near(Kind::ready, t, kWarmUp, kWatchLead, pod) != nullptr;
  const bool node = nodes_.trouble_near({}, t, kNodeBefore, kPropagation) != nullptr;
  const bool emptied = nodes_.emptied_before(t, kHealthChecks) != nullptr;
  const bool busy = is_wait_too_long(f) && is_saturated_at(f.ended);
  return gone + crashed + ready + (node || emptied) + busy + nothing_serves_at(t);
}

DropCause DropForensics::explain(const RequestFailure& f) const {
  DropCause cause = nearest(f);
  if (cause.confidence == Confidence::high && rivals(f) > 1) cause.confidence = Confidence::probable;
  const bool by_deletion =
      cause.code == "termination_race" || cause.code == "keep_alive_reset" || cause.code == "killed_in_flight";
  if (const std::string* action = by_deletion ? actions_.of(cause.pod) : nullptr) {
    cause.detail += fmt::format(", by action {}", *action);
  }
  return cause;
}

DropCause DropForensics::nearest(const RequestFailure& f) const {
  const RunTime t = met_pod_at(f);
  const std::string pod = pod_of(f);
  const Confidence sure = capped(pod);

  const PodMoment* ended = moments_.near(Kind::ended, t, kEndNear, kEndNear, pod);
  const PodMoment* deletion = moments_.near(Kind::deletion, t, kPropagation, kWatchLead, pod);
  if (const PodMoment* m = moments_.near(Kind::crashed, t, kPropagation, kCrashLead, pod)) {
    // Whose it was is not known, and a deletion fits as well: the nearer one is a guess.
    const auto distance = [&](const PodMoment* x) { return x->at < t ? t - x->at : x->at - t; };
    const bool other_fits = pod.empty() && deletion && deletion->pod != m->pod;
    if (!other_fits) return {"container_crashed", m->pod->name, sure, describe_end(*m->end)};
    if (distance(m) <= distance(deletion)) {
      return {"container_crashed", m->pod->name, Confidence::low, describe_end(*m->end)};
    }
  }
  const bool somebody_spoke = f.outcome == Outcome::tls_failed || f.outcome == Outcome::malformed;
  if (nothing_serves_at(t) && !somebody_spoke)
    return {"no_endpoints", {}, Confidence::high, "no ready and no serving endpoint"};
  if (ended && is_cut_short(f)) {
    if (const NodeMoment* node = node_trouble(ended->pod->name, t)) {
      return {"node_trouble", ended->pod->name, sure, fmt::format("node {} {}", node->node, node->detail)};
    }
    return {"killed_in_flight", ended->pod->name, sure, since("its containers ended", ended->at, t)};
  }
  const PodMoment* gone = deletion ? deletion : ended;  // a long preStop: the connection lives until the end
  if (gone) {
    if (DropCause cause = by_deletion(f, *gone, !deletion, pod); cause.code != "unknown") return cause;
  }
  const PodMoment* ready = moments_.near(Kind::ready, t, kWarmUp, kWatchLead, pod);
  const bool by_a_cold_pod = !is_reused(f) || f.outcome == Outcome::timeout || f.outcome == Outcome::bad_gateway;
  if (ready && !gone && by_a_cold_pod) {
    return {"premature_ready", ready->pod->name, sure, since("endpoint turned ready", ready->at, t)};
  }
  const NodeMoment* lost = pod.empty() ? nodes_.trouble_near({}, t, kNodeBefore, kPropagation) : node_trouble(pod, t);
  if (lost && f.outcome != Outcome::malformed) {
    return {"node_trouble", pod, sure, fmt::format("node {} {}", lost->node, lost->detail)};
  }
  if (!gone && pod.empty() && !is_reused(f) && f.outcome != Outcome::timeout) {
    if (const NodeMoment* node = nodes_.emptied_before(t, kHealthChecks)) {
      return {"load_balancer_lag",
              {},
              Confidence::probable,
              since(fmt::format("node {} {}", node->node, node->detail), node->at, t)};
    }
  }
  if (is_wait_too_long(f) && is_saturated_at(f.ended)) {
    return {"saturation", pod, Confidence::probable, "the metric was above its target, or the HPA at its maximum"};
  }
  const bool pods_seen = timeline_.gap_in("pods", {t - kPropagation, t + kWatchLead}) == nullptr;
  if (pods_seen && is_reused(f) && is_broken_connection(f) && f.bytes_received == 0 && !gone && !ready) {
    return {"idle_timeout_race", pod, Confidence::low, "no pod came or went: the server closes idle connections first"};
  }
  return {"unknown", pod, Confidence::low, ""};
}

}  // namespace surgeproof
