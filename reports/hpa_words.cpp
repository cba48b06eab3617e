#include "reports/hpa_words.h"

#include <fmt/format.h>

namespace surgeproof::reports {

MetricStanding standing_of(const HpaMetric& m) {
  MetricStanding s{m.container.empty() ? m.name : m.container + "/" + m.name, "unknown", {}, {}};
  const auto fill = [&](auto current, auto target, auto words) {
    s.target = words(*target);
    if (!current) return;
    s.value = words(*current);
    if (*target > 0) s.ratio = static_cast<double>(*current) / static_cast<double>(*target);
  };
  const auto percent = [](int p) { return fmt::format("{} %", p); };
  const auto number = [](std::int64_t milli) { return fmt::format("{:.4g}", static_cast<double>(milli) / 1000); };
  if (m.target_utilization_percent) {
    fill(m.current_utilization_percent, m.target_utilization_percent, percent);
  } else if (m.target_average_milli) {
    fill(m.current_average_milli, m.target_average_milli, number);
  } else if (m.target_value_milli) {
    fill(m.current_value_milli, m.target_value_milli, number);
  }
  return s;
}

std::string metrics_words(const HpaSample& h) {
  std::string text;
  for (const auto& m : h.metrics) {
    const auto s = standing_of(m);
    text += (text.empty() ? "" : ", ") + s.name;
    if (!s.target.empty()) text += fmt::format(" {} of {}", s.value, s.target);
  }
  return text;
}

bool is_bad(const Condition& c) {
  return c.type == "ScalingLimited" ? c.status == "True" && c.reason == "TooManyReplicas" : c.status == "False";
}

std::string trouble_of(const PodSample& p) {
  for (const auto& c : p.containers) {
    const bool passing = c.reason.empty() || c.reason == "ContainerCreating" || c.reason == "PodInitializing" ||
                         c.reason == "Completed" || c.state == "running";
    if (!passing) return fmt::format("{} ({})", c.reason, c.name);
  }
  return p.scheduling_message;
}

}  // namespace surgeproof::reports
