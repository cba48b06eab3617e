// The causes of all recorded drops, grouped: one clue a code, one line of evidence a pod.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzers/causes/clue.h"
#include "analyzers/causes/drops.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

struct Words {
  std::string_view code;
  std::string_view what;  ///< after "12 requests "
  std::string_view remedy;
};

constexpr Words kWords[] = {
    {"termination_race", "were sent to pods that were being deleted",
     "add a preStop sleep, so that a pod serves until every balancer has taken it out"},
    {"keep_alive_reset", "broke on a kept-alive connection",
     "drain on SIGTERM: answer with `Connection: close`, keep serving during preStop, idle timeout above the client's"},
    {"killed_in_flight", "were cut off when their pod was killed",
     "finish requests on SIGTERM, and give them time: terminationGracePeriodSeconds above preStop + the slowest "
     "request"},
    {"premature_ready", "reached pods that were ready by name only",
     "make the readiness probe answer only when the pod can serve (and after warm-up)"},
    {"container_crashed", "met a pod whose container had crashed",
     "read the container's last log (`kubectl logs --previous`); memory limit, liveness probe"},
    {"no_endpoints", "came while the service had no endpoint",
     "keep pods ready: minReplicas, a PodDisruptionBudget, maxUnavailable of the rollout"},
    {"saturation", "waited too long for pods that had all they could do",
     "more or larger pods earlier: a lower target, more replicas, faster scale-up"},
    {"unknown", "have no cause that the recording shows", ""},
};

/// "were sent …" of several is "was sent …" of one.
std::string of_one(std::string_view what) {
  if (what.starts_with("were ")) return "was " + std::string{what.substr(5)};
  if (what.starts_with("have ")) return "has " + std::string{what.substr(5)};
  return std::string{what};
}

const Words& words_for_code(std::string_view code) {
  const auto* it = std::find_if(std::begin(kWords), std::end(kWords), [&](const Words& w) { return w.code == code; });
  return it == std::end(kWords) ? kWords[std::size(kWords) - 1] : *it;
}

struct Group {
  std::uint64_t count = 0;
  std::uint64_t sure = 0;  // with high confidence
  std::uint64_t low = 0;
  struct Pod {
    std::uint64_t count = 0;
    RunTime first{};
    std::string example;
  };
  std::map<std::string, Pod> pods;
};

using Groups = std::map<std::string_view, Group>;

void add(Groups& groups, const RequestFailure& f, const DropCause& cause) {
  Group& g = groups[cause.code];
  ++g.count;
  g.sure += cause.confidence == Confidence::high ? 1 : 0;
  g.low += cause.confidence == Confidence::low ? 1 : 0;
  Group::Pod& pod = g.pods[cause.pod];
  if (pod.count++ > 0) return;
  pod.first = f.ended;
  pod.example = fmt::format("{}{}", words_for(f.outcome), cause.detail.empty() ? "" : ", " + cause.detail);
}

std::vector<std::string> evidence_of(const Group& group, const Timeline& t) {
  std::vector<std::pair<std::uint64_t, std::string>> lines;
  for (const auto& [name, pod] : group.pods) {
    lines.emplace_back(pod.count,
                       fmt::format("{}: {}, first at {} ({})", name.empty() ? "pod not known" : "pod " + name,
                                   plural(pod.count, "request"), instant(pod.first, t.load_started), pod.example));
  }
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> evidence;
  for (auto& [count, line] : lines) {
    if (evidence.size() < 5) evidence.push_back(std::move(line));
  }
  return evidence;
}

Clue clue_of(std::string_view code, const Group& g, std::uint64_t drops, const Timeline& t) {
  const Words& words = words_for_code(code);
  Clue clue;
  clue.cause.code = code;
  clue.cause.sentence =
      fmt::format("{} {}", plural(g.count, "request"), g.count == 1 ? of_one(words.what) : std::string{words.what});
  clue.cause.remedy = words.remedy;
  clue.cause.count = g.count;
  clue.cause.confidence = 2 * g.sure > g.count  ? Confidence::high
                          : 2 * g.low > g.count ? Confidence::low
                                                : Confidence::probable;
  clue.cause.evidence = evidence_of(g, t);
  // By their share of the drops; never the first for latency, which drops do not make.
  const int share = static_cast<int>(49 * g.count / std::max<std::uint64_t>(drops, 1));
  const bool unknown = code == "unknown";
  clue.weights = {0, 0, 0, unknown ? 1 : 40 + share, unknown ? 1 : 50 + share, 0};
  return clue;
}

}  // namespace

void clues_from_drops(const Facts& facts, std::vector<Clue>& clues) {
  const Timeline& t = facts.timeline;
  const DropForensics forensics(t);
  Groups groups;
  std::uint64_t drops = 0;
  for (const RequestFailure& f : t.failures) {
    if (!is_drop(f.outcome)) continue;
    add(groups, f, forensics.explain(f));
    ++drops;
  }
  std::uint64_t only_counted = 0;
  for (const FailureOverflow& o : t.overflow) {
    for (std::size_t i = 0; i < kOutcomes; ++i) only_counted += is_drop(static_cast<Outcome>(i)) ? o.outcomes[i] : 0;
  }
  if (only_counted > 0) {
    Group& g = groups["unknown"];
    g.count += only_counted;
    g.low += only_counted;
    Group::Pod& pod = g.pods[{}];
    if (pod.count == 0) {
      pod.first = t.overflow.front().at;
      pod.example = "only counted, too many to be recorded in full";
    }
    pod.count += only_counted;
  }
  for (const auto& [code, group] : groups) clues.push_back(clue_of(code, group, drops, t));
}

}  // namespace surgeproof
