// The log of what the cluster did: its events, and the decisions seen in the HPAs' status and in the scale targets.
#include "analyzers/moment.h"
#include "reports/build_parts.h"
#include "reports/hpa_words.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostLines = 400;
/// Events tell their time in these.
constexpr std::chrono::seconds kWholeSeconds{1};

std::string name_of(const ObjectRef& ref) { return ref.kind + "/" + ref.name; }

void add_changes(const Steps<int>& steps, std::string_view what, const std::string& object, const Axis& axis,
                 std::vector<LogLine>& out) {
  const auto& changes = steps.changes();
  for (std::size_t i = 1; i < changes.size(); ++i) {
    out.push_back({axis(changes[i].at), false, object, std::string(what),
                   fmt::format("{} → {}", changes[i - 1].value, changes[i].value), 1});
  }
}

void add_conditions(const HpaTrack& hpa, const std::string& object, const Axis& axis, std::vector<LogLine>& out) {
  std::map<std::string, std::pair<std::string, std::string>> known;
  for (const HpaConditions& at : hpa.conditions) {
    for (const Condition& c : at.conditions) {
      auto& before = known[c.type];
      if (before == std::pair{c.status, c.reason}) continue;
      before = {c.status, c.reason};
      out.push_back({axis(at.at), is_bad(c), object, fmt::format("{}={}", c.type, c.status),
                     fmt::format("{}: {}", c.reason, c.message), 1});
    }
  }
}

// Too many lines: pod events that are no warning go first, then the latest.
void shorten(std::vector<LogLine>& lines) {
  const auto is_chatter = [](const LogLine& l) { return !l.warning && l.object.starts_with("Pod/"); };
  if (lines.size() > kMostLines) std::erase_if(lines, is_chatter);
  if (lines.size() > kMostLines) lines.resize(kMostLines);
}

}  // namespace

std::vector<LogLine> build_log(const Timeline& timeline, const Axis& axis, WallTime started) {
  std::vector<LogLine> out;
  for (const ClusterEvent& e : timeline.events) {
    const bool before = e.at.reported && *e.at.reported + kWholeSeconds < started;
    out.push_back(
        {axis(e.at.observed), e.type == "Warning", name_of(e.regarding), e.reason, e.message, e.count, before});
  }
  for (const ActionSample& a : timeline.actions) {
    if (!a.begun) continue;
    const bool well = a.state == ActionSample::State::done;
    out.push_back({axis(*a.begun), !well, name_of(a.object), "action " + a.name, words_of(a), 1});
  }
  for (const HpaTrack& hpa : timeline.hpas) {
    const std::string object = "HorizontalPodAutoscaler/" + hpa.name;
    add_changes(hpa.desired, "desired replicas", object, axis, out);
    add_changes(hpa.spec_replicas, "replicas set", name_of(hpa.target), axis, out);
    add_changes(hpa.ready, "ready pods", name_of(hpa.target), axis, out);
    add_conditions(hpa, object, axis, out);
  }
  std::ranges::sort(out, std::less{}, [](const LogLine& l) { return std::tie(l.t_s, l.object, l.reason, l.message); });
  shorten(out);
  return out;
}

}  // namespace surgeproof::reports
