#include "analyzers/causes/causes.h"

#include <algorithm>
#include <array>

#include "analyzers/causes/clue.h"
#include "analyzers/merge.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

constexpr std::size_t kMostCauses = 3;  // of one finding

bool wants_causes(const Finding& f) {
  return f.status == Status::fail || (f.status == Status::inconclusive && f.decided);
}

std::string hpa_of(const Facts& facts, const Criterion& c) {
  const auto name = [&](const auto& rule) -> std::string {
    if constexpr (requires { rule.hpa; }) return resolve_hpa(facts.scenario, rule.hpa);
    return {};
  };
  return std::visit(name, c.rule);
}

const Clue& unknown_clue() {
  static const Clue clue{{"unknown", "nothing that was recorded explains it", "", Confidence::low, 0, {}}, {}, {}, {}};
  return clue;
}

bool is_unknown(const Clue& clue) { return clue.cause.code == "unknown"; }

// Inconclusive for the tool's own reasons: the cluster's troubles do not explain that.
bool is_own_fault(const Finding& f) {
  constexpr std::array kOwn{"generator_sick", "connections_exhausted", "watch_gap", "cut_off"};
  if (f.status == Status::inconclusive && f.reason.starts_with("action_")) return true;
  return f.status == Status::inconclusive && std::find(kOwn.begin(), kOwn.end(), f.reason) != kOwn.end();
}

bool fits(const Clue& clue, const Finding& f, const std::string& hpa) {
  if (!clue.hpa.empty() && !hpa.empty() && clue.hpa != hpa) return false;
  if (clue.reasons.empty()) return !is_own_fault(f);
  return std::find(clue.reasons.begin(), clue.reasons.end(), f.reason) != clue.reasons.end();
}

using Chosen = std::vector<const Clue*>;

bool same_cause(const Clue& a, const Clue& b) { return a.cause.code == b.cause.code && a.hpa == b.hpa; }

// What a saturated service loses is the autoscaler's matter too; any other cause that was counted is an answer.
bool is_answer(const Clue& clue) {
  return clue.cause.count > 0 && !is_unknown(clue) && clue.cause.code != "saturation";
}

bool about_requests(Matter matter) { return matter == Matter::drops || matter == Matter::error_rate; }

// The clues that explain the finding, the best first, each code once.
Chosen choose(const Finding& f, const std::vector<Clue>& clues, Matter matter, const std::string& hpa) {
  const auto weight = [&](const Clue* c) { return c->weights[static_cast<std::size_t>(matter)]; };
  Chosen all;
  for (const Clue& clue : clues) {
    if (weight(&clue) > 0 && fits(clue, f, hpa)) all.push_back(&clue);
  }
  constexpr int kGuess = 35;  // for requests, a lighter clue without a count is one
  if (about_requests(matter) && std::any_of(all.begin(), all.end(), [](const Clue* c) { return is_answer(*c); })) {
    std::erase_if(all, [&](const Clue* c) { return c->cause.count == 0 && weight(c) < kGuess; });
  }
  sort_stably(all, [&](const Clue* a, const Clue* b) { return weight(a) > weight(b); });
  Chosen best;
  for (const Clue* clue : all) {
    const bool known = std::any_of(best.begin(), best.end(), [&](const Clue* c) { return same_cause(*c, *clue); });
    if (!known && best.size() < kMostCauses) best.push_back(clue);
  }
  if (best.empty() && !is_own_fault(f)) best.push_back(&unknown_clue());
  return best;
}

// A cause earns what it explains: failed criteria before open ones, first places before second ones.
class Ranking {
 public:
  void add(Status status, const Chosen& chosen) {
    int points = status == Status::fail ? 100 : 10;
    for (const Clue* clue : chosen) {
      auto it =
          std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return same_cause(*e.clue, *clue); });
      if (it == entries_.end()) it = entries_.insert(entries_.end(), {clue, 0});
      it->score += is_unknown(*clue) ? 0 : points;
      points /= 2;
    }
  }
  [[nodiscard]] std::vector<Cause> causes() {
    sort_stably(entries_, [](const Entry& a, const Entry& b) { return a.score > b.score; });
    std::vector<Cause> causes;
    for (const Entry& e : entries_) causes.push_back(e.clue->cause);
    return causes;
  }

 private:
  struct Entry {
    const Clue* clue = nullptr;
    int score = 0;
  };
  std::vector<Entry> entries_;
};

std::vector<Clue> gather(const Facts& facts, const Verdict& verdict) {
  std::vector<Clue> clues;
  for (const ScaleLook& look : scale_looks(facts)) {
    clues_from_metrics(facts, look, clues);
    clues_from_scaling(facts, look, clues);
    clues_from_start(facts, look, clues);
    clues_from_stabilization(facts, look, clues);
  }
  clues_from_crashes(facts, clues);
  clues_from_saturation(facts, clues);
  clues_from_drops(facts, verdict.drops, clues);
  clues_from_observations(facts, verdict, clues);
  clues_from_measurement(facts, verdict, clues);
  return clues;
}

}  // namespace

std::vector<ScaleLook> scale_looks(const Facts& facts) {
  const Timeline& t = facts.timeline;
  std::vector<ScaleLook> looks;
  if (!t.load_started || !t.surge || !t.surge_end) return looks;
  for (const HpaTrack& hpa : t.hpas) {
    ScaleLook look{&hpa, {*t.surge, std::min(*t.surge_end, t.end)}, std::nullopt, true, {}};
    for (const Criterion& c : facts.scenario.criteria) {
      const auto* rule = std::get_if<ScaleUpCriterion>(&c.rule);
      if (!rule || resolve_hpa(facts.scenario, rule->hpa) != hpa.name) continue;
      const RunTime start = scale_up_begin(facts.scenario, t, *rule);
      look.look = {start, std::min(start + rule->within, t.end)};
      look.to = rule->to;
      look.path = scale_up_path(t, hpa, start, rule->to, look.look.end);
      look.reached = look.path.reached.has_value();
      if (!look.reached) break;
    }
    if (look.look.begin < look.look.end) looks.push_back(std::move(look));
  }
  return looks;
}

void find_causes(const Facts& facts, Verdict& verdict) {
  if (std::none_of(verdict.findings.begin(), verdict.findings.end(), wants_causes)) return;
  const std::vector<Clue> clues = gather(facts, verdict);
  Ranking ranking;
  for (std::size_t i = 0; i < verdict.findings.size(); ++i) {
    Finding& f = verdict.findings[i];
    if (!wants_causes(f)) continue;
    const Criterion& c = facts.scenario.criteria[i];
    const Chosen chosen = choose(f, clues, static_cast<Matter>(c.rule.index()), hpa_of(facts, c));
    for (const Clue* clue : chosen) f.causes.push_back(clue->cause);
    ranking.add(f.status, chosen);
  }
  verdict.causes = ranking.causes();
}

}  // namespace surgeproof
