#include "analyzers/oracle/decision_log.h"

#include <fmt/format.h>

#include "k8s/hpa/explain.h"
#include "k8s/hpa/one_line.h"

namespace surgeproof {
namespace {

std::string text_of(const ReplayedSync& sync) {
  if (sync.agreement == Agreement::own_words) return sync.decision.error.value_or("no metric could be used");
  std::string text = hpa::one_line(sync.decision, sync.world);
  if (!sync.note.empty()) text += fmt::format(" ({})", sync.note);
  if (sync.agreement != Agreement::unexplained) return text;
  const int wanted = sync.decision.desired_replicas.value_or(sync.current);
  return fmt::format("the model says {}: {}. Most likely: {}", wanted, text, sync.comparison.likely_reason);
}

}  // namespace

DecisionLog log_of(const Replay& replay) {
  DecisionLog log;
  log.syncs = replay.syncs.size();
  log.equal = replay.equal_counts;
  for (const ReplayedSync& sync : replay.syncs) {
    const bool unexplained = sync.agreement == Agreement::unexplained;
    if (unexplained) ++log.unexplained;
    if (sync.desired == sync.current && !unexplained) continue;
    log.lines.push_back(
        {sync.at, sync.current, sync.desired, sync.agreement, text_of(sync), hpa::explain(sync.decision, sync.world)});
  }
  return log;
}

}  // namespace surgeproof
