#include "k8s/demo/deployment_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";
constexpr std::string_view kHashLabel = "pod-template-hash";

std::int64_t wanted(const json::object& o) { return int_at(o, "spec.replicas").value_or(1); }
std::int64_t available(const json::object& rs) { return int_at(rs, "status.availableReplicas").value_or(0); }

std::int64_t revision_of(const json::object& o) {
  const json::value* v = object_at(o, "metadata.annotations").if_contains(kRevision);
  if (v == nullptr || !v->is_string()) return 0;
  std::int64_t n = 0;
  const auto& text = v->get_string();
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/// An IntOrString of the strategy: "25%" of the replicas, rounded up or down.
std::int64_t resolve(const json::value* v, std::int64_t replicas, bool up) {
  std::int64_t percent = 25;
  if (v != nullptr && v->is_int64()) return v->get_int64();
  if (v != nullptr && v->is_string()) {
    const auto& text = v->get_string();
    std::from_chars(text.data(), text.data() + text.size(), percent);
  }
  const std::int64_t product = replicas * percent;
  return up ? (product + 99) / 100 : product / 100;
}

json::object canonical(const json::value& v);

json::value sorted(const json::value& v) {
  if (v.is_object()) return canonical(v);
  if (!v.is_array()) return v;
  json::array a;
  for (const json::value& e : v.get_array()) a.push_back(sorted(e));
  return a;
}

/// Members by name, so that equal templates have equal texts.
json::object canonical(const json::value& v) {
  std::vector<std::string_view> keys;
  for (const auto& member : v.get_object()) keys.push_back(member.key());
  std::ranges::sort(keys);
  json::object o;
  for (const auto key : keys) o[key] = sorted(v.get_object().at(key));
  return o;
}

bool same_template(const json::object& deployment, const json::object& rs) {
  json::object theirs = object_at(rs, "spec.template");
  json::object ours = object_at(deployment, "spec.template");
  const auto strip = [](json::object& t) {
    ensure_object(t, "metadata").erase("creationTimestamp");
    ensure_object(t, "metadata.labels").erase(kHashLabel);
  };
  strip(theirs);
  strip(ours);
  return ours == theirs;
}

/// One decision in the making.
class Planner {
 public:
  Planner(const json::object& deployment, const std::vector<ObjectPtr>& sets, WallTime now)
      : deployment_(deployment), now_(now), replicas_(wanted(deployment)) {
    for (const ObjectPtr& rs : sets) {
      if (is_terminating(*rs)) continue;
      max_revision_ = std::max(max_revision_, revision_of(*rs));
      if (!new_set_ && same_template(deployment, *rs)) {
        new_set_ = rs;
      } else {
        old_sets_.push_back(rs);
      }
    }
    std::ranges::sort(old_sets_, {}, [](const ObjectPtr& rs) { return revision_of(*rs); });
    const json::value* strategy = find_at(deployment, "spec.strategy.rollingUpdate");
    const json::object none;
    const json::object& rolling = strategy != nullptr && strategy->is_object() ? strategy->get_object() : none;
    surge_ = resolve(rolling.if_contains("maxSurge"), replicas_, true);
    unavailable_ = resolve(rolling.if_contains("maxUnavailable"), replicas_, false);
    if (surge_ == 0 && unavailable_ == 0) unavailable_ = 1;
  }

  DeploymentPlan make() && {
    if (!bool_at(deployment_, "spec.paused")) roll();
    clean_up();
    put_status();
    return std::move(plan_);
  }

 private:
  std::int64_t total_wanted() const {
    std::int64_t sum = new_set_ ? wanted(*new_set_) : 0;
    for (const ObjectPtr& rs : old_sets_) sum += wanted(*rs);
    return sum;
  }

  void roll() {
    if (!new_set_) return create_new_set();
    plan_.current = text_at(*new_set_, "metadata.name");
    if (revision_of(*new_set_) < max_revision_) {
      plan_.revision = std::to_string(max_revision_ + 1);  // an earlier template is back
    } else {
      plan_.revision = std::to_string(revision_of(*new_set_));
    }
    if (!grow_new_set()) shrink_old_sets();
  }

  /// How many the new set may have now (deployment util.NewRSNewReplicas).
  std::int64_t room_for_new(std::int64_t has) const {
    const std::int64_t room = replicas_ + surge_ - total_wanted();
    return room <= 0 ? has : has + std::min(room, replicas_ - has);
  }

  void create_new_set() {
    json::object pod_template = object_at(deployment_, "spec.template");
    const std::string hash = template_hash(pod_template);
    const std::string name = fmt::format("{}-{}", text_at(deployment_, "metadata.name"), hash);
    ensure_object(pod_template, "metadata.labels")[kHashLabel] = hash;
    json::object selector = object_at(deployment_, "spec.selector");
    ensure_object(selector, "matchLabels")[kHashLabel] = hash;
    const std::int64_t count = room_for_new(0);
    plan_.revision = std::to_string(max_revision_ + 1);
    plan_.create =
        json::object{{"metadata", json::object{{"name", name},
                                               {"namespace", text_at(deployment_, "metadata.namespace")},
                                               {"labels", object_at(pod_template, "metadata.labels")},
                                               {"annotations", json::object{{kRevision, plan_.revision}}},
                                               {"ownerReferences", owner_references(deployment_)}}},
                     {"spec", json::object{{"replicas", count}, {"selector", selector}, {"template", pod_template}}}};
    if (count > 0) note_scale(name, 0, count);
  }

  void note_scale(std::string_view name, std::int64_t from, std::int64_t to) {
    plan_.events.push_back(
        {"Normal", "ScalingReplicaSet",
         fmt::format("Scaled {} replica set {} from {} to {}", to > from ? "up" : "down", name, from, to)});
  }

  void scale(const json::object& rs, std::int64_t to) {
    const std::string name{text_at(rs, "metadata.name")};
    note_scale(name, wanted(rs), to);
    plan_.scale.push_back({name, to});
  }

  bool grow_new_set() {
    const std::int64_t has = wanted(*new_set_);
    if (has == replicas_) return false;
    const std::int64_t to = has > replicas_ ? replicas_ : room_for_new(has);
    if (to == has) return false;
    scale(*new_set_, to);
    return true;
  }

  /// rolling.go, reconcileOldReplicaSets: first what never became available, then as many as availability allows.
  void shrink_old_sets() {
    const std::int64_t min_available = replicas_ - unavailable_;
    const std::int64_t new_unavailable = wanted(*new_set_) - available(*new_set_);
    std::int64_t may_go = total_wanted() - min_available - new_unavailable;
    std::int64_t spare = available(*new_set_) - min_available;
    for (const ObjectPtr& rs : old_sets_) spare += available(*rs);
    for (const ObjectPtr& rs : old_sets_) {
      const std::int64_t has = wanted(*rs);
      if (has == 0 || may_go <= 0) continue;
      const std::int64_t sick = std::min(may_go, std::max<std::int64_t>(has - available(*rs), 0));
      const std::int64_t healthy =
          std::clamp<std::int64_t>(std::min({spare, may_go - sick, has - sick}), 0, has - sick);
      if (sick + healthy == 0) continue;
      may_go -= sick + healthy;
      spare -= healthy;
      scale(*rs, has - sick - healthy);
    }
  }

  void clean_up() {
    const auto limit = static_cast<std::size_t>(int_at(deployment_, "spec.revisionHistoryLimit").value_or(10));
    std::vector<std::string> empty;
    for (const ObjectPtr& rs : old_sets_) {
      const bool unused = wanted(*rs) == 0 && int_at(*rs, "status.replicas").value_or(0) == 0;
      if (unused) empty.emplace_back(text_at(*rs, "metadata.name"));
    }
    if (empty.size() > limit) plan_.remove.assign(empty.begin(), empty.end() - static_cast<std::ptrdiff_t>(limit));
  }

  void put_status() {
    std::int64_t total = 0, ready = 0, free = 0;
    const auto add = [&](const json::object& rs) {
      total += int_at(rs, "status.replicas").value_or(0);
      ready += int_at(rs, "status.readyReplicas").value_or(0);
      free += available(rs);
    };
    for (const ObjectPtr& rs : old_sets_) add(*rs);
    if (new_set_) add(*new_set_);
    const std::int64_t updated = new_set_ ? int_at(*new_set_, "status.replicas").value_or(0) : 0;
    json::object& s = plan_.status;
    s["observedGeneration"] = int_at(deployment_, "metadata.generation").value_or(0);
    const auto put = [&](std::string_view key, std::int64_t n) {
      if (n != 0) s[key] = n;  // the API leaves zeros out
    };
    put("replicas", total);
    put("updatedReplicas", updated);
    put("readyReplicas", ready);
    put("availableReplicas", free);
    put("unavailableReplicas", std::max<std::int64_t>(total - free, 0));
    const bool enough = free >= replicas_ - unavailable_;
    const bool complete = updated == replicas_ && total == replicas_ && free == replicas_;
    const std::string set_name{new_set_ ? text_at(*new_set_, "metadata.name") : ""};
    s["conditions"] = json::array{
        make_condition(
            deployment_, "Available", enough, enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now_),
        make_condition(deployment_, "Progressing", true, complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                       fmt::format("ReplicaSet \"{}\" {}", set_name,
                                   complete ? "has successfully progressed." : "is progressing."),
                       now_)};
  }

  const json::object& deployment_;
  WallTime now_;
  std::int64_t replicas_;
  std::int64_t surge_ = 0;
  std::int64_t unavailable_ = 0;
  std::int64_t max_revision_ = 0;
  ObjectPtr new_set_;
  std::vector<ObjectPtr> old_sets_;
  DeploymentPlan plan_;
};

}  // namespace

std::string template_hash(const json::object& pod_template) {
  // The alphabet of k8s.io/apimachinery's rand.SafeEncodeString: no vowels, so no words.
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : json::serialize(canonical(pod_template))) {
    h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  std::string hash;
  for (int i = 0; i < 10; ++i, h /= kAlphabet.size()) hash += kAlphabet[h % kAlphabet.size()];
  return hash;
}

DeploymentPlan plan_deployment(const json::object& deployment, const std::vector<ObjectPtr>& replica_sets,
                               WallTime now) {
  return Planner(deployment, replica_sets, now).make();
}

}  // namespace surgeproof::demo
