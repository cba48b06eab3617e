#include <fmt/format.h>

#include <algorithm>

#include "scenarios/reading/moments.h"
#include "scenarios/reading/observed_criteria.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

constexpr std::int64_t kMostReplicas = 100'000;

/// Reads the items of `criteria`, each against the scenario that was read so far.
class CriteriaReader {
 public:
  CriteriaReader(Reading& reading, const Scenario& scenario, const Named& named)
      : reading_{reading}, scenario_{scenario}, named_{named} {}

  void read(const Value& item) {
    Fields fields{reading_, item, kCriterion};
    if (!fields.usable()) return;
    const auto& entries = item.node->entries;
    if (entries.size() != 1) {
      reading_.error(item, entries.empty() ? "is empty" : "holds more than one criterion",
                     "write each as its own list item");
    }
    place_ = item.place();
    for (const auto kind : fields.written(kCriterion.known)) {
      if (const auto v = fields.get(kind)) dispatch(kind, *v);
    }
  }

  std::vector<Criterion> take() { return std::move(criteria_); }

 private:
  void dispatch(std::string_view kind, const Value& v) {
    if (kind == "scale_up") return scale_up(v);
    if (kind == "scale_down") return scale_down(v);
    if (kind == "latency") return latency(v);
    if (kind == "error_rate") return error_rate(v);
    if (kind == "dropped_requests") return dropped_requests(v);
    if (kind == "replicas") return replicas(v);
    observed(kind, v);
  }

  void observed(std::string_view kind, const Value& v) {
    if (kind == "signal") {
      for (auto& c : read_signal_criteria(reading_, v, scenario_, named_)) add(std::move(c));
    } else if (kind == "logs") {
      if (auto c = read_logs_criterion(reading_, v, scenario_, named_)) add(*std::move(c));
    } else if (auto c = read_eventually_criterion(reading_, v, scenario_, named_)) {
      add(*std::move(c));
    }
  }

  template <class Rule>
  void add(Rule rule) {
    criteria_.push_back({std::move(rule), place_});
  }

  int count(const Value& v, std::int64_t least) {
    return static_cast<int>(reading_.integer(v, least, kMostReplicas).value_or(least));
  }

  void scale_up(const Value& v) {
    ScaleUpCriterion c;
    Fields fields{reading_, v, kScaleUp};
    if (!fields.usable()) return;
    c.hpa = hpa(fields);
    if (const auto f = fields.require("to", "the number of ready pods")) c.to = count(*f, 1);
    if (const auto f = fields.require("within", "as in within: 60s")) {
      c.within = reading_.duration(*f).value_or(std::chrono::nanoseconds{0});
    }
    if (const auto f = fields.get("from")) c.from = read_instant(reading_, *f, scenario_, named_);
    add(std::move(c));
  }

  void scale_down(const Value& v) {
    ScaleDownCriterion c;
    Fields fields{reading_, v, kScaleDown};
    if (!fields.usable()) return;
    c.hpa = hpa(fields);
    if (const auto f = fields.require("to", "the number of replicas wanted")) c.to = count(*f, 0);
    if (const auto f = fields.get("not_before")) c.not_before = reading_.duration(*f, Zero::allowed);
    const auto within = fields.require("within", "as in within: 7m");
    const auto limit = within ? reading_.duration(*within) : std::nullopt;
    c.within = limit.value_or(std::chrono::nanoseconds{0});
    if (limit && c.not_before && *c.not_before > *limit) {
      reading_.error(*fields.get("not_before"), "is later than within", "swap them");
    }
    if (const auto f = fields.get("from")) c.from = read_instant(reading_, *f, scenario_, named_);
    add(std::move(c));
  }

