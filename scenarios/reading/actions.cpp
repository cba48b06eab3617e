// `actions`: what is done to the cluster while the load runs.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "scenarios/plan.h"
#include "scenarios/reading/moments.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

constexpr std::int64_t kMostScaledTo = 10'000;
constexpr std::string_view kKinds[] = {"deployment", "statefulset", "daemonset", "replicaset"};

class ActionReader {
 public:
  ActionReader(Reading& reading, const Scenario& scenario, const Named& named)
      : reading_{reading}, scenario_{scenario}, named_{named} {}

  /// Empty after a diagnostic that leaves nothing of it.
  std::optional<Action> read(const Value& item) {
    Fields fields{reading_, item, kAction};
    if (!fields.usable()) return std::nullopt;
    Action action;
    action.place = item.place();
    if (const auto v = fields.get("name")) {
      if (const auto t = reading_.name(*v)) action.name = t->value;
    }
    at(fields, action);
    const auto kinds = fields.written(lists::kActionKinds);
    if (kinds.size() != 1) {
      reading_.error(item, kinds.empty() ? "does nothing" : fmt::format("does several things ({})", join_words(kinds)),
                     kinds.empty() ? "write restart, delete_pod or scale" : "write each as an action of its own");
      return std::nullopt;
    }
    const auto v = fields.get(kinds.front());
    if (!v) return std::nullopt;
    if (kinds.front() == "restart") {
      restart(*v, action);
    } else if (kinds.front() == "scale") {
      scale(*v, action);
    } else {
      delete_pod(*v, action);
    }
    ns(fields, action);
    return action;
  }

 private:
  void at(Fields& fields, Action& action) {
    const auto v = fields.require("at", "as in at: surge + 60s");
    if (!v) return;
    if (v->is_scalar() && v->node->scalar.starts_with("action ")) {
      reading_.error(*v, "an action cannot wait for another one", "name a stage, as in surge + 60s");
      return;
    }
    action.at = read_instant(reading_, *v, scenario_, named_).value_or(PlanInstant{});
  }

  /// "deployment/backend"
  WorkloadRef workload(const Value& v, bool may_scale) {
    const auto t = reading_.text(v, Disclosure::open);
    if (!t) return {};
    const auto slash = t->value.find('/');
    const auto kind = std::string_view{t->value}.substr(0, slash);
    const auto* known = std::find(std::begin(kKinds), std::end(kKinds), kind);
    if (slash == std::string::npos || known == std::end(kKinds)) {
      reading_.error(v, fmt::format("\"{}\" is no workload", t->shown), "write KIND/NAME, as in deployment/backend");
      return {};
    }
    WorkloadRef ref;
    ref.kind = static_cast<WorkloadRef::Kind>(known - std::begin(kKinds));
    if (may_scale ? ref.kind == WorkloadRef::Kind::daemon_set : ref.kind == WorkloadRef::Kind::replica_set) {
      reading_.error(v, fmt::format("a {} cannot be {}", kind, may_scale ? "scaled" : "restarted"));
    }
    ref.name = t->value.substr(slash + 1);
    if (!is_object_name(ref.name) && !t->unresolved) {
      reading_.error(v, fmt::format("\"{}\" is no name of a Kubernetes object", shorten(ref.name)),
                     std::string{kObjectNameHint});
    }
    return ref;
  }

  void restart(const Value& v, Action& action) { action.what = RestartAction{workload(v, false)}; }

  void scale(const Value& v, Action& action) {
    ScaleAction what;
    Fields fields{reading_, v, kScale};
    if (!fields.usable()) return;
    if (const auto f = fields.require("target", "as in target: deployment/backend")) what.target = workload(*f, true);
    if (const auto f = fields.require("replicas", "how many")) {
      what.replicas = static_cast<int>(reading_.integer(*f, 0, kMostScaledTo).value_or(0));
    }
    action.what = what;
  }

  void delete_pod(const Value& v, Action& action) {
    DeletePodAction what;
    Fields fields{reading_, v, kDeletePod};
    if (!fields.usable()) return;
    what.hpa = read_watched_hpa(reading_, fields, scenario_, named_);
    if (const auto f = fields.get("pick")) {
      constexpr std::string_view kPicks[] = {"oldest", "newest", "random"};
      const auto t = reading_.text(*f, Disclosure::open);
      const auto* pick = t ? std::find(std::begin(kPicks), std::end(kPicks), t->value) : std::end(kPicks);
      if (pick != std::end(kPicks)) {
        what.pick = static_cast<DeletePodAction::Pick>(pick - std::begin(kPicks));
      } else if (t) {
        reading_.error_unknown(f->place(), f->path, "pick", t->shown, kPicks);
      }
    }
    action.what = what;
  }

