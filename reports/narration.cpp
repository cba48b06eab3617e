#include "reports/narration.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "reports/hpa_words.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

/// The HPA does nothing within a tenth of its target.
constexpr double kTolerance = 0.1;
constexpr int kSubjectWidth = 24;

/// current / target of the metric that is furthest above its target.
std::optional<double> pressure(const HpaSample& h) {
  std::optional<double> most;
  for (const auto& m : h.metrics) {
    if (const auto ratio = standing_of(m).ratio) most = std::max(most.value_or(0), *ratio);
  }
  return most;
}

std::string band_of(const HpaSample& h) {
  const auto p = pressure(h);
  if (!p) return "unknown";
  return *p > 1 + kTolerance ? "above" : *p < 1 - kTolerance ? "below" : "at";
}

const Condition* find(const std::vector<Condition>& conditions, const std::string& type) {
  const auto at = std::ranges::find(conditions, type, &Condition::type);
  return at == conditions.end() ? nullptr : &*at;
}

}  // namespace

struct Narrator::Teller {
  Narrator& n;
  std::vector<Told> told;

  void say(RunTime at, std::string subject, std::string text, Ink ink = Ink::plain) {
    if (n.begun_) told.push_back({at, std::move(subject), std::move(text), ink});
  }

  void operator()(const HpaSample& h) {
    const std::string key = h.ns + "/" + h.name;
    const std::string who = "HPA " + h.name;
    const RunTime at = h.at.observed;
    if (h.deleted) {
      say(at, who, "is deleted", Ink::red);
      n.hpas_.erase(key);
      return;
    }
    const auto known = n.hpas_.find(key);
    if (known == n.hpas_.end()) {
      say(at, who, "appears: " + standing(h));
      n.bands_[key] = band_of(h);
    } else {
      changes(known->second, h, who, at);
      band(h, key, who, at);
    }
    n.hpas_[key] = h;
  }

  static std::string standing(const HpaSample& h) {
    return fmt::format("{} to {} replicas of {}/{}, now {}; {}", h.min_replicas, h.max_replicas, h.target.kind,
                       h.target.name, h.current_replicas, metrics_words(h));
  }

  void changes(const HpaSample& before, const HpaSample& h, const std::string& who, RunTime at) {
    if (before.desired_replicas != h.desired_replicas) {
      const bool up = h.desired_replicas > before.desired_replicas;
      say(at, who,
          fmt::format("scales {} from {} to {} ({})", up ? "up" : "down", before.desired_replicas, h.desired_replicas,
                      metrics_words(h)),
          Ink::bold);
    }
    if (before.min_replicas != h.min_replicas || before.max_replicas != h.max_replicas) {
      say(at, who, fmt::format("limits are now {} to {}", h.min_replicas, h.max_replicas));
    }
    for (const auto& c : h.conditions) {
      const auto* was = find(before.conditions, c.type);
      if (was != nullptr && was->status == c.status && was->reason == c.reason) continue;
      say(at, who,
          fmt::format("{} {}: {}", c.type == "ScalingLimited" && c.status == "False" ? "not limited," : c.type,
                      c.reason, c.message),
          is_bad(c) ? Ink::yellow : Ink::dim);
    }
  }

  void band(const HpaSample& h, const std::string& key, const std::string& who, RunTime at) {
    const auto now = band_of(h);
    auto& before = n.bands_[key];
    if (before == now) return;
    before = now;
    const std::string where = now == "unknown" ? "is not known"
                              : now == "at"    ? "is at its target"
                                               : fmt::format("is {} its target", now);
    say(at, who, fmt::format("the metric {}: {}", where, metrics_words(h)),
        now == "unknown" ? Ink::yellow : Ink::plain);
  }

  void operator()(const ScaleTargetSample& t) {
    const std::string who = fmt::format("{} {}", t.ref.kind, t.ref.name);
    const std::string key = t.ref.kind + "/" + t.ref.ns + "/" + t.ref.name;
    const auto known = n.targets_.find(key);
    if (t.deleted) {
      say(t.at.observed, who, "is deleted", Ink::red);
    } else if (known != n.targets_.end()) {
      const auto& before = known->second;
      if (before.spec_replicas != t.spec_replicas) {
        say(t.at.observed, who, fmt::format("is set from {} to {} replicas", before.spec_replicas, t.spec_replicas));
      }
      if (before.template_hash != t.template_hash) say(t.at.observed, who, "gets a new pod template: a rollout");
    }
    n.targets_[key] = t;
  }

  void operator()(const PodSample& p) {
    const std::string who = "pod " + p.name;
    const RunTime at = p.at.observed;
    const auto [entry, fresh] = n.pods_.try_emplace(p.uid);
    auto& k = entry->second;
    if (p.deleted) {
      say(at, who, "is gone");
      n.pods_.erase(entry);
      return;
    }
    if (fresh) say(at, who, "is created");
    if (!k.scheduled && !p.node.empty()) say(at, who, "is placed on " + p.node, Ink::dim);
    k.scheduled = !p.node.empty();
    const bool leaving = p.deletion_requested.has_value();
    if (leaving && !k.terminating) {
      const auto grace = p.deletion_grace ? fmt::format(", {} of grace", format_duration(*p.deletion_grace)) : "";
      say(at, who, "is terminating" + grace);
    }
    if (p.ready && !k.ready) {
      const auto took = p.ready_changed && p.created ? *p.ready_changed - *p.created : std::chrono::nanoseconds{-1};
      say(at, who,
          took.count() >= 0 ? fmt::format("is Ready, {} after its creation", format_duration(took)) : "is Ready",
          Ink::green);
    } else if (!p.ready && k.ready && !leaving) {
      say(at, who, "is not Ready any more", Ink::red);
    }
    k.ready = p.ready;
    k.terminating = leaving;
    restarts(p, k, who, at);
  }

