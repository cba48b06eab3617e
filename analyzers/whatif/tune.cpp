#include "analyzers/whatif/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace surgeproof::whatif {
namespace {

constexpr int kPhases = 4;          ///< of syncs, and of samples, that the winner must stand
constexpr std::size_t kSolid = 40;  ///< so many of the best are tried at all phases

auto key_of(const Candidate& c) {
  return std::tuple(c.own_behavior, c.target, c.min, c.max, c.up_percent, c.up_pods, c.up_window_s, c.down_percent,
                    c.down_period_s, c.down_window_s);
}

/// How many settings differ.
int distance(const Candidate& a, const Candidate& b) {
  int n = (a.target != b.target) + (a.min != b.min) + (a.max != b.max) + (a.own_behavior != b.own_behavior);
  if (a.own_behavior && b.own_behavior) return n;
  return n + (a.up_percent != b.up_percent) + (a.up_pods != b.up_pods) + (a.up_window_s != b.up_window_s) +
         (a.down_percent != b.down_percent) + (a.down_period_s != b.down_period_s) +
         (a.down_window_s != b.down_window_s);
}

class Search {
 public:
  Search(const std::vector<TuneCase>& cases, std::size_t budget) : cases_(cases), budget_(budget) {
    for (const TuneCase& c : cases_) {
      services_.push_back(c.service);
      // Settings are to do at any phase of syncs and samples, not at the recorded ones.
      services_.back().loop.rounds.clear();
      services_.back().loop.recorded_syncs.clear();
    }
    current_ = candidate_of(cases_.front().service.loop.spec, cases_.front().service.loop.settings);
  }

  Tuning run() {
    Tuning out;
    out.current = solid(current_);
    ++tried_;
    std::vector<Tried> all{out.current};
    for (const Candidate& c : grid()) all.push_back(quick(c));
    order(all);
    // Neighbours of the best, while there is budget left.
    for (std::size_t i = 0; i < all.size() && tried_ < budget_; ++i) {
      for (const Candidate& c : neighbours(all[i].candidate)) {
        if (tried_ >= budget_) break;
        if (seen_.insert(key_of(c)).second) all.push_back(quick(c));
      }
      if (i % 10 == 9) order(all);
    }
    order(all);
    std::vector<Tried> finalists(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(kSolid, all.size())));
    for (Tried& t : finalists) t = solid(t.candidate);
    finalists.push_back(out.current);
    order(finalists);
    out.best = finalists.front();
    simplify(out);
    out.met = out.best.failed == 0;
    out.pareto = pareto(std::move(all));
    // The best stands on all variants, the others on one: it belongs at the end of the front by definition.
    std::erase_if(out.pareto, [&](const Tried& t) {
      return t.failed <= out.best.failed || t.replica_seconds >= out.best.replica_seconds;
    });
    out.pareto.push_back(out.best);
    if (!out.met) (void)solid(out.best.candidate, &out.unmet);
    out.tried = tried_;
    out.spec = with(out.best.candidate, cases_.front().service.loop.spec);
    return out;
  }

 private:
  void order(std::vector<Tried>& list) const {
    std::ranges::sort(list, [&](const Tried& a, const Tried& b) { return rank(a) < rank(b); });
  }

  [[nodiscard]] std::tuple<int, double, double, int> rank(const Tried& t) const {
    return {t.failed, t.failed > 0 ? t.excess : 0.0, t.replica_seconds, distance(t.candidate, current_)};
  }

  void add(Tried& t, std::size_t i, bool with_words, std::vector<std::string>* failures) {
    const Simulation sim = simulate(services_[i], buffers_);
    t.replica_seconds += sim.wanted_replica_seconds;
    for (const CriterionOutlook& c : outlook(cases_[i].question, services_[i], sim, with_words)) {
      if (!c.judged || c.met) continue;
      ++t.failed;
      t.excess += c.excess;
      if (failures != nullptr) failures->push_back(fmt::format("{} ({})", c.title, c.observed));
    }
  }

  void set(const Candidate& c) {
    for (std::size_t i = 0; i < services_.size(); ++i) services_[i].loop.spec = with(c, cases_[i].service.loop.spec);
  }

  Tried quick(const Candidate& c) {
    ++tried_;
    Tried t{c, 0, 0, 0};
    set(c);
    for (std::size_t i = 0; i < services_.size(); ++i) add(t, i, false, nullptr);
    return t;
  }

