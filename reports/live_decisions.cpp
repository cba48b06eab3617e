#include "reports/live_decisions.h"

#include "reports/hpa_words.h"

namespace surgeproof::reports {

void LiveDecisions::hear(const Record& record) {
  const auto* sample = std::get_if<HpaSample>(&record);
  if (sample == nullptr) return;
  const std::string key = sample->ns + "/" + sample->name;
  if (sample->deleted) {
    hpas_.erase(key);
    return;
  }
  const auto [at, fresh] = hpas_.try_emplace(key, Known{sample->desired_replicas, std::nullopt});
  Known& known = at->second;
  if (fresh || known.desired == sample->desired_replicas) return;
  known.last = Decision{sample->at.observed, known.desired, sample->desired_replicas, metrics_words(*sample)};
  known.desired = sample->desired_replicas;
}

std::optional<LiveDecisions::Decision> LiveDecisions::last(const std::string& ns, const std::string& hpa) const {
  const auto at = hpas_.find(ns + "/" + hpa);
  return at == hpas_.end() ? std::nullopt : at->second.last;
}

}  // namespace surgeproof::reports
