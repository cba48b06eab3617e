// What can be written but hardly pass.
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "scenarios/load_profile.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using std::chrono::nanoseconds;

/// An HPA looks about every 15 s at metrics that are up to 15 s old, and a pod takes some seconds to be ready.
constexpr std::chrono::seconds kSwiftestScaleUp{20};
/// spec.behavior.scaleDown.stabilizationWindowSeconds, when nothing else is set.
constexpr std::chrono::minutes kDefaultStabilization{5};

class Concerns {
 public:
  Concerns(const Scenario& scenario, std::string_view file)
      : scenario_{scenario}, file_{file}, profile_{scenario.load.stages}, end_{plan_duration(scenario)} {}

  Diagnostics find() {
    if (scenario_.load.none()) return {};
    if (scenario_.criteria.empty()) add({}, "criteria", "there are none: nothing is judged", "");
    index_ = 0;
    for (const auto& criterion : scenario_.criteria) {
      place_ = criterion.place;
      std::visit([&](const auto& rule) { look(rule); }, criterion.rule);
      ++index_;
    }
    if (!scenario_.load.closed) connections();
    pinned_connections();
    requests();
    tls();
    signals();
    warm_up();
    return std::move(concerns_);
  }

 private:
  void add(Place place, std::string path, std::string message, std::string hint) {
    concerns_.push_back(
        {std::string{file_}, place.line, place.column, std::move(path), std::move(message), std::move(hint)});
  }
  void tls() {
    const TlsOptions& tls = scenario_.client.tls;
    const bool https = scenario_.target.starts_with("https://");
    const bool any = !tls.ca_file.empty() || !tls.cert_file.empty() || !tls.server_name.empty() || tls.insecure;
    if (!https && any) add({}, "client.tls", "has no effect: the target is not https", "");
    if (https && tls.insecure) {
      add({}, "client.tls.insecure", "the server's certificate is not checked: anybody on the way can answer",
          "name its authority in ca_file instead");
    }
  }
  void add_here(std::string_view kind, std::string message, std::string hint) {
    add(place_, fmt::format("criteria[{}].{}", index_, kind), std::move(message), std::move(hint));
  }

  /// A deadline at `due` on the plan, when the load ends before it.
  void deadline(std::string_view kind, nanoseconds due) {
    if (due <= end_) return;
    add_here(kind, fmt::format("its deadline is {} after the load plan's end", format_duration(due - end_)),
             fmt::format("lengthen the last stage by {}", format_duration(due - end_)));
  }

  void look(const ScaleUpCriterion& c) {
    const auto start = scale_up_start(scenario_, c);
    deadline("scale_up", start + c.within);
    if (c.within < kSwiftestScaleUp) {
      add_here("scale_up", fmt::format("{} is less than an HPA commonly needs", format_duration(c.within)),
               "it looks every 15s at metrics that are up to 15s old, then pods have to start");
    }
    if (!scenario_.load.closed && profile_.peak().per_second <= profile_.rate_at(nanoseconds{0}).per_second &&
        start == nanoseconds{0} && scenario_.load.stages.front().shape != Stage::Shape::ramp) {
      add_here("scale_up", "the load is at its highest from the very start, so that there is no baseline to scale from",
               "begin with a stage at a low rate");
    }
  }

  void look(const ScaleDownCriterion& c) {
    const auto start = scale_down_start(scenario_, c);
    deadline("scale_down", start + c.within);
    if (!scenario_.load.closed && !low_load_after(start)) {
      add_here("scale_down", "no stage after its beginning has a lower rate", "end with a stage at a low rate");
    }
    if (const auto again = scenario_.load.closed ? std::nullopt : next_surge(start, start + c.within)) {
      add_here("scale_down",
               fmt::format("the load is at its highest again {} after its beginning", format_duration(*again - start)),
               "the deadline must come before that");
    }
    if (!c.not_before && c.within < kDefaultStabilization) {
      add_here("scale_down",
               fmt::format("{} is shorter than the default stabilization window of 5m", format_duration(c.within)),
               "unless the HPA's behavior.scaleDown sets a shorter one, it cannot pass");
    }
    for (const auto& other : scenario_.criteria) {
      const auto* up = std::get_if<ScaleUpCriterion>(&other.rule);
      if (up == nullptr || up->to > c.to) continue;
      if (resolve_hpa(scenario_, up->hpa) != resolve_hpa(scenario_, c.hpa)) continue;
      add_here("scale_down", fmt::format("{} is no fewer than the {} it scales up to", c.to, up->to), "");
    }
  }

