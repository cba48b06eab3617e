// The service had all it could do, or answered with errors of its own.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

//                                     up  down latency errors drops replicas
constexpr Weights kSaturation{0, 0, 70, 0, 0, 0};  // of drops and errors the forensics say which
constexpr Weights kSlowAnswers{0, 0, 70, 60, 0, 0};
constexpr Weights kApplicationError{0, 0, 0, 88, 0, 0};

constexpr double kAtLimit = 0.95;  // of what the CPU limit allows

struct Busy {
  RunTime above{};  // how long a metric was above its target
  double highest = 0;
  double target = 0;
  std::string metric;
  RunTime at_max{};  // how long the HPA was at its maximum
};

Busy how_busy(const HpaTrack& hpa, Interval look) {
  Busy busy;
  for (const MetricTrack& m : hpa.metrics) {
    const auto target = m.target.at(look.end);
    if (!target) continue;
    RunTime above{};
    m.current.each(look, [&](Interval i, const std::optional<double>& v) {
      if (!v || *v <= *target) return;
      above += i.length();
      if (*v > busy.highest) busy = {busy.above, *v, *target, m.name, RunTime{}};
    });
    busy.above = std::max(busy.above, above);
  }
  const int max = hpa.max_replicas.at(look.end).value_or(0);
  hpa.wanted().each(look, [&](Interval i, int n) { busy.at_max += max > 0 && n >= max ? i.length() : RunTime{}; });
  return busy;
}

// What the HPA's metric shows when the pods run at their CPU limit, in percent of the request; empty without a limit.
std::optional<double> percent_at_limit(const Timeline& t, const HpaTrack& hpa) {
  std::int64_t request = 0;
  std::int64_t limit = 0;
  for (const PodLife& pod : t.pods) {
    if (pod.hpa != hpa.name || pod.ns != hpa.ns) continue;
    for (const ContainerState& c : pod.containers) {
      if (!c.cpu_limit_millicores || !c.cpu_request_millicores) return std::nullopt;
      request += *c.cpu_request_millicores;
      limit += *c.cpu_limit_millicores;
    }
  }
  return request == 0 ? std::nullopt : std::optional{100.0 * static_cast<double>(limit) / static_cast<double>(request)};
}

std::optional<std::chrono::microseconds> median(const Timeline& t, Interval span) {
  return sum_latency(t, {span}).latency.quantile(0.5);
}

// Latency that rises with the load, told by the median before and during the surge.
std::string latency_rise(const Timeline& t) {
  if (!t.surge || !t.surge_end || !t.load_started) return {};
  const auto before = median(t, {*t.load_started, *t.surge});
  const auto during = median(t, {*t.surge, std::min(*t.surge_end, t.end)});
  if (!before || !during || *during < 2 * *before) return {};
  return fmt::format("the median rose from {} before the surge to {}", format_duration(*before),
                     format_duration(*during));
}

void application_errors(const Timeline& t, std::vector<Clue>& clues) {
  const auto load = t.load_interval();
  if (!load) return;
  const LoadSum all = count_load(t, {{RunTime::min(), RunTime::max()}});
  const std::uint64_t count = all.count(Outcome::server_error) + all.count(Outcome::unexpected_status);
  if (count == 0) return;
  std::vector<std::string> evidence;
  for (const auto& [status, n] : t.windows.statuses()) {
    const bool is_gateways = status >= 502 && status <= 504;
    if (status >= 400 && !is_gateways) evidence.push_back(fmt::format("status {}: {}", status, plural(n, "answer")));
  }
  clues.push_back(
      {{"application_error", fmt::format("the service answered {} with an unexpected status", plural(count, "request")),
        "read the service's log at these times: it answers, but not as expected", Confidence::high, count,
        std::move(evidence)},
       kApplicationError,
       {}});
}

// What one HPA adds to the cause.
void tell_busy(Cause& cause, const Timeline& t, const HpaTrack& hpa, Interval look) {
  const Busy busy = how_busy(hpa, look);
  const bool at_max = busy.at_max > RunTime{};
  if (busy.above > RunTime{}) {
    cause.confidence = Confidence::probable;
    cause.sentence = at_max ? "the pods had all they could do, even at the HPA's maximum"
                            : "the pods that were there had all they could do";
    cause.evidence.push_back(fmt::format("HPA {}: {} was above its target of {:g} for {}, {:g} at most", hpa.name,
                                         busy.metric, busy.target, format_duration(busy.above), busy.highest));
  }
  if (at_max) {
    cause.evidence.push_back(fmt::format("HPA {} was at its maximum for {}", hpa.name, format_duration(busy.at_max)));
  }
  const auto cap = busy.metric == "cpu" ? percent_at_limit(t, hpa) : std::nullopt;
  if (!cap || busy.highest < kAtLimit * *cap) return;
  cause.confidence = Confidence::high;
  cause.sentence = fmt::format("the pods of {} ran at their CPU limit", hpa.name);
  cause.remedy = "raise the CPU limit, or scale earlier: a lower target, a higher minReplicas";
  cause.evidence.push_back(fmt::format("the CPU limit is {:.0f} % of the request", *cap));
}

}  // namespace

void clues_from_saturation(const Facts& facts, std::vector<Clue>& clues) {
  const Timeline& t = facts.timeline;
  application_errors(t, clues);
  if (!t.surge || !t.surge_end) return;
  const Interval look{*t.surge, std::min(*t.surge_end, t.end)};
  if (look.end <= look.begin) return;
  Cause cause{"saturation",
              "the service was busy beyond what it can do, or slow by itself",
              "less work per request, larger pods, or more of them earlier (lower target, higher minReplicas)",
              Confidence::low,
              0,
              {}};
  for (const HpaTrack& hpa : t.hpas) tell_busy(cause, t, hpa, look);
  if (std::string rise = latency_rise(t); !rise.empty()) {
    if (cause.confidence == Confidence::low) cause.confidence = Confidence::probable;
    cause.evidence.push_back(std::move(rise));
  }
  const bool too_slow = count_load(t, {look}).count(Outcome::too_slow) > 0;
  // Where no latency was measured, nothing was slow.
  clues.push_back(
      {std::move(cause), too_slow ? kSlowAnswers : kSaturation, {}, {"too_slow", "too_many_errors", "dropped"}});
}

}  // namespace surgeproof
