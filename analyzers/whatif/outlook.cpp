#include "analyzers/whatif/outlook.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/run_time.h"
#include "scenarios/plan.h"

namespace surgeproof::whatif {
namespace {

// What a judgement leaves out, or why there is none.
constexpr std::string_view kOnlyTheWait =
    "a pod at rest and the wait for a pod; what else slows requests is not simulated";
constexpr std::string_view kTooLate = "requests that wait longer than the client does";
constexpr std::string_view kOnlyTooLate =
    "few or no requests wait longer than the client does; what pods drop as they end, and errors, are not simulated";
constexpr std::string_view kNoLatency = "the latency of a pod at rest was not measured, and no request waits too long";
constexpr std::string_view kNoRequests = "no request in that span";
constexpr std::string_view kTooShort = "the load ends before its deadline";
constexpr std::string_view kOtherHpa = "another HPA's";
constexpr std::string_view kNoSignals = "a simulation has no signals";
constexpr std::string_view kNoLogs = "a simulation has no logs";

class Judge {
 public:
  Judge(const OutlookQuestion& q, const Service& service, const Simulation& simulation, bool with_words)
      : q_(q), service_(service), sim_(simulation), with_words_(with_words) {}

  CriterionOutlook judge(const Criterion& criterion) {
    CriterionOutlook out;
    if (with_words_) {
      out.id = criterion_id(q_.scenario, criterion);
      out.title = describe(q_.scenario, criterion);
    }
    std::visit([&](const auto& rule) { (*this)(rule, out); }, criterion.rule);
    if (!out.judged) out.observed.clear();
    out.met = out.judged && out.excess <= 0;
    return out;
  }

 private:
  [[nodiscard]] bool ours(const std::string& named) const {
    const std::string name = resolve_hpa(q_.scenario, named);
    return name.empty() || q_.hpa.empty() || name == q_.hpa;
  }

  void note(CriterionOutlook& out, std::string_view text) const {
    if (with_words_) out.note = text;
  }

  void say(CriterionOutlook& out, std::string text) const {
    if (with_words_) out.observed = std::move(text);
  }

  /// Time until something, against a limit.
  void by_time(CriterionOutlook& out, std::optional<RunTime> at, RunTime start, RunTime limit) const {
    out.judged = at.has_value() || start + limit <= sim_.end;
    if (!out.judged) note(out, kTooShort);
    const RunTime took = at ? *at - start : std::max(sim_.end - start, limit * 2);
    out.excess = std::max(0.0, to_seconds(took - limit) / std::max(to_seconds(limit), 1.0));
    if (with_words_) say(out, at ? format_duration(took) : "never");
  }

  void operator()(const ScaleUpCriterion& r, CriterionOutlook& out) const {
    if (!ours(r.hpa)) return note(out, kOtherHpa);
    const RunTime start = q_.load_started + scale_up_start(q_.scenario, r);
    by_time(out, sim_.ready_from(r.to, start), start, r.within);
  }

  void operator()(const ScaleDownCriterion& r, CriterionOutlook& out) const {
    if (!ours(r.hpa)) return note(out, kOtherHpa);
    const RunTime start = q_.load_started + scale_down_start(q_.scenario, r);
    const auto at = sim_.wanted_down_to(r.to, start);
    by_time(out, at, start, r.within);
    if (at && r.not_before && *at - start < *r.not_before) {
      out.excess = std::max(0.01, to_seconds(*r.not_before - (*at - start)) / std::max(to_seconds(*r.not_before), 1.0));
    }
  }

  [[nodiscard]] Interval span_of(const During& during) const {
    const RunTime begin = q_.load_started;
    if (during.kind == During::Kind::stage) {
      const auto stage = stage_interval(q_.scenario, during.name);
      return stage ? Interval{begin + stage->begin, begin + stage->end} : Interval{};
    }
    const RunTime surge = begin + scale_up_start(q_.scenario, ScaleUpCriterion{});
    const RunTime surge_end = begin + scale_down_start(q_.scenario, ScaleDownCriterion{});
    if (during.kind == During::Kind::all) return {begin, std::max(sim_.end, begin)};
    const RunTime most = std::min(sim_.ready_from(sim_.most_ready(), surge).value_or(surge_end), surge_end);
    if (during.name == "baseline") return {begin, surge};
    if (during.name == "scaling") return {surge, most};
    if (during.name == "scaled") return {most, surge_end};
    return {surge_end, sim_.end};
  }

  template <class Visitor>
  void each_bin(Interval at, Visitor visit) const {
    const RunTime bin = service_.demand.bin;
    for (auto i = std::max<std::int64_t>(0, at.begin / bin); i < static_cast<std::int64_t>(sim_.bins.size()); ++i) {
      if (bin * i >= at.end) break;
      visit(service_.demand.per_second[static_cast<std::size_t>(i)] * to_seconds(bin),
            sim_.bins[static_cast<std::size_t>(i)]);
    }
  }

