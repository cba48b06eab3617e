#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "analyzers/preflight/rules.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/settings.h"

namespace surgeproof::rules {

Bench::Bench(const Scenario& all, const Workload& looked_at) : scenario{all}, w{looked_at} {
  if (!w.hpa) return;
  boost::system::error_code ec;
  const auto text = boost::json::parse(w.hpa->spec_json, ec);
  if (!ec) spec = hpa::autoscaler_from_json(boost::json::object{{"spec", text}}).spec;
}

void Bench::add(Check::Level level, std::string id, std::string sentence, std::string remedy) {
  checks.push_back(
      {fmt::format("HPA {}/{}", w.ns, w.name), std::move(id), level, std::move(sentence), std::move(remedy)});
}

void Bench::unseen(std::string id, const UnseenPart& part, std::string_view what, std::string_view lost) {
  add(Check::Level::note, std::move(id), fmt::format("{} could not be read ({}): {}", what, part.why, lost),
      part.forbidden ? "surgeproof print-rbac --preflight --nodes prints the Role for it" : "");
}

bool Bench::judges_drops() const {
  return std::ranges::any_of(
      scenario.criteria, [](const Criterion& c) { return std::holds_alternative<DroppedRequestsCriterion>(c.rule); });
}

int Bench::wanted_replicas() const {
  int wanted = 0;
  for (const auto* rule : criteria<ScaleUpCriterion>()) wanted = std::max(wanted, rule->to);
  return wanted > 0 ? wanted : spec.max_replicas;
}

int Bench::pods_now() const {
  return static_cast<int>(std::ranges::count_if(w.pods, [](const PodSample& p) {
    return !p.deletion_requested && p.phase != "Succeeded" && p.phase != "Failed";
  }));
}

std::chrono::seconds Bench::scale_down_window() const {
  const auto& behavior = spec.behavior;
  const auto set = behavior && behavior->scale_down ? behavior->scale_down->stabilization_window_seconds : std::nullopt;
  if (set) return std::chrono::seconds{*set};
  return std::chrono::duration_cast<std::chrono::seconds>(hpa::Settings{}.downscale_stabilization);
}

std::string Bench::target() const { return w.hpa ? w.hpa->target.kind + "/" + w.hpa->target.name : std::string{}; }

std::string cpu_text(std::int64_t milli) {
  return milli % 1000 == 0 ? fmt::format("{}", milli / 1000) : fmt::format("{}m", milli);
}

std::string memory_text(std::int64_t bytes) {
  constexpr std::int64_t kMi = 1 << 20;
  if (bytes >= 1024 * kMi) return fmt::format("{:.3g}Gi", static_cast<double>(bytes) / (1024 * kMi));
  return bytes >= kMi ? fmt::format("{:.3g}Mi", static_cast<double>(bytes) / kMi) : fmt::format("{}", bytes);
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 4;
  std::string text;
  const auto shown = std::min(names.size(), kMost);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + names[i];
  }
  return names.size() > kMost ? fmt::format("{} and {} more", text, names.size() - kMost) : text;
}

}  // namespace surgeproof::rules