  void look(const LatencyCriterion& c) {
    if (c.limit > scenario_.client.timeout) {
      add_here("latency",
               fmt::format("its limit is above client.timeout ({}): a slower answer is a dropped request",
                           format_duration(scenario_.client.timeout)),
               "raise client.timeout");
    }
    if (!has_requests(c.during)) add_here("latency", "no request is planned during it", "");
  }
  void look(const ErrorRateCriterion& c) {
    if (!has_requests(c.during)) add_here("error_rate", "no request is planned during it", "");
  }
  void look(const DroppedRequestsCriterion& c) {
    if (!has_requests(c.during)) add_here("dropped_requests", "no request is planned during it", "");
  }
  void look(const ReplicasCriterion&) {}
  void look(const SignalCriterion& c) {
    const auto* signal = signal_named(c.signal);
    if (signal == nullptr || c.during.kind != During::Kind::stage) return;
    const auto stage = stage_interval(scenario_, c.during.name);
    if (stage && stage->length() < 2 * signal->every) {
      add_here("signal",
               fmt::format("{} lasts {}, and {} is asked every {}", c.during.name, format_duration(stage->length()),
                           c.signal, format_duration(signal->every)),
               "ask more often");
    }
  }
  void look(const LogsCriterion&) {}
  void look(const EventuallyCriterion& c) {
    deadline("eventually", (c.after ? resolve(scenario_, *c.after) : nanoseconds{0}) + c.within);
    const auto* signal = signal_named(c.signal);
    if (signal != nullptr && c.within < 2 * signal->every) {
      add_here("eventually",
               fmt::format("{} is asked every {}, too seldom to tell what happens within {}", c.signal,
                           format_duration(signal->every), format_duration(c.within)),
               fmt::format("write every: {}", format_duration_exact(c.within / 4)));
    }
  }

  [[nodiscard]] const Signal* signal_named(std::string_view name) const {
    const auto it = std::ranges::find(scenario_.signals, name, &Signal::name);
    return it == scenario_.signals.end() ? nullptr : &*it;
  }

  void signals() {
    if (scenario_.signals.empty() || !scenario_.prometheus.url.empty()) return;
    add({}, "signals", "it is not said which Prometheus knows them",
        "add prometheus: {url: http://…:9090}, or set PROMETHEUS_URL");
  }

  /// What happens within the warm-up is not looked at, but what counts from there is.
  void warm_up() {
    if (scenario_.warm_up.count() == 0) return;
    for (const auto& criterion : scenario_.criteria) {
      const auto* up = std::get_if<ScaleUpCriterion>(&criterion.rule);
      if (up == nullptr || scale_up_start(scenario_, *up) >= scenario_.warm_up) continue;
      add(criterion.place, "warm_up", "a scale-up counts from within the warm-up",
          "let the warm-up end before the surge");
      return;
    }
  }

  [[nodiscard]] bool has_requests(const During& during) const {
    if (during.kind != During::Kind::stage || scenario_.load.closed) return true;
    const auto stage = stage_interval(scenario_, during.name);
    return stage && profile_.expected_until(stage->end) - profile_.expected_until(stage->begin) >= 1;
  }

  /// A rate below the highest one somewhere after `start`.
  [[nodiscard]] bool low_load_after(nanoseconds start) const {
    const auto& segments = profile_.segments();
    return std::any_of(segments.begin(), segments.end(), [&](const LoadProfile::Segment& s) {
      return s.end > start && std::min(s.rate_begin, s.rate_end) < profile_.peak().per_second;
    });
  }

  /// When the highest rate is led to again after `start` and before `due`.
  [[nodiscard]] std::optional<nanoseconds> next_surge(nanoseconds start, nanoseconds due) const {
    for (const auto& s : profile_.segments()) {
      if (s.begin > start && s.begin < due && s.rate_end >= profile_.peak().per_second) return s.begin;
    }
    return std::nullopt;
  }

  void connections() {
    const LatencyCriterion* strictest = nullptr;
    for (const auto& criterion : scenario_.criteria) {
      const auto* c = std::get_if<LatencyCriterion>(&criterion.rule);
      if (c != nullptr && (strictest == nullptr || c->limit < strictest->limit)) strictest = c;
    }
    if (strictest == nullptr) return;
    const auto needed = needed_connections(profile_.peak(), strictest->limit);
    if (needed <= scenario_.connections.max) return;
    add({}, "connections.max",
        fmt::format("{} connections carry {:g}/s only up to {} a request; at the latency limit of {} it takes {}",
                    scenario_.connections.max, profile_.peak().per_second,
                    format_duration(nanoseconds{
                        static_cast<std::int64_t>(1e9 * scenario_.connections.max / profile_.peak().per_second)}),
                    format_duration(strictest->limit), needed),
        fmt::format("set connections: {{max: {}}}, or the generator will hold requests back", needed));
  }

  /// A Service balances connections, not requests: what was opened before the surge stays with the old pods.
  void pinned_connections() {
    const bool scales = std::any_of(scenario_.criteria.begin(), scenario_.criteria.end(), [](const Criterion& c) {
      return std::holds_alternative<ScaleUpCriterion>(c.rule);
    });
    const Connections& c = scenario_.connections;
    if (!scales || !c.reuse || c.max_age || c.direct) return;
    add({}, "connections.max_age", "is not set: behind a Service kept-alive connections may never reach new pods",
        "set connections: {max_age: 10s}, unless an HTTP proxy balances single requests");
  }

  void requests() {
    for (std::size_t i = 0; i < scenario_.requests.size(); ++i) {
      const auto& request = scenario_.requests[i];
      if (request.weight == 0) add(request.place, fmt::format("requests[{}]", i), "is never sent: its weight is 0", "");
      if (request.expect.within && *request.expect.within > scenario_.client.timeout) {
        add(request.place, fmt::format("requests[{}].expect.within", i), "is longer than client.timeout",
            "raise client.timeout");
      }
    }
  }

  const Scenario& scenario_;
  std::string_view file_;
  LoadProfile profile_;
  nanoseconds end_;
  Place place_;
  std::size_t index_ = 0;
  Diagnostics concerns_;
};

}  // namespace

Diagnostics plan_concerns(const Scenario& scenario, std::string_view file) { return Concerns{scenario, file}.find(); }

}  // namespace surgeproof
