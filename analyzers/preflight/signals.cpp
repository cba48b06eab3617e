#include "analyzers/preflight/signals.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

using Level = Check::Level;
using Outcome = SignalAsked::Outcome;

class SignalRules {
 public:
  SignalRules(const Scenario& scenario, const SignalAsked& asked) : s_{scenario}, a_{asked} {}

  Check look() {
    switch (a_.outcome) {
      case Outcome::wrong_query:
        return line(Level::failure, "the run refuses its query: " + a_.words, "mend its query");
      case Outcome::no_series:
        return line(judged() ? Level::warning : Level::note, "its query gives no series now" + lost(),
                    judged()
                        ? "are the metric's name and labels right, and is it scraped? A counter that begins with its "
                          "first event needs: … or vector(0)"
                        : "");
      case Outcome::no_number:
        return line(judged() ? Level::warning : Level::note, a_.words + lost(),
                    judged() ? "a quotient without traffic is NaN, and may be a number under load" : "");
      case Outcome::value:
        break;
    }
    return of_value();
  }

 private:
  Check line(Level level, std::string sentence, std::string remedy) {
    return {"Signals", a_.name, level, std::move(sentence), std::move(remedy)};
  }

  template <class Rule, class F>
  void each(F&& f) const {
    for (const Criterion& c : s_.criteria) {
      const auto* rule = std::get_if<Rule>(&c.rule);
      if (rule != nullptr && rule->signal == a_.name) f(*rule);
    }
  }

  bool judged() const {
    bool found = false;
    each<SignalCriterion>([&](const auto&) { found = true; });
    each<EventuallyCriterion>([&](const auto&) { found = true; });
    return found;
  }

  std::string lost() const { return judged() ? ": criteria about it are inconclusive until it does" : ""; }

  Check of_value() {
    std::string against;
    std::string shown = format_value({a_.value, ValueUnit::none});
    const auto stands = [&](bool beyond, const SignalValue& limit, std::string_view words) {
      shown = format_value({a_.value, limit.unit});
      if (beyond && against.empty()) against = fmt::format(", {} {}", words, format_value(limit));
    };
    each<SignalCriterion>([&](const SignalCriterion& rule) {
      if (rule.max) stands(a_.value > rule.max->value, *rule.max, "above the criterion's maximum of");
      if (rule.min) stands(a_.value < rule.min->value, *rule.min, "below the criterion's minimum of");
    });
    if (!against.empty()) {
      return line(Level::warning, fmt::format("it is {} now, without the load{}", shown, against),
                  "does the query look at the right service? Else the criterion fails on what stands there before");
    }
    each<EventuallyCriterion>([&](const EventuallyCriterion& rule) {
      if (rule.above) stands(a_.value > rule.above->value, *rule.above, "already above");
      if (rule.below) stands(a_.value < rule.below->value, *rule.below, "already below");
    });
    if (against.empty()) return line(Level::ok, fmt::format("it is {} now", shown), "");
    return line(Level::warning, fmt::format("it is {} now{}: that it gets there would show nothing", shown, against),
                "a query that is not so before: of the last minute, or of the run's own requests");
  }

  const Scenario& s_;
  const SignalAsked& a_;
};

}  // namespace

Checks preflight_signals(const Scenario& scenario, const SignalsAsked& asked) {
  Checks checks;
  if (scenario.signals.empty()) return checks;
  if (asked.server.empty()) {
    checks.push_back({"Signals", "Prometheus", Level::failure, "it is not said which Prometheus knows them",
                      "add prometheus: {url: http://…:9090}, or set PROMETHEUS_URL"});
  } else if (!asked.trouble.empty()) {
    checks.push_back({"Signals", "Prometheus", Level::unseen, asked.trouble, asked.remedy});
  }
  for (const SignalAsked& signal : asked.signals) checks.push_back(SignalRules{scenario, signal}.look());
  return checks;
}

}  // namespace surgeproof
