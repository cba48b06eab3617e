#include "tests/reports/hostile_report.h"

#include "tests/reports/surge_run.h"

namespace surgeproof::reports {
namespace {

class Spoiler {
 public:
  explicit Spoiler(int repeat) : repeat_{repeat} {}

  void operator()(std::string& text) const {
    std::string spoilt = hostile(text);
    for (int i = 1; i < repeat_; ++i) spoilt += hostile(text);
    text = std::move(spoilt);
  }
  void operator()(std::vector<std::string>& texts) const {
    for (auto& t : texts) (*this)(t);
  }
  void operator()(Cause& c) const {
    (*this)(c.code);
    (*this)(c.sentence);
    (*this)(c.remedy);
    (*this)(c.evidence);
  }
  void operator()(FindingLine& line) const {
    Finding& f = line.finding;
    for (auto* text : {&f.id, &f.title, &f.reason, &f.sentence, &f.observed, &f.limit, &f.margin, &f.unit})
      (*this)(*text);
    for (auto& c : f.causes) (*this)(c);
  }
  void operator()(SpanSummary& s) const {
    (*this)(s.span.name);
    (*this)(s.span.detail);
    for (auto& r : s.replicas) (*this)(r.hpa);
  }
  void operator()(HpaReport& h) const {
    for (auto* text : {&h.ns, &h.name, &h.target, &h.scores_text, &h.demand_from}) (*this)(*text);
    for (auto& m : h.metrics) (*this)(m.name);
    for (auto& p : h.pods) {
      (*this)(p.name);
      (*this)(p.node);
      for (auto& t : p.ticks) (*this)(t.text);
    }
    for (auto& p : h.paths) {
      (*this)(p.title);
      (*this)(p.sentence);
      (*this)(p.unseen);
      for (auto& s : p.stages) {
        for (auto* text : {&s.name, &s.evidence, &s.remedy}) (*this)(*text);
      }
      for (auto& pod : p.pods) (*this)(pod.pod);
    }
    for (auto& row : h.decisions.rows) {
      (*this)(row.text);
      (*this)(row.steps);
    }
  }
  void operator()(DropSection& d) const {
    (*this)(d.prestop);
    (*this)(d.lost_here);
    for (auto& c : d.causes) {
      for (auto* text : {&c.code, &c.sentence, &c.remedy}) (*this)(*text);
      for (auto& p : c.pods) {
        for (auto* text : {&p.pod, &p.node, &p.example, &p.bursts}) (*this)(*text);
      }
    }
  }

 private:
  int repeat_;
};

}  // namespace

std::string hostile(const std::string& text) {
  return text +
         "\"'<script>alert(1)</script>&\n::error::x\r\t\x01\x1b[31m\xff\xe2\x80\xae|`]]>*_@you,%0A{x}\\<!channel>";
}

Report hostile_report(int repeat) {
  Report r = with_decisions(report_of(surge_run()));
  const Spoiler spoil(repeat);
  for (auto* text : {&r.name, &r.scenario_file, &r.target, &r.headline, &r.scenario_text}) spoil(*text);
  for (auto* lines : {&r.criteria, &r.health}) {
    for (auto& line : *lines) spoil(line);
  }
  for (auto& line : r.criteria) line.finding.line = 7;
  for (auto& c : r.causes) spoil(c);
  for (auto* spans : {&r.stages, &r.phases}) {
    for (auto& s : *spans) spoil(s.name);
  }
  spoil(r.total);
  for (auto* sums : {&r.by_phase, &r.by_stage}) {
    for (auto& s : *sums) spoil(s);
  }
  for (auto& h : r.hpas) spoil(h);
  for (auto& l : r.log) {
    for (auto* text : {&l.object, &l.reason, &l.message}) spoil(*text);
  }
  for (auto& g : r.gaps) {
    spoil(g.resource);
    spoil(g.why);
  }
  for (auto& f : r.failures) spoil(f.example);
  spoil(r.drops);
  for (auto& f : r.failure_examples) {
    for (auto* text : {&f.request, &f.stage, &f.peer, &f.pod, &f.text}) spoil(*text);
  }
  for (auto& p : r.peers) {
    spoil(p.peer);
    spoil(p.pod);
  }
  std::map<std::string, std::string> environment;
  for (const auto& [key, value] : r.environment) environment.emplace(hostile(key), hostile(value));
  r.environment = std::move(environment);
  spoil(r.notes);
  return r;
}

}  // namespace surgeproof::reports
