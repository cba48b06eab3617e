// The text of `surgeproof check FILE`.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/duration.h"
#include "scenarios/load_profile.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds kAssumedLatency{100};

/// 48000 as "48 000".
std::string grouped(double count) {
  auto digits = fmt::format("{:.0f}", count);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

std::string rate_words(double per_second) {
  return per_second > 0 && per_second < 0.1 ? fmt::format("{:g}/h", per_second * 3600)
                                            : fmt::format("{:g}/s", per_second);
}

std::string_view shape_name(Stage::Shape shape) {
  switch (shape) {
    case Stage::Shape::hold:
      return "hold";
    case Stage::Shape::step:
      return "step";
    case Stage::Shape::ramp:
      return "ramp";
    case Stage::Shape::pause:
      return "pause";
  }
  return {};
}

void append_stages(std::string& text, const Scenario& scenario, const LoadProfile& profile) {
  std::size_t width = 5;
  for (const auto& stage : scenario.load.stages) width = std::max(width, stage.name.size());
  width = std::min<std::size_t>(width, 40);
  text += fmt::format("\n  {:<{}}  {:<5}  {:>8}  {:>8}  {:>20}  {:>12}\n", "stage", width, "shape", "from", "to",
                      "rate", "requests");
  for (std::size_t i = 0; i < scenario.load.stages.size(); ++i) {
    const auto& stage = scenario.load.stages[i];
    const auto& s = profile.segments()[i];
    const auto rate = s.rate_begin == s.rate_end
                          ? rate_words(s.rate_end)
                          : fmt::format("{} to {}", rate_words(s.rate_begin), rate_words(s.rate_end));
    text +=
        fmt::format("  {:<{}}  {:<5}  {:>8}  {:>8}  {:>20}  {:>12}\n", stage.name, width, shape_name(stage.shape),
                    format_duration(s.begin), format_duration(s.end), rate, grouped(s.count_after - s.count_before));
  }
}

void append_requests(std::string& text, const Scenario& scenario) {
  const double total = std::accumulate(scenario.requests.begin(), scenario.requests.end(), 0.0,
                                       [](double sum, const RequestTemplate& r) { return sum + r.weight; });
  text += "\nrequests\n";
  for (const auto& request : scenario.requests) {
    const double share = total > 0 ? request.weight / total * 100 : 0;
    text += fmt::format("  {:>5.1f} %  {}{}\n", share, request.name,
                        request.name == request.shown ? "" : "  (" + request.shown + ")");
  }
}

/// "the ready pods of Service todo/backend, port http".
std::string direct_words(const DirectEndpoints& direct) {
  std::string words =
      fmt::format("the ready pods of Service {}{}", direct.ns.empty() ? "" : direct.ns + "/", direct.service);
  if (direct.port > 0) words += fmt::format(", port {}", direct.port);
  if (!direct.port_name.empty()) words += fmt::format(", port {}", direct.port_name);
  return words;
}

void append_actions(std::string& text, const Scenario& scenario) {
  if (scenario.actions.empty()) return;
  text += "\nactions (they change the cluster; --no-actions leaves them out)\n";
  for (const auto& action : scenario.actions) {
    const auto what = describe(scenario, action);
    text += fmt::format("  {:>8}  {}{}  ({})\n", format_duration(resolve(scenario, action.at)), what,
                        action.name == what ? "" : fmt::format(", \"{}\"", action.name), describe(action.at));
  }
}

void append_connections(std::string& text, const Scenario& scenario, Rate peak) {
  text += fmt::format("needed connections   {} at an assumed {} a request (Little's law: rate × latency)",
                      grouped(static_cast<double>(needed_connections(peak, kAssumedLatency))),
                      format_duration(kAssumedLatency));
  for (const auto& criterion : scenario.criteria) {
    const auto* c = std::get_if<LatencyCriterion>(&criterion.rule);
    if (c == nullptr) continue;
    text += fmt::format(", {} at the limit of {}", grouped(static_cast<double>(needed_connections(peak, c->limit))),
                        format_duration(c->limit));
    break;
  }
  text += fmt::format("; at most {} are opened\n", scenario.connections.max);
}

/// Signals, logs and the price.
void append_observed(std::string& text, const Scenario& scenario) {
  for (const auto& signal : scenario.signals) {
    text += fmt::format("signal               {}, asked every {}: {}\n", signal.name, format_duration(signal.every),
                        signal.query);
  }
  if (!scenario.signals.empty()) {
    text += fmt::format("Prometheus           {}\n",
                        scenario.prometheus.url.empty() ? "not known" : scenario.prometheus.url);
  }
  for (const auto& wanted : wanted_logs(scenario)) {
    text += fmt::format("logs read            of {}, for {} {}\n", describe(wanted.scope), wanted.texts.size(),
                        wanted.texts.size() == 1 ? "text" : "texts");
  }
  if (scenario.price) {
    text += fmt::format("price                {:g} {} an hour for each replica\n", scenario.price->per_replica_hour,
                        scenario.price->currency);
  }
}

}  // namespace

std::string plan_text(const Scenario& scenario, std::string_view file) {
  const LoadProfile profile{scenario.load.stages};
  std::string text = fmt::format("{}: {}\n", file, scenario.name);
  if (!scenario.target.empty()) text += fmt::format("target               {}\n", scenario.target);
  if (const auto& direct = scenario.connections.direct) {
    text += fmt::format("addressed            {}\n", direct_words(*direct));
  }
  for (const auto& watched : scenario.watch) {
    text += fmt::format("watched HPA          {}{}{}\n", watched.ns.empty() ? "" : watched.ns + "/", watched.hpa,
                        watched.container.empty() ? "" : fmt::format(" (container {} apart)", watched.container));
  }
  append_observed(text, scenario);
  if (scenario.load.none()) return text + "load                 none: nothing is sent, see surgeproof watch\n";
  text += fmt::format("length               {}\n", format_duration(profile.duration()));
  if (scenario.warm_up.count() > 0) {
    text += fmt::format("warm-up              the first {}, which no criterion looks at\n",
                        format_duration(scenario.warm_up));
  }
  if (const auto& closed = scenario.load.closed) {
    text += fmt::format("requests             a closed loop: each of {} connections sends when its last was answered\n",
                        closed->connections);
  } else {
    text += fmt::format("requests             {}, {}\n", grouped(profile.total()),
                        scenario.load.arrivals == Load::Arrivals::poisson ? "Poisson arrivals" : "evenly spaced");
    text += fmt::format("highest rate         {}\n", rate_words(profile.peak().per_second));
    append_connections(text, scenario, profile.peak());
    append_stages(text, scenario, profile);
  }
  append_requests(text, scenario);
  append_actions(text, scenario);
  text += "\ncriteria\n";
  if (scenario.criteria.empty()) text += "  none\n";
  for (const auto& criterion : scenario.criteria) text += fmt::format("  - {}\n", describe(scenario, criterion));
  const auto concerns = plan_concerns(scenario, file);
  if (!concerns.empty()) text += "\ndoubtful\n";
  for (const auto& concern : concerns) text += fmt::format("  - {}\n", format_diagnostic(concern));
  return text;
}

}  // namespace surgeproof
