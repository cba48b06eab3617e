#include "analyzers/causes/safe_prestop.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

constexpr std::chrono::seconds kMargin{1};

}  // namespace

PrestopMeter::PrestopMeter(const Timeline& timeline) : timeline_(timeline) {
  for (const PodLife& pod : timeline.pods) {
    if (!pod.deletion_requested) continue;
    const RunTime at = pod.deletion_requested->observed;
    const bool under_load =
        timeline.load_started && at >= *timeline.load_started && at <= timeline.load_finished.value_or(timeline.end);
    if (!under_load) continue;
    Deleted& d = deleted_[pod.name];
    d.pod = &pod;
    if (pod.last_request && *pod.last_request > at) d.last_arrival = pod.last_request;
  }
}

void PrestopMeter::note(const RequestFailure& f, const DropCause& cause) {
  const auto it = deleted_.find(cause.pod);
  if (it == deleted_.end()) return;
  const bool of_the_end = cause.code == "termination_race" || cause.code == "keep_alive_reset";
  if (!of_the_end) return;
  const RunTime arrival = f.sent.value_or(f.ended);
  if (arrival < it->second.pod->deletion_requested->observed) return;
  it->second.last_arrival = std::max(it->second.last_arrival.value_or(arrival), arrival);
}

std::optional<SafePrestop> PrestopMeter::result() const {
  const Deleted* latest = nullptr;
  const auto after = [](const Deleted& d) { return *d.last_arrival - d.pod->deletion_requested->observed; };
  SafePrestop safe;
  bool pods_are_told = std::any_of(timeline_.pods.begin(), timeline_.pods.end(),
                                   [](const PodLife& p) { return p.last_request.has_value(); });
  for (const auto& [name, d] : deleted_) {
    ++safe.pods;
    if (d.last_arrival && (!latest || after(d) > after(*latest))) latest = &d;
  }
  if (safe.pods == 0 || (!latest && !pods_are_told)) return std::nullopt;
  const std::string of_pods = plural(static_cast<std::uint64_t>(safe.pods), "deleted pod");
  if (!latest) {
    safe.sleep = kMargin;
    safe.sentence = fmt::format("no request arrived at any of {} after its deletion", of_pods);
    return safe;
  }
  safe.latest = after(*latest);
  safe.pod = latest->pod->name;
  safe.sleep = std::chrono::ceil<std::chrono::seconds>(safe.latest) + kMargin;
  const auto& end = latest->pod->terminated;
  safe.at_least = end && *latest->last_arrival + kMargin >= end->observed;
  safe.sentence =
      fmt::format("the last request arrived {} after its pod's deletion (pod {}, of {}): ",
                  format_duration(safe.latest), safe.pod, of_pods) +
      (safe.at_least ? fmt::format("as long as the pod lived, so a preStop of more than {} is needed, or connections "
                                   "that are closed in good order",
                                   format_duration(safe.sleep))
                     : fmt::format("the smallest safe preStop is {}", format_duration(safe.sleep)));
  return safe;
}

}  // namespace surgeproof
