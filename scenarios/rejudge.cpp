#include "scenarios/rejudge.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/plan.h"
#include "scenarios/surges.h"

namespace surgeproof {
namespace {

class Check {
 public:
  Check(const Scenario& recorded, const Criterion& criterion, const Scenario& other)
      : recorded_(recorded), words_(describe(other, criterion)), line_(criterion.place.line) {}

  std::vector<std::string> complaints;

  template <class Rule>
  void operator()(const Rule& rule) {
    if constexpr (requires { rule.during; }) during(rule.during);
    if constexpr (requires { rule.from; }) {
      if (rule.from && !rule.from->stage.empty()) stage(rule.from->stage);
      if (rule.from && !rule.from->action.empty()) action(rule.from->action);
    }
    if constexpr (requires { rule.after; }) {
      if (rule.after && !rule.after->stage.empty()) stage(rule.after->stage);
    }
    if constexpr (requires { rule.request; }) request(rule.request);
    if constexpr (requires { rule.hpa; }) hpa(rule.hpa);
    if constexpr (requires { rule.signal; }) signal(rule.signal);
    if constexpr (requires { rule.absent; }) {
      for (const auto* texts : {&rule.absent, &rule.present}) {
        for (const LogText& text : *texts) log(rule.scope, text);
      }
    }
    if constexpr (requires { rule.log; }) {
      if (rule.log) log(rule.scope, *rule.log);
    }
  }

 private:
  void complain(const std::string& what) {
    complaints.push_back(fmt::format("line {}: \"{}\": {}", line_, words_, what));
  }

  void during(const During& d) {
    if (d.kind == During::Kind::stage) stage(d.name);
    const auto blank = d.name.rfind(' ');
    if (d.kind != During::Kind::phase || blank == std::string::npos) return;
    const auto surges = surges_of(recorded_.load).size();
    if (std::stoul(d.name.substr(blank + 1)) > surges) {
      complain(fmt::format("the recorded load has {} {}", surges, surges == 1 ? "surge" : "surges"));
    }
  }

  void stage(const std::string& name) {
    if (!stage_interval(recorded_, name)) complain(fmt::format("the recorded load has no stage \"{}\"", name));
  }

  void action(const std::string& name) {
    const auto& all = recorded_.actions;
    const bool known = std::any_of(all.begin(), all.end(), [&](const Action& a) { return a.name == name; });
    if (!known) complain(fmt::format("the recorded scenario has no action \"{}\"", name));
  }

  void request(const std::string& name) {
    const auto& all = recorded_.requests;
    const bool known = std::any_of(all.begin(), all.end(), [&](const RequestTemplate& r) { return r.name == name; });
    if (!name.empty() && !known) complain(fmt::format("no request \"{}\" was sent", name));
  }

  void hpa(const std::string& name) {
    const auto& all = recorded_.watch;
    if (name.empty() && all.size() == 1) return;
    const bool known = std::any_of(all.begin(), all.end(), [&](const WatchTarget& w) { return w.hpa == name; });
    if (!known)
      complain(name.empty() ? "name one of the recorded HPAs with hpa: NAME" : "HPA " + name + " was not watched");
  }

  void signal(const std::string& name) {
    if (name.empty() || std::ranges::find(recorded_.signals, name, &Signal::name) != recorded_.signals.end()) return;
    complain(fmt::format("the signal \"{}\" was not recorded", name));
  }

  void log(const LogScope& scope, const LogText& text) {
    for (const WantedLogs& wanted : wanted_logs(recorded_)) {
      const auto& texts = wanted.texts;
      if (wanted.scope == scope && std::ranges::find(texts, text.shown, &LogText::shown) != texts.end()) return;
    }
    complain(fmt::format("\"{}\" was not looked for in the logs of {}", text.shown, describe(scope)));
  }

  const Scenario& recorded_;
  std::string words_;
  int line_;
};

}  // namespace

std::expected<Scenario, std::vector<std::string>> with_criteria_of(Scenario recorded, const Scenario& other) {
  std::vector<std::string> complaints;
  for (const Criterion& c : other.criteria) {
    Check check{recorded, c, other};
    std::visit(check, c.rule);
    complaints.insert(complaints.end(), check.complaints.begin(), check.complaints.end());
  }
  if (!complaints.empty()) return std::unexpected(std::move(complaints));
  recorded.criteria = other.criteria;
  recorded.warm_up = other.warm_up;
  if (other.price) recorded.price = other.price;
  return recorded;
}

}  // namespace surgeproof
