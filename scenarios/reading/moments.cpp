#include "scenarios/reading/moments.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/duration.h"
#include "scenarios/surges.h"

namespace surgeproof::reading {
namespace {

using std::chrono::nanoseconds;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> views(const std::vector<std::string>& names, std::span<const std::string_view> more) {
  std::vector<std::string_view> all{names.begin(), names.end()};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// "scaling" of "scaling 2"; anything else as it is.
std::string_view phase_kind(std::string_view name) {
  const auto blank = name.rfind(' ');
  if (blank == std::string_view::npos) return name;
  const auto digits = name.substr(blank + 1);
  const bool is_ordinal = !digits.empty() && digits.size() < 6 && digits.front() != '0' &&
                          digits.find_first_not_of("0123456789") == std::string_view::npos;
  return is_ordinal ? name.substr(0, blank) : name;
}

/// 2 of "scaling 2"; 0 without a number.
std::size_t ordinal_of(std::string_view name) {
  const auto kind = phase_kind(name);
  return kind.size() == name.size() ? 0 : std::stoul(std::string{name.substr(kind.size() + 1)});
}

/// The offset after the '+', scaled as the plan is. Empty after a diagnostic.
std::optional<nanoseconds> read_offset(Reading& reading, const Value& v, std::string_view text) {
  auto offset = read_duration(text, Zero::allowed);
  if (!offset) {
    reading.error(v, "the offset: " + offset.error().message, offset.error().hint);
    return std::nullopt;
  }
  const double scaled = static_cast<double>(offset->count()) * reading.options().time_scale;
  return nanoseconds{static_cast<std::int64_t>(std::min(scaled, 9e18))};
}

constexpr std::string_view kActionWord = "action ";

/// "action provoke" or "action provoke + 10s"; a name may hold a plus itself.
std::optional<PlanInstant> read_action_instant(Reading& reading, const Value& v, const Reading::Text& t,
                                               const Named& named) {
  const auto text = ascii::trim(std::string_view{t.value}.substr(kActionWord.size()));
  if (contains(named.actions, text)) return PlanInstant{{}, {}, std::string{text}};
  const auto plus = text.rfind('+');
  const auto name = ascii::trim(text.substr(0, plus));
  if (!contains(named.actions, name)) {
    if (named.actions.empty() && named.actions_sound) {
      reading.error(v, "names an action, and the scenario has none", "add actions: [{name: …, at: …, restart: …}]");
    } else if (named.actions_sound) {
      const bool as_written = v.node->scalar == t.value;
      reading.error_unknown(v.place(), v.path, "action", as_written ? name : t.shown, views(named.actions, {}));
    }
    return std::nullopt;
  }
  const auto offset = read_offset(reading, v, ascii::trim(text.substr(plus + 1)));
  if (!offset) return std::nullopt;
  if (reading.options().time_scale != 1) {
    reading.edit(v, fmt::format("action {} + {}", name, format_duration_exact(*offset)));
  }
  return PlanInstant{{}, *offset, std::string{name}};
}

nanoseconds begin_of(const Scenario& scenario, std::string_view stage) {
  nanoseconds at{0};
  for (const auto& s : scenario.load.stages) {
    if (s.name == stage) return at;
    at += s.duration;
  }
  return nanoseconds{0};
}

nanoseconds plan_end(const Scenario& scenario) {
  nanoseconds at{0};
  for (const auto& s : scenario.load.stages) at += s.duration;
  return at;
}

}  // namespace

std::optional<PlanInstant> read_instant(Reading& reading, const Value& v, const Scenario& scenario,
                                        const Named& named) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t) return std::nullopt;
  const std::string_view text{t->value};
  if (contains(named.stages, text)) return PlanInstant{std::string{text}, {}};
  if (text == "start") return PlanInstant{};
  if (text.starts_with(kActionWord)) return read_action_instant(reading, v, *t, named);
  const auto plus = text.rfind('+');
  const auto name = ascii::trim(text.substr(0, plus));
  PlanInstant instant;
  if (name != "start") {
    if (!contains(named.stages, name)) {
      constexpr std::string_view kStart[] = {"start"};
      const bool is_duration = parse_duration(name).has_value();
      if (is_duration) {
        reading.error(v, "is a duration, not an instant", fmt::format("write start + {}", t->shown));
      } else if (named.stages_sound) {
        const bool as_written = v.node->scalar == t->value;
        reading.error_unknown(v.place(), v.path, "stage", as_written ? name : t->shown, views(named.stages, kStart));
      }
      return std::nullopt;
    }
    instant.stage = name;
  }
  if (plus == std::string_view::npos) return instant;
  const auto offset = read_offset(reading, v, ascii::trim(text.substr(plus + 1)));
  if (!offset) return std::nullopt;
  instant.offset = *offset;
  if (named.times_sound && begin_of(scenario, instant.stage) + instant.offset >= plan_end(scenario)) {
    reading.error(v, "lies at or after the end of the load plan");
  }
  if (reading.options().time_scale != 1) {
    const auto stage = instant.stage.empty() ? std::string{"start"} : instant.stage;
    reading.edit(v, fmt::format("{} + {}", stage, format_duration_exact(instant.offset)));
  }
  return instant;
}

During read_during(Reading& reading, const Value& v, const Scenario& scenario, const Named& named) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t || t->value == "all") return {};
  if (contains(named.stages, t->value)) return {During::Kind::stage, t->value};
  const std::string_view kind = phase_kind(t->value);
  if (std::find(std::begin(kPhases), std::end(kPhases), kind) != std::end(kPhases)) {
    const auto surges = surges_of(scenario.load).size();
    if (named.times_sound && named.stages_sound && ordinal_of(t->value) > surges) {
      reading.error(v, fmt::format("\"{}\": the plan has {} {}", t->shown, surges, surges == 1 ? "surge" : "surges"),
                    fmt::format("write {}, or {} {} at most", kind, kind, surges));
    }
    if (scenario.watch.empty() && named.watch_sound) {
      reading.error(v, fmt::format("the phase \"{}\" is detected from an HPA, and none is watched", t->value),
                    "add watch: {hpa: NAME}, or name a stage or all");
    }
    return {During::Kind::phase, t->value};
  }
  if (named.stages_sound) {
    std::vector<std::string_view> words{std::begin(kPhases), std::end(kPhases)};
    words.emplace_back("all");
    reading.error_unknown(v.place(), v.path, "stage or phase", t->shown, views(named.stages, words));
  }
  return {};
}

}  // namespace surgeproof::reading
