// The analyzers' results as rows: critical paths, elasticity, drop forensics.
#include "base/duration.h"
#include "reports/build_parts.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

double seconds_of(Interval i) { return std::round(std::chrono::duration<double>(i.length()).count() * 1e3) / 1e3; }

PodPathRow pod_row(const PodPath& path) {
  PodPathRow row;
  row.pod = path.pod;
  row.node = path.node;
  for (const PathStep& s : path.steps) {
    if (s.open) continue;
    const double took = seconds_of(s.interval);
    if (s.code == "scheduling") row.scheduling_s = took;
    if (s.code == "start") row.start_s = took;
    if (s.code == "readiness") row.readiness_s = took;
    if (s.code == "endpoints") row.endpoints_s = took;
    if (s.code == "first_request") row.first_request_s = took;
  }
  return row;
}

/// Where each stage's bar stands in the waterfall: over the whole way from the first begin to the last end.
void add_shares(std::vector<PathStage>& stages) {
  if (stages.empty()) return;
  const double begin = std::ranges::min(stages, {}, &PathStage::begin_s).begin_s;
  const double length = std::ranges::max(stages, {}, &PathStage::end_s).end_s - begin;
  if (length <= 0) return;
  for (PathStage& s : stages) {
    s.begin_share = (s.begin_s - begin) / length;
    s.length_share = (s.end_s - s.begin_s) / length;
  }
}

PathReport path_report(const CriticalPath& path, const Axis& axis) {
  PathReport out;
  out.title = fmt::format("{} from the load step at {} to {} ready {}", path.hpa, clock_text(axis(path.start)), path.to,
                          path.to == 1 ? "pod" : "pods");
  out.sentence = path.sentence;
  for (const PathStep& s : path.steps) {
    out.stages.push_back({s.code, s.words + (s.open ? " (not over yet)" : ""), axis(s.interval.begin),
                          axis(s.interval.end), 0, 0, &s == path.slowest(), s.evidence, s.remedy});
  }
  add_shares(out.stages);
  for (const PodPath& pod : path.pods) out.pods.push_back(pod_row(pod));
  out.unseen = path.unseen;
  return out;
}

void add_score_rows(const Elasticity& e, HpaReport& out) {
  const Elasticity::Scores& s = *e.scores;
  const auto row = [&](const char* name, std::string value) { out.score_rows.emplace_back(name, std::move(value)); };
  if (e.per_replica) row("One replica serves well", rate_text(*e.per_replica) + " requests/s");
  row("Too few replicas", fmt::format("{:.1f} % of the time; {:.2f} short on average ({:.1f} % of the demand)",
                                      100 * s.under_time_share, s.under_replicas, s.under_percent_of_demand));
  row("Too many replicas", fmt::format("{:.1f} % of the time; {:.2f} over on average ({:.1f} % of the demand)",
                                       100 * s.over_time_share, s.over_replicas, s.over_percent_of_demand));
  row("Over-provisioned", fmt::format("{:.1f} % of the replica-seconds", 100 * s.over_provisioned_share));
  row("Jitter",
      fmt::format("{:+.2f} changes per minute (above 0 it oscillates, below 0 it is inert)", s.jitter_per_minute));
}

std::string money(double amount, const std::string& currency) {
  return fmt::format("{:.4g}{}", amount, currency.empty() ? "" : " " + currency);
}

void add_elasticity(const Elasticity& e, HpaReport& out) {
  out.demand_from = e.demand_from;
  out.scores["replica_seconds_under_load"] = std::round(e.replica_seconds);
  out.scores_text =
      fmt::format("{} replica-seconds under load", grouped(static_cast<std::uint64_t>(e.replica_seconds)));
  if (e.cost) {
    out.scores["cost"] = std::round(*e.cost * 1e4) / 1e4;
    out.scores_text += fmt::format(", {}", money(*e.cost, e.currency));
  }
  if (e.wasted) {
    out.scores["cost_over_provisioned"] = std::round(*e.wasted * 1e4) / 1e4;
    out.scores_text += fmt::format(" ({} of it for more than was needed)", money(*e.wasted, e.currency));
  }
  out.score_rows.emplace_back("Replica-seconds under load", grouped(static_cast<std::uint64_t>(e.replica_seconds)));
  if (e.cost) out.score_rows.emplace_back("Cost", money(*e.cost, e.currency));
  if (e.wasted) out.score_rows.emplace_back("Of it for more than was needed", money(*e.wasted, e.currency));
  if (!e.scores) return;
  const auto rounded = [](double v) { return std::round(v * 1e4) / 1e4; };
  const Elasticity::Scores& s = *e.scores;
  out.scores["requests_per_second_per_replica"] = rounded(e.per_replica.value_or(0));
  out.scores["accuracy_under_replicas"] = rounded(s.under_replicas);
  out.scores["accuracy_over_replicas"] = rounded(s.over_replicas);
  out.scores["accuracy_under_percent"] = rounded(s.under_percent_of_demand);
  out.scores["accuracy_over_percent"] = rounded(s.over_percent_of_demand);
  out.scores["timeshare_under"] = rounded(s.under_time_share);
  out.scores["timeshare_over"] = rounded(s.over_time_share);
  out.scores["jitter_per_minute"] = rounded(s.jitter_per_minute);
  out.scores["over_provisioned_share"] = rounded(s.over_provisioned_share);
  out.scores_text += fmt::format(
      ", {:.0f} % of them more than needed; too few for {:.1f} % of the time ({:.2f} replicas short on average), too "
      "many "
      "for {:.1f} % ({:.2f} over); jitter {:+.2f} per minute",
      100 * s.over_provisioned_share, 100 * s.under_time_share, s.under_replicas, 100 * s.over_time_share,
      s.over_replicas, s.jitter_per_minute);
  add_score_rows(e, out);
}

std::string burst_words(const std::vector<DropBurst>& bursts, const Axis& axis) {
  std::string text;
  for (const DropBurst& b : bursts) {
    text += fmt::format("{}{} ×{}", text.empty() ? "" : ", ", clock_text(axis(b.first)), grouped(b.count));
  }
  return text;
}

}  // namespace

void add_analysis(const Verdict& verdict, const HpaTrack& hpa, const Axis& axis, HpaReport& out) {
  for (const CriticalPath& path : verdict.paths) {
    if (path.hpa == hpa.name && path.ns == hpa.ns) out.paths.push_back(path_report(path, axis));
  }
  for (const Elasticity& e : verdict.elasticity) {
    if (e.hpa == hpa.name && e.ns == hpa.ns) add_elasticity(e, out);
  }
}

DropSection build_drops(const DropReport& drops, const Axis& axis) {
  DropSection out;
  out.total = drops.total;
  for (const DropGroup& g : drops.groups) {
    DropCauseRow row{g.code, g.sentence, g.remedy, std::string(name_of(g.confidence)), g.count, {}};
    for (const DropPod& p : g.pods) {
      row.pods.push_back({p.pod, p.node, p.count, axis(p.first), axis(p.last), p.example, burst_words(p.bursts, axis)});
    }
    out.causes.push_back(std::move(row));
  }
  for (const LostHere& lost : drops.lost) {
    out.lost_here.push_back(fmt::format("{} {}: {}; {}", grouped(lost.count), lost.count == 1 ? "request" : "requests",
                                        lost.why, lost.remedy));
  }
  if (drops.prestop) {
    out.prestop = drops.prestop->sentence;
    out.prestop_s = static_cast<double>(drops.prestop->sleep.count());
  }
  return out;
}

}  // namespace surgeproof::reports
