#include "analyzers/timeline.h"

#include <algorithm>

namespace surgeproof {
namespace {

// "pods" and "pods in todo" are both the resource "pods".
bool is_resource(std::string_view text, std::string_view resource) {
  return text.starts_with(resource) && (text.size() == resource.size() || text[resource.size()] == ' ');
}

}  // namespace

std::string_view name_of(Phase::Kind kind) {
  switch (kind) {
    case Phase::Kind::baseline:
      return "baseline";
    case Phase::Kind::scaling:
      return "scaling";
    case Phase::Kind::scaled:
      return "scaled";
    case Phase::Kind::draining:
      return "draining";
  }
  return "";
}

std::string Phase::name() const {
  std::string text{name_of(kind)};
  return surge == 0 ? text : text + ' ' + std::to_string(surge);
}

std::vector<const Phase*> Timeline::phases_named(std::string_view name) const {
  std::vector<const Phase*> found;
  for (const Phase& p : phases) {
    const std::string_view kind = name_of(p.kind);
    const bool the_only_one = p.surge == 0 && name.starts_with(kind) && name.substr(kind.size()) == " 1";
    if (name == kind || name == p.name() || the_only_one) found.push_back(&p);
  }
  return found;
}

const Condition* HpaTrack::condition_at(std::string_view type, RunTime t) const {
  const auto after = std::upper_bound(conditions.begin(), conditions.end(), t,
                                      [](RunTime x, const HpaConditions& c) { return x < c.at; });
  if (after == conditions.begin()) return nullptr;
  for (const Condition& c : std::prev(after)->conditions) {
    if (c.type == type) return &c;
  }
  return nullptr;
}

const HpaTrack* Timeline::hpa(std::string_view name) const {
  if (name.empty()) return hpas.size() == 1 ? &hpas.front() : nullptr;
  const auto it = std::find_if(hpas.begin(), hpas.end(), [&](const HpaTrack& h) { return h.name == name; });
  return it == hpas.end() ? nullptr : &*it;
}

const Phase* Timeline::phase(Phase::Kind kind) const {
  const auto it = std::find_if(phases.begin(), phases.end(), [&](const Phase& p) { return p.kind == kind; });
  return it == phases.end() ? nullptr : &*it;
}

const ActionSample* Timeline::action(std::string_view name) const {
  const auto it = std::find_if(actions.begin(), actions.end(), [&](const ActionSample& a) { return a.name == name; });
  return it == actions.end() ? nullptr : &*it;
}

const StageSpan* Timeline::stage(std::string_view name) const {
  const auto it = std::find_if(stages.begin(), stages.end(), [&](const StageSpan& s) { return s.name == name; });
  return it == stages.end() ? nullptr : &*it;
}

std::optional<Interval> Timeline::load_interval() const {
  if (stages.empty()) return std::nullopt;
  return Interval{stages.front().interval.begin, stages.back().interval.end};
}

const WatchGap* Timeline::gap_in(std::string_view resource, Interval within) const {
  for (const WatchGap& gap : gaps) {
    if (gap.interval.begin > within.end) break;
    if (is_resource(gap.resource, resource) && gap.interval.end > within.begin) return &gap;
  }
  return nullptr;
}

std::pair<std::size_t, std::size_t> Timeline::windows_in(Interval within) const { return windows.range(within); }

std::optional<RunTime> Timeline::run_time_of(WallTime t) const {
  return server_zero ? std::optional<RunTime>{t - *server_zero} : std::nullopt;
}

}  // namespace surgeproof
