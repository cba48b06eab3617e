#include "reports/watch_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostNews = 200;  ///< more lines than a terminal has

/// "starting", "ending", "not Ready"; empty: simply Ready.
std::string pod_state(const PodSample& pod, const std::string& before) {
  if (pod.deletion_requested) return "ending";
  if (pod.ready) return "";
  return before.empty() || before == "not Ready" ? "not Ready" : "starting";
}

std::string waits_for(const PodSample& pod) {
  if (pod.deletion_requested) {
    return pod.deletion_grace ? fmt::format("of {} grace", format_duration(*pod.deletion_grace)) : "";
  }
  if (auto trouble = trouble_of(pod); !trouble.empty()) return trouble;
  if (pod.node.empty()) return "not scheduled yet";
  for (const auto& c : pod.containers) {
    if (c.state == "waiting" && !c.reason.empty()) return c.reason;
  }
  return "running, not Ready yet";
}

std::string gap_key(const WatchState& s) { return s.resource + " " + s.ns + " " + s.hpa; }

}  // namespace

WatchFeed::WatchFeed(WallTime begun, const std::vector<std::pair<std::string, std::string>>& hpas,
                     const std::vector<std::string>& signals) {
  view_.begun = begun;
  for (const auto& [ns, name] : hpas) {
    auto& hpa = view_.hpas.emplace_back();
    hpa.ns = ns;
    hpa.name = name;
  }
  for (const auto& name : signals) view_.signals.emplace_back().name = name;
}

WatchedHpa* WatchFeed::find_hpa(const std::string& ns, const std::string& name) {
  const auto at = std::ranges::find_if(view_.hpas, [&](const auto& h) { return h.ns == ns && h.name == name; });
  return at == view_.hpas.end() ? nullptr : &*at;
}

void WatchFeed::hear(const Record& record) {
  decisions_.hear(record);
  if (const auto* hpa = std::get_if<HpaSample>(&record)) hear_hpa(*hpa);
  if (const auto* pod = std::get_if<PodSample>(&record)) hear_pod(*pod);
  if (const auto* state = std::get_if<WatchState>(&record)) hear_state(*state);
  if (const auto* signal = std::get_if<SignalSample>(&record)) {
    const auto at = std::ranges::find(view_.signals, signal->name, &WatchedSignal::name);
    if (at != view_.signals.end()) at->value = signal->value;
  }
}

void WatchFeed::tell(const std::vector<Told>& news) {
  view_.news.insert(view_.news.end(), news.begin(), news.end());
  if (view_.news.size() <= kMostNews) return;
  view_.news.erase(view_.news.begin(), view_.news.end() - static_cast<std::ptrdiff_t>(kMostNews));
}

void WatchFeed::hear_hpa(const HpaSample& sample) {
  WatchedHpa* hpa = find_hpa(sample.ns, sample.name);
  if (hpa == nullptr) return;
  hpa->deleted = sample.deleted;
  hpa->target = fmt::format("{}/{}", sample.target.kind, sample.target.name);
  hpa->min_replicas = sample.min_replicas;
  hpa->max_replicas = sample.max_replicas;
  hpa->desired = sample.deleted ? std::nullopt : std::optional{sample.desired_replicas};
  hpa->conditions = sample.conditions;
  // The same metrics keep their histories; other ones, or in another order, begin anew.
  if (hpa->metrics.size() != sample.metrics.size()) hpa->metrics.resize(sample.metrics.size());
  for (std::size_t i = 0; i < sample.metrics.size(); ++i) {
    auto standing = standing_of(sample.metrics[i]);
    if (hpa->metrics[i].now.name != standing.name) hpa->metrics[i] = {};
    hpa->metrics[i].now = std::move(standing);
  }
}

void WatchFeed::hear_pod(const PodSample& sample) {
  if (sample.deleted) {
    pods_.erase(sample.uid);
    return;
  }
  const bool begun = view_.now != RunTime{};
  const auto [at, fresh] = pods_.try_emplace(sample.uid);
  KnownPod& pod = at->second;
  const std::string state = pod_state(sample, fresh ? "starting" : pod.state);
  if (fresh || state != pod.state) {
    pod.since = fresh && !begun ? std::nullopt : std::optional{sample.at.observed};
    pod.state = state;
  }
  pod.last = sample;
}

void WatchFeed::hear_state(const WatchState& state) {
  const std::string key = gap_key(state);
  if (state.kind == WatchState::Kind::synced) {
    bad_.erase(key);
    return;
  }
  const auto [at, fresh] = bad_.try_emplace(key, state);
  if (!fresh) at->second.message = state.message;
}

bool WatchFeed::is_seen(const std::string& resource, const WatchedHpa& hpa) const {
  return std::ranges::none_of(bad_, [&](const auto& entry) {
    const WatchState& s = entry.second;
    return s.resource == resource && (s.ns.empty() || s.ns == hpa.ns) && (s.hpa.empty() || s.hpa == hpa.name);
  });
}

void WatchFeed::count_pods(WatchedHpa& hpa) {
  hpa.pods.clear();
  int current = 0;
  int ready = 0;
  for (const auto& [uid, pod] : pods_) {
    const PodSample& p = pod.last;
    if (p.ns != hpa.ns || p.hpa != hpa.name) continue;
    if (!p.deletion_requested) {
      ++current;
      if (p.ready) ++ready;
    }
    if (pod.state.empty()) continue;
    const bool trouble = pod.state == "not Ready" || (!p.deletion_requested && !trouble_of(p).empty());
    hpa.pods.push_back({p.name, pod.state, pod.since, waits_for(p), trouble ? Ink::yellow : Ink::plain});
  }
  // In trouble first, then by who has waited longest.
  std::ranges::sort(hpa.pods, std::less{}, [](const WatchedPod& p) {
    return std::tuple{p.ink != Ink::yellow, p.since.value_or(RunTime{}), p.name};
  });
  const bool seen = is_seen("pods", hpa);
  hpa.current = seen ? std::optional{current} : std::nullopt;
  hpa.ready = seen ? std::optional{ready} : std::nullopt;
}

const WatchView& WatchFeed::view_at(RunTime now) {
  view_.now = now;
  const RunTime oldest = now - kWatchWindow;
  const auto add = [&](LiveSeries& series, auto value) {
    if (value) series.add(now, static_cast<double>(*value));
    series.forget_before(oldest);
  };
  for (WatchedHpa& hpa : view_.hpas) {
    count_pods(hpa);
    if (!is_seen("horizontalpodautoscalers", hpa)) hpa.desired.reset();
    add(hpa.desired_history, hpa.desired);
    add(hpa.current_history, hpa.current);
    add(hpa.ready_history, hpa.ready);
    for (WatchedMetric& m : hpa.metrics) {
      add(m.percent_of_target_history, m.now.ratio ? std::optional{*m.now.ratio * 100} : std::nullopt);
    }
    hpa.decision = decisions_.last(hpa.ns, hpa.name);
  }
  view_.gaps.clear();
  for (const auto& [key, s] : bad_) view_.gaps.push_back({s.resource, s.message, s.at});
  std::ranges::sort(view_.gaps, {}, [](const WatchedGap& g) { return std::pair{g.since, g.resource}; });
  for (WatchedSignal& signal : view_.signals) {
    const auto blind = std::ranges::find(view_.gaps, "signals/" + signal.name, &WatchedGap::resource);
    if (blind != view_.gaps.end()) signal.value.reset();
    add(signal.history, signal.value);
  }
  return view_;
}

}  // namespace surgeproof::reports