  void latency(const Value& v) {
    Fields fields{reading_, v, kLatency};
    if (!fields.usable()) return;
    if (scenario_.load.closed) {
      reading_.error(v, "cannot be judged in a closed loop, which slows down with the service",
                     "give the load as stages with rates");
    }
    const auto during = read_during(fields);
    const auto request = read_request(fields);
    const auto percentiles = fields.written(lists::kPercentiles);
    if (percentiles.empty()) {
      reading_.error(v, "has no limit",
                     fmt::format("write one of {}, as in p99: 1s", join_words(lists::kPercentiles, "or")));
    }
    for (const auto name : percentiles) {
      LatencyCriterion c;
      c.during = during;
      c.request = request;
      c.percentile = name == "p50"   ? 50
                     : name == "p90" ? 90
                     : name == "p95" ? 95
                     : name == "p99" ? 99
                     : name == "max" ? 100
                                     : 99.9;
      if (const auto f = fields.get(name)) c.limit = reading_.duration(*f).value_or(std::chrono::nanoseconds{0});
      add(std::move(c));
    }
  }

  void error_rate(const Value& v) {
    ErrorRateCriterion c;
    if (v.is_scalar()) {
      c.max = reading_.percent(v).value_or(Ratio{});
      return add(std::move(c));
    }
    Fields fields{reading_, v, kErrorRate};
    if (!fields.usable()) return;
    if (const auto f = fields.require("max", "as in max: 0.1%")) c.max = reading_.percent(*f).value_or(Ratio{});
    c.during = read_during(fields);
    c.request = read_request(fields);
    add(std::move(c));
  }

  void dropped_requests(const Value& v) {
    DroppedRequestsCriterion c;
    const auto limit = [&](const Value& at) {
      c.max = static_cast<std::uint64_t>(reading_.integer(at, 0, INT64_MAX).value_or(0));
    };
    if (v.is_scalar()) {
      limit(v);
      return add(std::move(c));
    }
    Fields fields{reading_, v, kDroppedRequests};
    if (!fields.usable()) return;
    if (const auto f = fields.require("max", "as in max: 0")) limit(*f);
    c.during = read_during(fields);
    add(std::move(c));
  }

  void replicas(const Value& v) {
    ReplicasCriterion c;
    Fields fields{reading_, v, kReplicas};
    if (!fields.usable()) return;
    c.hpa = hpa(fields);
    if (const auto f = fields.get("min")) c.min = count(*f, 0);
    if (const auto f = fields.get("max")) c.max = count(*f, 0);
    if (const auto f = fields.get("max_changes")) c.max_changes = count(*f, 0);
    constexpr std::string_view kLimits[] = {"min", "max", "max_changes"};
    if (fields.written(kLimits).empty()) reading_.error(v, "has no limit", "write min, max or max_changes");
    if (c.min && c.max && *c.min > *c.max) reading_.error(*fields.get("min"), "is more than max", "swap them");
    c.during = read_during(fields);
    add(std::move(c));
  }

  std::string hpa(const Fields& fields) { return read_watched_hpa(reading_, fields, scenario_, named_); }

  During read_during(const Fields& fields) {
    const auto v = fields.get("during");
    return v ? reading::read_during(reading_, *v, scenario_, named_) : During{};
  }

  std::string read_request(const Fields& fields) {
    const auto v = fields.get("request");
    const auto t = v ? reading_.text(*v, Disclosure::open) : std::nullopt;
    if (!t) return {};
    std::vector<std::string_view> names;
    for (const auto& request : scenario_.requests) names.push_back(request.name);
    if (named_.requests_sound && std::find(names.begin(), names.end(), t->value) == names.end()) {
      reading_.error_unknown(v->place(), v->path, "request", t->shown, names);
    }
    return t->value;
  }

  Reading& reading_;
  const Scenario& scenario_;
  const Named& named_;
  Place place_;
  std::vector<Criterion> criteria_;
};

}  // namespace

std::vector<Criterion> read_criteria(Reading& reading, const Value& v, const Scenario& scenario, const Named& named) {
  CriteriaReader reader{reading, scenario, named};
  if (reading.expect_list(v, "criteria")) {
    for (std::size_t i = 0; i < v.node->items.size(); ++i) reader.read(v.item(i));
  }
  return reader.take();
}

}  // namespace surgeproof::reading
