// The log of the HPA's decisions.
#include "analyzers/oracle/decision_log.h"
#include "reports/build_parts.h"

namespace surgeproof::reports {

Decisions build_decisions(const Timeline& timeline, const HpaTrack& track, WallTime started, const Axis& axis) {
  constexpr std::size_t kMostRows = 200;
  const DecisionLog log = log_of(replay(timeline, track, started));
  Decisions out{log.syncs, log.equal, log.unexplained, {}};
  for (const DecisionLine& l : log.lines) {
    if (out.rows.size() == kMostRows) break;
    out.rows.push_back({axis(l.at), l.from, l.to, l.agreement != Agreement::unexplained, l.text, l.steps});
  }
  return out;
}

}  // namespace surgeproof::reports
