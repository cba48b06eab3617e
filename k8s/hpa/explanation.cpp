#include "k8s/hpa/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/hpa/case_answer.h"
#include "k8s/hpa/explain.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostEvents = 8;

std::string title_of(const World& world, WallTime now) {
  const Autoscaler& hpa = world.hpa;
  return fmt::format("HPA {}/{} ({}/{}, {} to {} replicas) at {}", hpa.ns, hpa.name, hpa.spec.target.kind,
                     hpa.spec.target.name, hpa.spec.min_replicas.value_or(1), hpa.spec.max_replicas,
                     format_rfc3339(now, 0));
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& text : list) out.emplace_back(text);
  return out;
}

std::string table(const Comparison& comparison) {
  std::size_t first = 0;
  std::size_t second = 5;
  for (const ComparedLine& l : comparison.lines) {
    first = std::max(first, l.what.size());
    second = std::max(second, l.model.size());
  }
  std::string out = fmt::format("  {:{}}  {:{}}  {}\n", "", first, "model", second, "controller");
  for (const ComparedLine& l : comparison.lines) {
    out += fmt::format("  {:{}}  {:{}}  {}{}\n", l.what, first, l.model, second, l.controller,
                       l.equal ? "" : "   <- differs");
  }
  return out;
}

std::string section(std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string out = fmt::format("\n{}\n", heading);
  for (const auto& line : lines) out += fmt::format("  {}\n", line);
  return out;
}

}  // namespace

Explanation explain_snapshot(const Snapshot& snapshot, const Settings& settings) {
  const World& world = snapshot.world;
  Controller controller(settings, snapshot.memory);
  Explanation out;
  out.title = title_of(world, snapshot.now);
  out.decision = controller.sync(world, snapshot.now);
  out.steps = explain(out.decision, world);
  out.comparison = compare(out.decision, world, world.hpa.status, settings, snapshot.now);
  for (const AutoscalerCondition& c : world.hpa.status.conditions) {
    out.said.push_back(fmt::format("{}={} {}: {}", c.type, c.status, c.reason, c.message));
  }
  const std::size_t skipped = snapshot.events.size() - std::min(snapshot.events.size(), kMostEvents);
  out.events.assign(snapshot.events.begin() + static_cast<std::ptrdiff_t>(skipped), snapshot.events.end());
  out.remarks = snapshot.remarks;
  return out;
}

std::string explanation_text(const Explanation& e) {
  std::string out = e.title + "\n";
  out += section("Recomputed", e.steps);
  out += "\nBeside what the controller says\n" + table(e.comparison);
  if (!e.comparison.likely_reason.empty()) {
    const bool differs = std::ranges::any_of(e.comparison.lines, [](const ComparedLine& l) { return !l.equal; });
    out += fmt::format("  {}: {}.\n", differs ? "Most likely" : "Note", e.comparison.likely_reason);
  }
  out += section("The controller's words", e.said);
  out += section("Its last events", e.events);
  out += section("Assumed", e.remarks);
  return out;
}

json::object to_json(const Explanation& e) {
  json::array comparison;
  for (const ComparedLine& l : e.comparison.lines) {
    comparison.push_back({{"what", l.what}, {"model", l.model}, {"controller", l.controller}, {"equal", l.equal}});
  }
  json::object out{{"title", e.title},
                   {"steps", texts(e.steps)},
                   {"answer", answer_of(e.decision)},
                   {"comparison", std::move(comparison)},
                   {"same_count", e.comparison.same_count},
                   {"likely_reason", e.comparison.likely_reason},
                   {"said", texts(e.said)},
                   {"events", texts(e.events)},
                   {"remarks", texts(e.remarks)}};
  return out;
}

}  // namespace surgeproof::hpa
