#include "scenarios/reading/observed_criteria.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/hpa/selector.h"
#include "scenarios/reading/moments.h"
#include "scenarios/reading/rewrite.h"

namespace surgeproof::reading {
namespace {

struct Context {
  Reading& reading;
  const Scenario& scenario;
  const Named& named;
};

/// Whether there is such a signal; reports when there is not.
void check_signal(const Context& c, Place place, const std::string& path, std::string_view name) {
  if (!c.named.signals_sound) return;
  std::vector<std::string_view> names;
  for (const auto& signal : c.scenario.signals) names.push_back(signal.name);
  if (std::ranges::find(names, name) != names.end()) return;
  if (names.empty()) {
    c.reading.error(place, path, fmt::format("there is no signal \"{}\"", shorten(name)),
                    fmt::format("add signals: {{{}: {{prometheus: 'QUERY'}}}}", shorten(name)));
  } else {
    c.reading.error_unknown(place, path, "signal", name, names);
  }
}

During during_of(const Context& c, const Fields& fields) {
  const auto v = fields.get("during");
  return v ? read_during(c.reading, *v, c.scenario, c.named) : During{};
}

SignalCriterion read_limits(const Context& c, const Value& v, const std::string& signal) {
  SignalCriterion out;
  out.signal = signal;
  Fields fields{c.reading, v, kSignalLimits};
  if (!fields.usable()) return out;
  if (const auto f = fields.get("min")) out.min = c.reading.signal_value(*f);
  if (const auto f = fields.get("max")) out.max = c.reading.signal_value(*f);
  if (fields.written(lists::kSignalLimits).empty())
    c.reading.error(v, "has no limit", "write min or max, as in max: 1s");
  if (!out.min || !out.max) return out;
  if (out.min->unit != out.max->unit) {
    c.reading.error(v, "min and max have different units", "write both in the same");
  } else if (out.min->value > out.max->value) {
    c.reading.error(*fields.get("min"), "is more than max", "swap them");
  }
  return out;
}

std::optional<LogText> read_log_text(Reading& reading, const Value& v) {
  const auto t = reading.text(v, Disclosure::closed);
  if (!t) return std::nullopt;
  if (t->value.contains('\n') || t->value.contains('\r')) {
    reading.error(v, "holds a line feed: a line of a log never does", "write a part of one line");
    return std::nullopt;
  }
  constexpr std::size_t kLongest = 1000;
  if (t->value.size() > kLongest) {
    reading.error(v, fmt::format("is longer than {} bytes", kLongest));
    return std::nullopt;
  }
  return LogText{t->value, redact_text(v.node->scalar), t->value != v.node->scalar};
}

/// A text, or a list of them.
std::vector<LogText> read_log_texts(Reading& reading, const Value& v) {
  std::vector<LogText> texts;
  const auto add = [&](const Value& item) {
    auto text = read_log_text(reading, item);
    if (!text) return;
    if (std::ranges::find(texts, text->shown, &LogText::shown) != texts.end()) {
      reading.error(item, "the same text stands here already");
    }
    texts.push_back(*std::move(text));
  };
  if (v.is_scalar()) {
    add(v);
  } else if (reading.expect_list(v, "texts")) {
    if (v.node->items.empty()) reading.error(v, "is empty", "name at least one text");
    for (std::size_t i = 0; i < v.node->items.size(); ++i) add(v.item(i));
  }
  return texts;
}

LogScope read_scope(const Context& c, const Fields& fields) {
  LogScope scope;
  if (const auto f = fields.get("namespace")) scope.ns = c.reading.object_name(*f).value_or("");
  if (const auto f = fields.get("pods")) {
    const auto t = c.reading.text(*f, Disclosure::open);
    const auto selector = t && !t->unresolved ? hpa::parse_selector(t->value) : hpa::Selector{};
    if (!selector) {
      c.reading.error(*f, fmt::format("\"{}\" is no label selector: {}", t->shown, selector.error()),
                      "write it as kubectl's -l takes it: \"app=backend\", \"tier in (a,b)\"");
    } else if (t) {
      scope.pods = t->value;
    }
  } else if (!fields.has("pods") && c.scenario.watch.empty() && c.named.watch_sound) {
    c.reading.error(fields.at(), "whose logs? No HPA is watched, and no pods are named", "add pods: \"app=NAME\"");
  } else if (fields.has("namespace") && !fields.has("pods")) {
    c.reading.error(*fields.get("namespace"), "has no effect without pods", "add pods: \"app=NAME\"");
  }
  return scope;
}

/// Exactly one of signal and logs, and what belongs to it.
void read_subject(const Context& c, const Fields& fields, EventuallyCriterion& out) {
  constexpr std::string_view kLimits[] = {"above", "below"};
  const auto limits = fields.written(kLimits);
  if (fields.has("signal") == fields.has("logs")) {
    c.reading.error(fields.at(), fields.has("signal") ? "names both a signal and logs" : "says nothing to wait for",
                    "write signal: NAME with above or below, or logs: TEXT");
    return;
  }
  if (const auto f = fields.get("logs")) {
    out.log = read_log_text(c.reading, *f);
    out.scope = read_scope(c, fields);
    for (const auto key : limits) c.reading.error(*fields.get(key), "belongs to a signal, not to logs", "leave it out");
    return;
  }
  for (const std::string_view key : {"pods", "namespace"}) {
    if (const auto f = fields.get(key)) c.reading.error(*f, "belongs to logs, not to a signal", "leave it out");
  }
  if (const auto f = fields.get("signal")) {
    if (const auto t = c.reading.text(*f, Disclosure::open)) {
      out.signal = t->value;
      check_signal(c, f->place(), f->path, t->value);
    }
  }
  if (limits.size() != 1) {
    c.reading.error(fields.at(), limits.empty() ? "has no limit" : "has two limits",
                    "write either above or below, as in above: 0");
  }
  if (const auto f = fields.get("above")) out.above = c.reading.signal_value(*f);
  if (const auto f = fields.get("below")) out.below = c.reading.signal_value(*f);
}

}  // namespace

std::vector<SignalCriterion> read_signal_criteria(Reading& reading, const Value& v, const Scenario& scenario,
                                                  const Named& named) {
  const Context c{reading, scenario, named};
  std::vector<SignalCriterion> out;
  if (!v.is_mapping()) {
    reading.error(v, "must be a mapping with the signal's name",
                  "as in signal: {p95_server: {max: 1s}, during: surge}");
    return out;
  }
  During during;
  for (const auto& [key, value] : v.node->entries) {
    const Value at{&value, child_path(v.path, key.scalar)};
    const Place place{key.line, key.column};
    if (value.is_null()) {
      reading.error(place, at.path, "has no value", "give it one, or leave the key out");
    } else if (key.scalar == "during") {
      during = read_during(reading, at, scenario, named);
    } else {
      check_signal(c, place, v.path, key.scalar);
      out.push_back(read_limits(c, at, key.scalar));
    }
  }
  const bool only_during = v.node->entries.size() <= 1 && v.node->find("during") != nullptr;
  if (v.node->entries.empty() || only_during) {
    reading.error(v, "names no signal", "as in signal: {p95_server: {max: 1s}, during: surge}");
  }
  for (auto& criterion : out) criterion.during = during;
  return out;
}

std::optional<LogsCriterion> read_logs_criterion(Reading& reading, const Value& v, const Scenario& scenario,
                                                 const Named& named) {
  const Context c{reading, scenario, named};
  Fields fields{reading, v, kLogs};
  if (!fields.usable()) return std::nullopt;
  LogsCriterion out;
  out.scope = read_scope(c, fields);
  if (const auto f = fields.get("absent")) out.absent = read_log_texts(reading, *f);
  if (const auto f = fields.get("present")) out.present = read_log_texts(reading, *f);
  constexpr std::string_view kTexts[] = {"absent", "present"};
  if (fields.written(kTexts).empty()) {
    reading.error(v, "looks for nothing", "write absent: [\"ERROR\"] or present: [\"ready\"]");
  }
  for (const auto& text : out.present) {
    if (std::ranges::find(out.absent, text.shown, &LogText::shown) == out.absent.end()) continue;
    reading.error(v, fmt::format("\"{}\" is to be both absent and present", shorten(text.shown)));
  }
  out.during = during_of(c, fields);
  return out;
}

std::optional<EventuallyCriterion> read_eventually_criterion(Reading& reading, const Value& v, const Scenario& scenario,
                                                             const Named& named) {
  const Context c{reading, scenario, named};
  Fields fields{reading, v, kEventually};
  if (!fields.usable()) return std::nullopt;
  EventuallyCriterion out;
  read_subject(c, fields, out);
  if (const auto f = fields.require("within", "as in within: 30s")) {
    out.within = reading.duration(*f).value_or(std::chrono::nanoseconds{0});
  }
  if (const auto f = fields.get("after")) out.after = read_instant(reading, *f, scenario, named);
  return out;
}

}  // namespace surgeproof::reading