  void operator()(const LatencyCriterion& r, CriterionOutlook& out) const {
    double all = 0;
    double slow = 0;
    double worst = 0;
    const double limit = to_seconds(r.limit);
    each_bin(span_of(r.during), [&](double requests, const ServedBin& bin) {
      const double latency = service_.pod.base_latency_s + static_cast<double>(bin.wait_s);
      all += requests;
      if (latency > limit) slow += requests;
      if (requests > 0) worst = std::max(worst, latency);
    });
    const double allowed = all * (1 - r.percentile / 100) + 1e-9;
    if (slow > allowed) out.excess = worst / limit - 1 + slow / all;
    // Without a measured latency only the wait can be too long; that nothing else is, nobody knows.
    const bool at_rest_known = service_.pod.base_latency_s > 0;
    out.judged = all > 0 && (at_rest_known || slow > allowed);
    note(out, all <= 0 ? kNoRequests : at_rest_known || out.judged ? kOnlyTheWait : kNoLatency);
    if (with_words_)
      say(out, fmt::format("{} at worst", format_duration(RunTime{static_cast<std::int64_t>(worst * 1e9)})));
  }

  [[nodiscard]] std::pair<double, double> lost_of(const During& during) const {
    std::pair<double, double> sum;
    each_bin(span_of(during), [&](double requests, const ServedBin& bin) {
      sum.first += static_cast<double>(bin.lost);
      sum.second += requests;
    });
    return sum;
  }

  /// Too many lost requests are too many; but few of them say nothing of those that fail otherwise.
  void by_losses(CriterionOutlook& out, double all) const {
    out.judged = all > 0 && out.excess > 0;
    note(out, out.judged ? kTooLate : all > 0 ? kOnlyTooLate : kNoRequests);
  }

  void operator()(const ErrorRateCriterion& r, CriterionOutlook& out) const {
    const auto [lost, all] = lost_of(r.during);
    if (all > 0) out.excess = std::max(0.0, lost / all - r.max.value);
    by_losses(out, all);
    if (with_words_ && all > 0) say(out, fmt::format("{:.3g} %", lost / all * 100));
  }

  void operator()(const DroppedRequestsCriterion& r, CriterionOutlook& out) const {
    const auto [lost, all] = lost_of(r.during);
    out.excess = lost - static_cast<double>(r.max) >= 1 ? lost / std::max(all, 1.0) : 0;
    by_losses(out, all);
    if (with_words_) say(out, fmt::format("{:.0f}", lost));
  }

  void operator()(const ReplicasCriterion& r, CriterionOutlook& out) const {
    if (!ours(r.hpa)) return note(out, kOtherHpa);
    const Interval at = span_of(r.during);
    std::int32_t least = sim_.ready_at(at.begin);
    std::int32_t most = sim_.wanted_at(at.begin);
    std::int32_t wanted = most;
    int changes = 0;
    for (const ReplicaChange& c : sim_.replicas) {
      if (c.at <= at.begin || c.at >= at.end) continue;
      least = std::min(least, c.ready);
      most = std::max(most, c.wanted);
      changes += c.wanted != wanted ? 1 : 0;
      wanted = c.wanted;
    }
    out.judged = true;
    if (r.min) out.excess = std::max(out.excess, static_cast<double>(*r.min - least));
    if (r.max) out.excess = std::max(out.excess, static_cast<double>(most - *r.max));
    if (r.max_changes) out.excess = std::max(out.excess, static_cast<double>(changes - *r.max_changes));
    if (with_words_) say(out, fmt::format("{} ready at least, {} wanted at most, {} changes", least, most, changes));
  }

  /// What is not modelled stays unjudged.
  void operator()(const SignalCriterion&, CriterionOutlook& out) const { note(out, kNoSignals); }
  void operator()(const LogsCriterion&, CriterionOutlook& out) const { note(out, kNoLogs); }
  void operator()(const EventuallyCriterion& r, CriterionOutlook& out) const {
    note(out, r.signal.empty() ? kNoLogs : kNoSignals);
  }

  const OutlookQuestion& q_;
  const Service& service_;
  const Simulation& sim_;
  bool with_words_;
};

}  // namespace

std::string_view words_for(const CriterionOutlook& outlook) {
  return !outlook.judged ? "cannot be told" : outlook.met ? "met" : "not met";
}

std::vector<CriterionOutlook> outlook(const OutlookQuestion& question, const Service& service,
                                      const Simulation& simulation, bool with_words) {
  Judge judge(question, service, simulation, with_words);
  std::vector<CriterionOutlook> out;
  out.reserve(question.scenario.criteria.size());
  for (const Criterion& criterion : question.scenario.criteria) out.push_back(judge.judge(criterion));
  return out;
}

}  // namespace surgeproof::whatif
