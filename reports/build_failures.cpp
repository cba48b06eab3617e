// Failed requests, who answered, and the generator's own health.
#include "base/duration.h"
#include "reports/build_parts.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kExamplesPerOutcome = 25;

std::string words(const RequestFailure& f) {
  std::string text = f.error.empty() ? std::string(words_for(f.outcome)) : f.error;
  if (!f.phase.empty()) text += fmt::format(", while in {}", f.phase);
  if (f.connection > 0) {
    text += f.requests_on_connection == 0
                ? "; a new connection"
                : fmt::format("; the connection had answered {} before", f.requests_on_connection);
  }
  return text;
}

}  // namespace

std::vector<FailureRow> build_failures(const Timeline& timeline, const Axis& axis) {
  std::array<FailureRow, kOutcomes> rows;
  for (const LoadWindow& w : timeline.windows) {
    for (std::size_t o = 1; o < kOutcomes; ++o) {
      if (w.outcomes[o] == 0) continue;
      FailureRow& row = rows[o];
      row.count += w.outcomes[o];
      if (!row.first_s) row.first_s = axis(w.begin);
      row.last_s = axis(w.begin + w.length);
    }
  }
  for (const RequestFailure& f : timeline.failures) {
    FailureRow& row = rows[static_cast<std::size_t>(f.outcome)];
    if (row.example.empty()) row.example = fmt::format("{}: {}", f.request, words(f));
  }
  std::vector<FailureRow> out;
  for (std::size_t o = 1; o < kOutcomes; ++o) {
    rows[o].outcome = static_cast<Outcome>(o);
    if (rows[o].count > 0) out.push_back(std::move(rows[o]));
  }
  std::ranges::sort(out, std::greater{}, [](const FailureRow& r) { return std::pair{r.count, r.outcome}; });
  return out;
}

std::vector<FailureExample> build_failure_examples(const Timeline& timeline, const Axis& axis) {
  std::array<std::size_t, kOutcomes> taken{};
  std::vector<FailureExample> out;
  for (const RequestFailure& f : timeline.failures) {
    if (++taken[static_cast<std::size_t>(f.outcome)] > kExamplesPerOutcome) continue;
    out.push_back(
        {axis(f.planned), axis(f.ended), f.outcome, f.status, f.request, f.stage, f.peer, f.pod, words(f), f.trace_id});
  }
  return out;
}

std::vector<PeerRow> build_peers(const Timeline& timeline, const Axis& axis) {
  std::map<std::pair<std::string, std::string>, PeerRow> rows;
  for (const PeerWindow& p : timeline.peers) {
    if (p.answered == 0) continue;
    auto [it, fresh] = rows.try_emplace({p.peer, p.pod});
    PeerRow& row = it->second;
    if (fresh) row = {p.peer, p.pod, 0, axis(p.begin), 0};
    row.answered += p.answered;
    row.last_s = axis(p.begin + p.length);
  }
  std::vector<PeerRow> out;
  for (auto& [key, row] : rows) out.push_back(std::move(row));
  std::ranges::sort(out, std::less{}, [](const PeerRow& r) { return std::tie(r.first_s, r.peer, r.pod); });
  return out;
}

GeneratorHealth build_generator_health(const Timeline& timeline) {
  GeneratorHealth health;
  Histogram error;
  for (const GeneratorSample& s : timeline.generator) {
    error.merge(s.schedule_error);
    health.busiest_worker_percent = std::max(health.busiest_worker_percent, s.busiest_worker * 100);
    health.largest_backlog = std::max(health.largest_backlog, s.backlog);
    health.most_in_flight = std::max(health.most_in_flight, s.in_flight);
    health.most_connections = std::max(health.most_connections, s.connections);
  }
  health.busiest_worker_percent = std::round(health.busiest_worker_percent * 10) / 10;
  health.schedule_error_p50_ms = to_ms(error.quantile(0.5));
  health.schedule_error_p99_ms = to_ms(error.quantile(0.99));
  if (error.count() > 0) health.schedule_error_max_ms = to_ms(error.max());
  return health;
}

}  // namespace surgeproof::reports
