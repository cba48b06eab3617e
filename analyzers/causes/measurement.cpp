// The tool's own part in what is inconclusive: a sick generator, a watch with gaps.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

constexpr Weights kFirst{110, 110, 110, 110, 110, 110, 110, 110, 110};

bool any_with_reason(const Verdict& v, std::initializer_list<std::string_view> reasons) {
  return std::any_of(v.findings.begin(), v.findings.end(), [&](const Finding& f) {
    return f.status == Status::inconclusive && std::find(reasons.begin(), reasons.end(), f.reason) != reasons.end();
  });
}

std::string_view remedy_for(std::string_view reason) {
  if (reason == "connections_exhausted") return "raise connections.max: rate × latency of them are needed";
  if (reason == "saturated") return "run the generator on more CPU, with more workers, or as an Indexed Job";
  if (reason == "late") return "give the generator CPU of its own, or send less from one place";
  return "see the generator's errors: file descriptors, ports, name resolution, connections.max";
}

void generator(const Verdict& verdict, std::vector<Clue>& clues) {
  Cause cause{"generator", "", "", Confidence::high, 0, {}};
  for (const Finding& f : verdict.health) {
    if (!f.id.starts_with("generator ") || f.status == Status::pass) continue;
    if (cause.sentence.empty()) {
      cause.sentence = "the load was not the one that was planned: " + f.sentence;
      cause.remedy = remedy_for(f.reason);
    }
    cause.evidence.push_back(f.sentence);
  }
  if (cause.sentence.empty()) {
    cause.sentence = "requests were lost in the generator";
    cause.remedy = remedy_for("");
  }
  clues.push_back({std::move(cause), kFirst, {}, {"generator_sick", "connections_exhausted"}});
}

void watch_gap(const Verdict& verdict, std::vector<Clue>& clues) {
  Cause cause{"watch_gap",
              "the cluster could not be seen when it mattered",
              "see that the API server can be reached, and which right is missing (`kubectl auth can-i --list`)",
              Confidence::high,
              0,
              {}};
  for (const Finding& f : verdict.health) {
    if (f.id.starts_with("watch ")) cause.evidence.push_back(f.sentence);
  }
  clues.push_back({std::move(cause), kFirst, {}, {"watch_gap"}});
}

// What a criterion counts from did not happen.
constexpr std::string_view kNotDone[] = {"action_refused", "action_failed", "action_unknown", "action_missed",
                                         "action_left_out"};

std::string_view remedy_for_action(std::string_view state) {
  if (state == "refused") return "give the account the Role that `surgeproof print-rbac` prints for the actions";
  if (state == "left_out") return "run it without --no-actions";
  if (state == "missed") return "let the load last longer than the action's time";
  return "see that what the action names exists and can be changed, then run again";
}

void action_not_done(const Verdict& verdict, std::vector<Clue>& clues) {
  Cause cause{"action_not_done", "", "", Confidence::high, 0, {}};
  for (const Finding& f : verdict.health) {
    if (!f.id.starts_with("action ") || f.reason == "done") continue;
    if (cause.sentence.empty()) {
      cause.sentence = "what it counts from did not happen: " + f.sentence;
      cause.remedy = remedy_for_action(f.reason);
    }
    cause.evidence.push_back(f.sentence);
  }
  clues.push_back({std::move(cause), kFirst, {}, {std::begin(kNotDone), std::end(kNotDone)}});
}

}  // namespace

void clues_from_measurement(const Facts&, const Verdict& verdict, std::vector<Clue>& clues) {
  if (any_with_reason(verdict, {"generator_sick", "connections_exhausted"})) generator(verdict, clues);
  if (any_with_reason(verdict, {"watch_gap"})) watch_gap(verdict, clues);
  const bool without_action = std::any_of(std::begin(kNotDone), std::end(kNotDone),
                                          [&](std::string_view reason) { return any_with_reason(verdict, {reason}); });
  if (without_action) action_not_done(verdict, clues);
}

}  // namespace surgeproof
