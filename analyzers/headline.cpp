#include <fmt/format.h>

#include <algorithm>

#include "analyzers/judge.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

std::uint64_t count(const std::vector<Finding>& findings, Status status) {
  return static_cast<std::uint64_t>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.status == status; }));
}

// What else keeps a run without a broken criterion from being a proof.
const Finding* not_as_planned(const Verdict& v) {
  const auto it = std::find_if(v.health.begin(), v.health.end(), [](const Finding& f) {
    return f.status != Status::pass && (f.id.starts_with("generator ") || f.id.starts_with("action "));
  });
  return it == v.health.end() ? nullptr : &*it;
}

std::string of_criteria(std::uint64_t n, std::size_t all) {
  return n == all && all > 1 ? fmt::format("all {} criteria", all)
                             : fmt::format("{} of {} {}", n, all, all == 1 ? "criterion" : "criteria");
}

// The cause in its own words, after the verdict.
std::string with_cause(std::string text, const Verdict& v) {
  if (v.causes.empty() || v.causes.front().code == "unknown") return text;
  return text + "; " + v.causes.front().sentence;
}

}  // namespace

std::string headline(const Verdict& v) {
  const std::size_t all = v.findings.size();
  switch (v.status) {
    case Status::pass:
      return fmt::format("{} met", of_criteria(all, all));
    case Status::fail:
      return with_cause(fmt::format("{} not met", of_criteria(count(v.findings, Status::fail), all)), v);
    case Status::inconclusive:
      break;
  }
  if (all == 0) return "the scenario has no criterion to judge";
  if (!all_decided(v)) {
    const auto open = std::count_if(v.findings.begin(), v.findings.end(), [](const Finding& f) { return !f.decided; });
    return fmt::format("{} still open", of_criteria(static_cast<std::uint64_t>(open), all));
  }
  const std::uint64_t open = count(v.findings, Status::inconclusive);
  if (open > 0) {
    return with_cause(fmt::format("{} neither met nor broken", of_criteria(open, all)), v);
  }
  const Finding* reason = not_as_planned(v);
  return reason ? reason->sentence : std::string("the generator was not well");
}

}  // namespace surgeproof