  /// The one given, else the one in which everything is watched.
  void ns(const Fields& fields, Action& action) {
    const bool of_hpa = std::holds_alternative<DeletePodAction>(action.what);
    if (const auto v = fields.get("namespace")) {
      if (of_hpa) {
        reading_.error(*v, "is that of the HPA", "leave it out");
      } else {
        action.ns = reading_.object_name(*v).value_or(std::string{});
      }
      return;
    }
    if (of_hpa || scenario_.watch.empty()) return;
    action.ns = scenario_.watch.front().ns;
    const bool same = std::all_of(scenario_.watch.begin(), scenario_.watch.end(),
                                  [&](const WatchTarget& w) { return w.ns == action.ns; });
    if (!same) reading_.error(fields.at(), "several namespaces are watched and none is named", "add namespace: NAME");
  }

  Reading& reading_;
  const Scenario& scenario_;
  const Named& named_;
};

/// What it does names it, where nothing else does; a number tells the second of a kind from the first.
void give_names(const Scenario& scenario, std::vector<Action>& actions) {
  for (auto& action : actions) {
    if (!action.name.empty()) continue;
    const auto base = describe(scenario, action);
    const auto taken = [&](const std::string& name) {
      return std::any_of(actions.begin(), actions.end(), [&](const Action& a) { return a.name == name; });
    };
    auto name = base;
    for (int n = 2; taken(name); ++n) name = fmt::format("{} {}", base, n);
    action.name = name;
  }
}

void refuse_equal_names(Reading& reading, const std::vector<Action>& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto first = std::find_if(actions.begin(), actions.end(),
                                    [&](const Action& a) { return !a.name.empty() && a.name == actions[i].name; });
    if (first >= actions.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    reading.error(actions[i].place, "actions",
                  fmt::format("\"{}\" is the name of two actions", shorten(actions[i].name)),
                  fmt::format("the other stands in line {}", first->place.line));
  }
}

}  // namespace

std::vector<Action> read_actions(Reading& reading, const Value& v, const Scenario& scenario, Named& named) {
  std::vector<Action> actions;
  const auto before = reading.errors();
  if (reading.expect_list(v, "actions")) {
    ActionReader reader{reading, scenario, named};
    for (std::size_t i = 0; i < v.node->items.size(); ++i) {
      if (auto action = reader.read(v.item(i))) actions.push_back(*std::move(action));
    }
  }
  if (!actions.empty() && scenario.watch.empty() && named.watch_sound) {
    reading.error(v, "change a cluster that nobody looks at", "add watch: {hpa: NAME}");
  }
  refuse_equal_names(reading, actions);
  give_names(scenario, actions);
  std::sort(actions.begin(), actions.end(), [&](const Action& a, const Action& b) {
    return std::tuple{resolve(scenario, a.at), a.place.line, a.place.column} <
           std::tuple{resolve(scenario, b.at), b.place.line, b.place.column};
  });
  for (const auto& action : actions) named.actions.push_back(action.name);
  named.actions_sound = reading.errors() == before;
  return actions;
}

std::string read_watched_hpa(Reading& reading, const Fields& fields, const Scenario& scenario, const Named& named) {
  const auto& watch = scenario.watch;
  if (watch.empty() && named.watch_sound) {
    reading.error(fields.at(), "needs an HPA to look at, and none is watched", "add watch: {hpa: NAME}");
  }
  std::vector<std::string_view> names;
  for (const auto& target : watch) names.push_back(target.hpa);
  if (!fields.has("hpa")) {
    if (watch.size() > 1 && named.watch_sound) {
      reading.error(fields.at(), fmt::format("several HPAs are watched ({}) and none is named", join_words(names)),
                    "say which one with hpa: NAME");
    }
    return {};
  }
  const auto v = fields.get("hpa");
  const auto name = v ? reading.object_name(*v) : std::nullopt;
  if (!name) return {};
  if (watch.empty() || !named.watch_sound) return *name;
  const auto watched = std::count(names.begin(), names.end(), *name);
  if (watched == 0) {
    reading.error_unknown(v->place(), v->path, "HPA", shorten(v->node->scalar), names);
  } else if (watched > 1) {
    reading.error(*v, fmt::format("\"{}\" is watched in several namespaces", shorten(*name)),
                  "judge them in runs of their own");
  }
  return *name;
}

}  // namespace surgeproof::reading
