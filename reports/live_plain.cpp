// The run in lines, for where there is no terminal.
#include <algorithm>

#include "base/duration.h"
#include "reports/live.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

std::string token(std::string_view text) {
  std::string out = cleaned(text);
  std::ranges::replace(out, ' ', '_');
  return out;
}

/// In quotes, so that blanks may stand in it and quotes may not.
std::string quoted(std::string_view text) {
  std::string out = cleaned(text);
  std::ranges::replace(out, '"', '\'');
  return '"' + out + '"';
}

/// Whole seconds as integers: half a second before the start is 0, not -0.
std::int64_t whole_seconds(std::chrono::nanoseconds t) { return std::chrono::round<std::chrono::seconds>(t).count(); }

bool same(const std::optional<LiveDecision>& a, const std::optional<LiveDecision>& b) {
  return a.has_value() == b.has_value() && (!a || a->at == b->at);
}

}  // namespace

std::string render_plain_line(const LiveView& view) {
  std::string out = fmt::format("t={}s/{}s", whole_seconds(view.elapsed), whole_seconds(view.total));
  for (const LiveStage& stage : view.stages) {
    if (view.elapsed >= stage.begin && view.elapsed < stage.end) out += " stage=" + token(stage.name);
  }
  const auto latency = [](std::optional<std::chrono::microseconds> l) { return l ? format_duration(*l) : "-"; };
  std::uint64_t errors = 0;
  for (const LiveErrors& e : view.errors) errors += e.count;
  out += fmt::format(" offered={:.0f}/s served={:.0f}/s p50={} p95={} p99={} ok={} dropped={} unsent={} errors={}",
                     view.offered_per_second, view.served_per_second, latency(view.p50), latency(view.p95),
                     latency(view.p99), view.answered_well, view.dropped, view.unsent, errors);
  for (const LiveHpa& hpa : view.hpas) {
    const auto count = [](std::optional<int> n) { return n ? fmt::format("{}", *n) : std::string("-"); };
    out += fmt::format(" {}={}/{}/{}", token(hpa.name), count(hpa.ready), count(hpa.current), count(hpa.desired));
    if (hpa.utilization_percent && hpa.target_percent) {
      out += fmt::format(" {}={:.0f}%/{:.0f}%", token(hpa.metric), *hpa.utilization_percent, *hpa.target_percent);
    }
  }
  return out;
}

std::vector<std::string> render_plain_news(const LiveView& before, const LiveView& now) {
  std::vector<std::string> news;
  for (std::size_t i = 0; i < now.hpas.size(); ++i) {
    const LiveHpa& hpa = now.hpas[i];
    const auto was = i < before.hpas.size() ? before.hpas[i].decision : std::nullopt;
    if (!hpa.decision || same(hpa.decision, was)) continue;
    news.push_back(fmt::format("t={}s hpa={} desired={}->{} why={}", whole_seconds(hpa.decision->at), token(hpa.name),
                               hpa.decision->from, hpa.decision->to, quoted(hpa.decision->why)));
  }
  for (std::size_t i = 0; i < now.criteria.size(); ++i) {
    const LiveCriterion& c = now.criteria[i];
    const bool known = i < before.criteria.size() && before.criteria[i].decided;
    if (!c.decided || known) continue;
    news.push_back(fmt::format("t={}s criterion={} status={} observed={} limit={}", whole_seconds(now.elapsed),
                               quoted(c.id), name_of(c.status), quoted(c.observed), quoted(c.limit)));
  }
  return news;
}

}  // namespace surgeproof::reports
