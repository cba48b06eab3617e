// The causes of all recorded drops, grouped: one clue a code, one line of evidence a pod.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/drop_types.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

std::vector<std::string> evidence_of(const DropGroup& group, const Timeline& t) {
  constexpr std::size_t kMostLines = 5;
  std::vector<std::string> evidence;
  for (const DropPod& pod : group.pods) {
    if (evidence.size() == kMostLines) break;
    evidence.push_back(fmt::format("{}: {}, first at {} ({})", pod.pod.empty() ? "pod not known" : "pod " + pod.pod,
                                   plural(pod.count, "request"), instant(pod.first, t.load_started), pod.example));
  }
  return evidence;
}

Clue clue_of(const DropGroup& g, const DropReport& drops, const Timeline& t) {
  Clue clue;
  clue.cause = {g.code, g.sentence, g.remedy, g.confidence, g.count, evidence_of(g, t)};
  const bool deleted = g.code == "termination_race" || g.code == "keep_alive_reset";
  if (deleted && drops.prestop) clue.cause.evidence.push_back(drops.prestop->sentence);
  // By their share of the drops; never the first for latency, which drops do not make.
  const int share = static_cast<int>(49 * g.count / std::max<std::uint64_t>(drops.total, 1));
  const bool unknown = g.code == "unknown";
  clue.weights = {0, 0, 0, unknown ? 1 : 40 + share, unknown ? 1 : 50 + share, 0};
  return clue;
}

}  // namespace

void clues_from_drops(const Facts& facts, const DropReport& drops, std::vector<Clue>& clues) {
  for (const DropGroup& g : drops.groups) clues.push_back(clue_of(g, drops, facts.timeline));
}

}  // namespace surgeproof
