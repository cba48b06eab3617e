#include "scenarios/draft/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"

namespace surgeproof {
namespace {

using std::chrono::seconds;

std::string rate_text(double per_second) { return fmt::format("{:.6g}/s", per_second); }
std::string time_text(seconds s) { return format_duration_exact(s); }

/// In double quotes, as JSON and YAML both read it.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ') out += c;
  }
  return out + "\"";
}

/// Comment lines of at most 88 columns.
std::string comment(std::string_view text, std::string_view indent = "") {
  std::string out;
  std::string line;
  const auto flush = [&] { out += fmt::format("{}# {}\n", indent, line), line.clear(); };
  std::size_t at = 0;
  while (at < text.size()) {
    const auto blank = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, blank - at);
    if (!line.empty() && indent.size() + line.size() + word.size() + 3 > 88) flush();
    line += (line.empty() ? "" : " ") + std::string{word};
    at = blank + 1;
  }
  if (!line.empty()) flush();
  return out;
}

std::string metric_text(const HpaMetric& m) {
  const std::string name = m.container.empty() ? m.name : m.container + "/" + m.name;
  if (m.target_utilization_percent) return fmt::format("{} % {}", *m.target_utilization_percent, name);
  const auto milli = m.target_average_milli.value_or(m.target_value_milli.value_or(0));
  return fmt::format("{:.6g} {}", static_cast<double>(milli) / 1000, name);
}

std::string facts(const DraftInput& in, const DraftPlan& plan) {
  const auto& w = in.workload;
  std::string metrics;
  for (const auto& m : w.hpa->metrics) metrics += (metrics.empty() ? "" : ", ") + metric_text(m);
  std::string text =
      comment(fmt::format("HPA {}/{}: {} to {} replicas of {}/{}{}.", w.ns, w.name, plan.min, plan.max,
                          w.hpa->target.kind, w.hpa->target.name, metrics.empty() ? "" : ", target " + metrics));
  if (!w.pod_template) return text;
  for (const auto& c : w.pod_template->containers) {
    if (c.role == ContainerSpec::Role::init) continue;
    const auto cpu = [](const std::optional<std::int64_t>& m) { return m ? fmt::format("{}m", *m) : "none"; };
    text += comment(fmt::format(
        "Container {}: CPU request {}, limit {}; {}{}.", c.name, cpu(c.cpu_request_milli), cpu(c.cpu_limit_milli),
        c.readiness ? fmt::format("readiness probe every {}", time_text(c.readiness->period)) : "no readiness probe",
        c.prestop && c.prestop->sleep ? fmt::format(", preStop sleeps {}", time_text(*c.prestop->sleep))
        : c.prestop                   ? ", preStop hook"
                                      : ", no preStop hook"));
  }
  return text;
}

std::string rate_comment(const DraftInput& in, const DraftPlan& plan) {
  std::string text = comment(
      fmt::format("Rates: one pod at the HPA's target carries about {} ({}). The surge needs {} pods: more than {} of "
                  "them carry at their target; the calm stages leave {} pod{} at half of theirs.",
                  rate_text(in.rate.at_target_per_second), in.rate.words, plan.max, std::max(plan.max - 1, plan.min),
                  plan.min, plan.min == 1 ? "" : "s"),
      "  ");
  if (in.rate.source == PodRate::Source::assumed) {
    text += comment(
        "This figure is a guess. Try with --load-scale 2, 4, 8 … until the HPA reaches its maximum, or write again "
        "with --rate-per-pod.",
        "  ");
  }
  return text;
}

}  // namespace

std::string draft_scenario(const DraftInput& in) {
  const auto plan = plan_draft(in);
  const auto& w = in.workload;
  std::string text = "# yaml-language-server: $schema=./schema.json\n";
  text += comment("Written by surgeproof init from what stands in the cluster; change what you know better.");
  text += facts(in, plan);
  text += comment("  surgeproof check FILE      the plan");
  text += comment("  surgeproof preflight FILE  can it pass at all?");
  text += comment("  surgeproof run FILE        send the load and judge");
  text += fmt::format("name: {}\ntarget: {}\n", quoted(w.name + " surge"), quoted(in.url));
  if (!in.context.empty()) text += fmt::format("cluster: {{context: {}}}\n", quoted(in.context));
  text += fmt::format("watch:\n  - {{namespace: {}, hpa: {}}}\n", quoted(w.ns), quoted(w.name));
  text += comment("Kept-alive connections stay with their pod; short-lived ones find the new pods.");
  // As many as the highest rate needs at the latency limit of a second (Little's law).
  const int connections = static_cast<int>(std::clamp(plan.high_per_second, 512.0, 50'000.0));
  text += fmt::format("connections: {{max: {}, max_age: 10s, re_resolve: 10s}}\n", connections);
  text += comment("What users do most. Several kinds: {name: …, weight: …, get: …}.");
  text += "requests:\n  - {name: page, get: /}\n";
  text += "load:\n" + rate_comment(in, plan);
  text += fmt::format("  - {{name: baseline, hold: {}, for: {}}}\n", rate_text(plan.low_per_second),
                      time_text(plan.baseline));
  text +=
      fmt::format("  - {{name: surge, ramp: {}, over: {}}}\n", rate_text(plan.high_per_second), time_text(plan.ramp));
  text += fmt::format("  - {{name: peak, hold: {}, for: {}}}\n", rate_text(plan.high_per_second), time_text(plan.peak));
  text += fmt::format("  - {{name: calm, hold: {}, for: {}}}\n", rate_text(plan.low_per_second), time_text(plan.calm));
  text += "criteria:\n";
  if (plan.max > plan.min) {
    text += comment(
        "The metric shows the load, the HPA decides (more than once, if one step is not enough), pods start.", "  ");
    text +=
        fmt::format("  - scale_up: {{to: {}, within: {}, from: surge}}\n", plan.max, time_text(plan.scale_up_within));
    text += "  - latency: {p99: 1s, during: scaling}\n";
    text += comment(
        fmt::format("Not before the stabilization window of {} is over.", time_text(plan.scale_down_not_before)), "  ");
    text += fmt::format("  - scale_down: {{to: {}, {}within: {}, from: calm}}\n", plan.min,
                        plan.scale_down_not_before.count() > 0
                            ? fmt::format("not_before: {}, ", time_text(plan.scale_down_not_before))
                            : "",
                        time_text(plan.scale_down_within));
  } else {
    text += comment("Minimum and maximum are equal: this HPA cannot scale, only its latency can be judged.", "  ");
    text += "  - latency: {p99: 1s}\n";
  }
  text += "  - dropped_requests: 0\n";
  text += fmt::format("  - replicas: {{min: {}, max: {}}}\n", plan.min, plan.max);
  return text;
}

}  // namespace surgeproof