  /// At all phases of syncs and samples, with dear and with cheap requests: the worst counts, and the mean cost.
  Tried solid(const Candidate& c, std::vector<std::string>* failures = nullptr) {
    Tried worst{c, 0, 0, 0};
    double cost = 0;
    set(c);
    constexpr int kVariants = kPhases * kPhases * 2;
    for (int variant = 0; variant < kVariants; ++variant) {
      const int phase = variant / 2;
      Tried t{c, 0, 0, 0};
      std::vector<std::string> failed;
      for (std::size_t i = 0; i < services_.size(); ++i) {
        const Loop& own = cases_[i].service.loop;
        Loop& loop = services_[i].loop;
        loop.first_sync = (own.first_sync + own.sync_period * (phase % kPhases) / kPhases) % own.sync_period;
        loop.first_sample =
            (own.first_sample + own.metric_resolution * (phase / kPhases) / kPhases) % own.metric_resolution;
        const double cost_of_request = cases_[i].service.pod.cpu_per_request_ms;
        services_[i].pod.cpu_per_request_ms *= variant % 2 == 0 ? 1 - cases_[i].uncertainty : 1 + cases_[i].uncertainty;
        add(t, i, failures != nullptr, &failed);
        services_[i].pod.cpu_per_request_ms = cost_of_request;
        loop.first_sync = own.first_sync;
        loop.first_sample = own.first_sample;
      }
      cost += t.replica_seconds;
      if (std::tie(t.failed, t.excess) > std::tie(worst.failed, worst.excess)) {
        std::tie(worst.failed, worst.excess) = std::tie(t.failed, t.excess);
        if (failures != nullptr) *failures = std::move(failed);
      }
    }
    worst.replica_seconds = cost / kVariants;
    return worst;
  }

  /// Values around the current one, and what the peak of the load asks for.
  [[nodiscard]] std::vector<Candidate> grid() {
    const bool percent =
        simulated_metric(cases_.front().service.loop.spec)->target.average_utilization_percent.has_value();
    std::vector<std::int32_t> targets{current_.target};
    for (const int share : {50, 60, 70, 80, 90}) {
      const auto request = cases_.front().service.pod.request_millicores;
      targets.push_back(percent ? share : static_cast<std::int32_t>(std::max<std::int64_t>(request, 1) * share / 100));
    }
    const std::int32_t needed = needed_at_peak();
    const std::vector<std::int32_t> mins{current_.min, current_.min + 1, std::max(1, current_.min - 1),
                                         (current_.min + needed) / 2};
    const std::vector<std::int32_t> maxes{current_.max, needed, needed + 1, needed + needed / 2 + 1, current_.max * 2};
    struct Rules {
      bool own;
      std::int32_t up_percent, up_pods, down_percent, down_period, down_window;
    };
    std::vector<Rules> rules{{true, 0, 0, 0, 0, 0}};
    for (const std::int32_t window : {current_.down_window_s, 0, 15, 30, 60, 120, 300}) {
      rules.push_back({false, 100, 4, 100, 15, window});
      rules.push_back({false, 300, 4, 50, 60, window});
    }
    std::vector<Candidate> list;
    for (const Rules& r : rules) {
      for (const auto max : maxes) {
        for (const auto min : mins) {
          for (const auto target : targets) {
            Candidate c = current_;
            c.target = target;
            c.min = min;
            c.max = std::max(max, min);
            c.own_behavior = r.own;
            if (!r.own) {
              c.up_percent = r.up_percent, c.up_pods = r.up_pods, c.up_window_s = 0;
              c.down_percent = r.down_percent, c.down_period_s = r.down_period, c.down_window_s = r.down_window;
            }
            if (list.size() + tried_ < budget_ && seen_.insert(key_of(c)).second) list.push_back(c);
          }
        }
      }
    }
    return list;
  }

  [[nodiscard]] std::int32_t needed_at_peak() const {
    double most = 1;
    for (const TuneCase& c : cases_) {
      const double usable = static_cast<double>(std::max<std::int64_t>(c.service.pod.request_millicores, 1)) * 0.7;
      most = std::max(most, c.service.demand.peak() * c.service.pod.cpu_per_request_ms / usable);
      for (const Criterion& criterion : c.question.scenario.criteria) {
        if (const auto* up = std::get_if<ScaleUpCriterion>(&criterion.rule))
          most = std::max(most, static_cast<double>(up->to));
      }
    }
    return static_cast<std::int32_t>(std::min(std::ceil(most), 1000.0));
  }