  void restarts(const PodSample& p, KnownPod& k, const std::string& who, RunTime at) {
    int count = 0;
    std::string why;
    for (const auto& c : p.containers) {
      count += c.restarts;
      if (c.restarts > 0 && !c.last_reason.empty()) why = fmt::format(": {} ({})", c.last_reason, c.name);
    }
    if (count > k.restarts) say(at, who, fmt::format("has restarted{}", why), Ink::red);
    k.restarts = count;
    const auto trouble = p.deletion_requested || p.ready ? std::string{} : trouble_of(p);
    if (!trouble.empty() && trouble != k.trouble) say(at, who, "does not come up: " + trouble, Ink::yellow);
    k.trouble = trouble;
  }

  void operator()(const EndpointSliceSample& s) {
    if (s.service.empty()) return;
    const std::string key = s.ns + "/" + s.service;
    auto& slices = n.slices_[key];
    slices[s.slice] =
        s.deleted ? 0 : static_cast<int>(std::ranges::count_if(s.endpoints, [](const Endpoint& e) { return e.ready; }));
    int ready = 0;
    for (const auto& [name, count] : slices) ready += count;
    const auto [told_before, fresh] = n.services_.try_emplace(key, ready);
    if (!fresh && told_before->second != ready) {
      say(s.at.observed, "Service " + s.service,
          fmt::format("has {} ready endpoint{} (had {})", ready, ready == 1 ? "" : "s", told_before->second),
          ready == 0 ? Ink::red : Ink::plain);
    }
    told_before->second = ready;
  }

  /// What happens to pods in the normal course of things is told from the pods themselves.
  void operator()(const ClusterEvent& e) {
    const bool warning = e.type == "Warning";
    if (!warning && e.regarding.kind == "Pod") return;
    const std::string kind = e.regarding.kind == "HorizontalPodAutoscaler" ? "HPA" : e.regarding.kind;
    say(e.at.observed, fmt::format("{} {}", kind == "Pod" ? "pod" : kind, e.regarding.name),
        fmt::format("{}: {}{}", e.reason, e.message, e.count > 1 ? fmt::format(" ({} times)", e.count) : ""),
        warning ? Ink::yellow : Ink::dim);
  }

  /// Of a text that is looked for, as long as the lines are kept and not only counted; once, however many texts a line
  /// holds: their records follow each other.
  void operator()(const LogLine& l) {
    const auto when = l.timestamp ? l.timestamp->time_since_epoch() : l.observed;
    const std::string key = fmt::format("{}/{}/{} {}", l.ns, l.pod, l.container, when.count());
    if (l.line.empty() || n.last_log_ == key) return;
    n.last_log_ = key;
    say(l.observed, "pod " + l.pod, fmt::format("logs ({}): {}", l.container, l.line));
  }

  void operator()(const WatchState& w) {
    const std::string key = w.resource + " " + w.ns + " " + w.hpa;
    const auto known = n.seen_.find(key);
    const bool well = w.kind == WatchState::Kind::synced;
    const bool changed = known == n.seen_.end() ? !well : known->second != w.kind;
    n.seen_[key] = w.kind;
    if (!changed) return;
    if (well) return say(w.at, w.resource, "can be seen again", Ink::green);
    say(w.at, w.resource, "cannot be seen: " + w.message, Ink::yellow);
  }

  template <class Other>
  void operator()(const Other&) {}
};

std::vector<Told> Narrator::tell(const Record& record) {
  Teller teller{*this, {}};
  std::visit(teller, record);
  return std::move(teller.told);
}

std::vector<Told> Narrator::begin(RunTime now) {
  begun_ = true;
  std::vector<Told> out;
  for (const auto& [key, hpa] : hpas_) {
    bands_[key] = band_of(hpa);
    out.push_back({now, "HPA " + hpa.name, Teller::standing(hpa), Ink::bold});
    for (const auto& c : hpa.conditions) {
      if (is_bad(c))
        out.push_back({now, "HPA " + hpa.name, fmt::format("{} {}: {}", c.type, c.reason, c.message), Ink::yellow});
    }
  }
  for (const auto& [key, kind] : seen_) {
    if (kind != WatchState::Kind::synced) {
      out.push_back({now, key.substr(0, key.find(' ')), "cannot be seen", Ink::yellow});
    }
  }
  return out;
}

std::string told_line(const Told& told, const std::string& clock, int width, bool colour) {
  const std::string lead = clock + "  ";
  const std::string subject = cleaned(told.subject);
  // A long name stands in full: the text moves along, and wraps below the subject's column.
  const int column = columns(lead) + kSubjectWidth + 1;
  std::string out = lead + (columns(subject) > kSubjectWidth ? subject + " " : padded(subject, kSubjectWidth) + " ");
  const int begin = columns(out);
  std::string text = cleaned(told.text);
  const int room = std::max(20, width - std::max(begin, column));
  bool first = true;
  for (const auto& part : wrapped(text, room)) {
    if (!first) out += "\n" + std::string(static_cast<std::size_t>(std::max(begin, column)), ' ');
    out += painted(part, told.ink, colour);
    first = false;
  }
  return out;
}

}  // namespace surgeproof::reports