  static std::vector<Candidate> neighbours(const Candidate& c) {
    std::vector<Candidate> list;
    const auto vary = [&](std::int32_t Candidate::* field, std::initializer_list<std::int32_t> steps,
                          std::int32_t least) {
      for (const auto step : steps) {
        Candidate n = c;
        n.*field += step;
        if (n.*field < least || n.max < n.min) continue;
        list.push_back(n);
      }
    };
    vary(&Candidate::target, {-10, -5, -2, -1, 1, 2, 5, 10}, 1);
    vary(&Candidate::min, {-1, 1, 2}, 1);
    vary(&Candidate::max, {-2, -1, 1, 2}, 1);
    if (c.own_behavior) return list;
    vary(&Candidate::up_percent, {-50, 100}, 10);
    vary(&Candidate::up_pods, {-2, 2, 4}, 1);
    vary(&Candidate::up_window_s, {15, 30}, 0);
    vary(&Candidate::down_window_s, {-60, -30, -15, -5, 5, 15, 30, 60}, 0);
    vary(&Candidate::down_percent, {-50, -25}, 10);
    vary(&Candidate::down_period_s, {15, 45}, 15);
    return list;
  }

  /// Takes back every change that neither a criterion nor the cost needs, and says what the others are for.
  void simplify(Tuning& out) {
    struct Field {
      const char* name;
      void (*take)(Candidate& to, const Candidate& from);
      std::string (*text)(const Candidate&);
    };
    static const Field kFields[] = {
        {"behavior",
         [](Candidate& to, const Candidate& from) {
           const Candidate keep = to;
           to = from;
           to.target = keep.target, to.min = keep.min, to.max = keep.max;
         },
         [](const Candidate& c) -> std::string {
           return c.own_behavior ? "as it is"
                                 : fmt::format("scale down {} % per {} s after {} s", c.down_percent, c.down_period_s,
                                               c.down_window_s);
         }},
        {"target", [](Candidate& to, const Candidate& from) { to.target = from.target; },
         [](const Candidate& c) { return fmt::format("{}", c.target); }},
        {"minReplicas", [](Candidate& to, const Candidate& from) { to.min = from.min; },
         [](const Candidate& c) { return fmt::format("{}", c.min); }},
        {"maxReplicas", [](Candidate& to, const Candidate& from) { to.max = from.max; },
         [](const Candidate& c) { return fmt::format("{}", c.max); }},
    };
    for (const Field& field : kFields) {
      Candidate reverted = out.best.candidate;
      field.take(reverted, current_);
      if (reverted == out.best.candidate || reverted.max < reverted.min) continue;
      std::vector<std::string> failures;
      const Tried without = solid(reverted, &failures);
      const bool as_good =
          without.failed < out.best.failed || (without.failed == out.best.failed && without.excess <= out.best.excess);
      if (as_good && without.replica_seconds <= out.best.replica_seconds * 1.01) {
        out.best = without;
        continue;
      }
      Reason reason{field.name, fmt::format("{} → {}", field.text(current_), field.text(out.best.candidate)), ""};
      if (!as_good && !failures.empty()) {
        reason.why = fmt::format("without it: not met: {}", failures.front());
      } else if (!as_good) {
        reason.why = "without it a criterion is missed by more";
      } else {
        reason.why = fmt::format("saves {:.0f} % of the replica-seconds",
                                 (1 - out.best.replica_seconds / without.replica_seconds) * 100);
      }
      out.reasons.push_back(std::move(reason));
    }
  }

  static std::vector<Tried> pareto(std::vector<Tried> all) {
    std::ranges::sort(all, [](const Tried& a, const Tried& b) {
      return std::tie(a.replica_seconds, a.failed, a.excess) < std::tie(b.replica_seconds, b.failed, b.excess);
    });
    std::vector<Tried> front;
    for (const Tried& t : all) {
      const bool better =
          front.empty() || std::tie(t.failed, t.excess) < std::tie(front.back().failed, front.back().excess);
      if (better) front.push_back(t);
      if (t.failed == 0) break;
    }
    return front;
  }

  const std::vector<TuneCase>& cases_;
  std::size_t budget_;
  std::vector<Service> services_;
  SimulationBuffers buffers_;
  Candidate current_;
  std::size_t tried_ = 0;
  std::set<decltype(key_of(Candidate{}))> seen_;
};

}  // namespace

Tuning tune(const std::vector<TuneCase>& cases, std::size_t budget) { return Search(cases, budget).run(); }

}  // namespace surgeproof::whatif
