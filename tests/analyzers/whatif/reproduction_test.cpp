// A simulation with a recording's own settings reproduces the recording, although every sample is of another age: the
// truth is a simulation whose metrics are scraped in rounds, and the recording is what a watcher would have seen of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "analyzers/whatif/account.h"
#include "analyzers/whatif/fit.h"
#include "analyzers/whatif/metric_rounds.h"
#include "analyzers/whatif/setting.h"
#include "tests/analyzers/whatif/cpu_service.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr WallTime kWallAtZero{1'750'000'000s};
constexpr RunTime kLength = 780s;
constexpr RunTime kScrape = 15s;
constexpr RunTime kPoll = 10s;
constexpr std::string_view kSpec = R"({"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":2,
  "maxReplicas":10,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization",
  "averageUtilization":70}}}],"behavior":{"scaleDown":{"stabilizationWindowSeconds":45}}})";

/// 2 to 10 pods of 200m at 70 %, 5 ms a request. The load climbs for 2 minutes, stays for 3 and falls for 3, so that
/// what a sync sees depends on when the samples were taken.
Service truth() {
  Service s = cpu_service(1s, 4s);
  for (int t = 0; t < kLength / 1s; ++t) {
    const double up = std::clamp((t - 60) / 120.0, 0.0, 1.0);
    const double down = std::clamp((t - 360) / 180.0, 0.0, 1.0);
    s.demand.per_second.push_back(std::round(40 + 160 * (up - down)));
  }
  s.loop.spec.behavior = hpa::Behavior{};
  s.loop.spec.behavior->scale_down = hpa::ScalingRules{};
  s.loop.spec.behavior->scale_down->stabilization_window_seconds = 45;
  hpa::apply_defaults(s.loop.spec);
  s.loop.first_sync = 9s;
  // metrics-server comes every 15 s, 4 s after a full quarter of a minute. It finds of each pod what its kubelet
  // measured 1.5 to 9.5 s before, over 10 to 18 s.
  for (RunTime from = 4s - 2 * kScrape; from < kLength; from += kScrape) {
    MetricRound round{from, {}};
    for (int pod = 0; pod < 10; ++pod) {
      const auto n = from / kScrape + 2;
      round.samples.push_back({from - 1500ms - 1s * ((3 * pod + 5 * n) % 9), 10s + 1s * ((pod + 4 * n) % 9)});
    }
    s.loop.rounds.push_back(std::move(round));
  }
  return s;
}

class Recorder {
 public:
  Recorder(const Service& service, const Simulation& simulation) : service_(service), sim_(simulation) {
    scenario.name = "reproduced";
    scenario.watch = {{"shop", "web", "", {}}};
    scenario.load.stages.push_back({"all", Stage::Shape::hold, Rate{40}, kLength, {}});
  }

  Timeline record() {
    builder_.emplace(scenario);
    builder_->add(Record{LoadMark{RunTime{}, LoadMark::Kind::started}});
    tell_load();
    for (std::int32_t pod = 0; pod < service_.loop.initial_replicas; ++pod) create(RunTime{}, -1h);
    tell_hpa(RunTime{}, {RunTime{}, 2, 2, 2, 50});
    tell_target(RunTime{}, 2, 2);
    for (const SimulatedSync& sync : sim_.syncs) tell_sync(sync);
    tell_metrics();
    return builder_->build(kLength, true);
  }

  Scenario scenario;

 private:
  struct Pod {
    std::string name;
    RunTime running{};
    RunTime gone = RunTime::max();
  };

  void tell_load() {
    for (std::size_t t = 0; t < service_.demand.per_second.size(); ++t) {
      LoadWindow w;
      w.begin = std::chrono::seconds{t};
      w.length = 1s;
      w.stage = "all";
      w.planned = w.sent = static_cast<std::uint64_t>(service_.demand.per_second[t]);
      w.outcomes[0] = w.planned;
      builder_->add(Record{std::move(w)});
    }
  }

  void tell_pod(const Pod& pod, RunTime at, RunTime created, RunTime ready_at) {
    PodSample p;
    p.at = {at, kWallAtZero + at};
    p.ns = "shop";
    p.name = p.uid = pod.name;
    p.hpa = "web";
    p.phase = at >= pod.running ? "Running" : "Pending";
    p.ready = at >= ready_at;
    p.created = p.scheduled = kWallAtZero + created;
    if (at >= pod.running) p.started = kWallAtZero + pod.running;
    p.ready_changed = kWallAtZero + (p.ready ? ready_at : created);
    p.deleted = at >= pod.gone;
    ContainerState c;
    c.name = "app";
    c.cpu_request_millicores = 200;
    c.cpu_limit_millicores = 500;
    p.containers = {c};
    builder_->add(Record{std::move(p)});
  }

  void create(RunTime at, RunTime created) {
    pods_.push_back({fmt::format("web-{}", pods_.size()), created + service_.pod.to_running});
    for (const RunTime since : {RunTime{}, service_.pod.to_running, service_.pod.to_ready}) {
      tell_pod(pods_.back(), std::max(at, created + since), created, created + service_.pod.to_ready);
    }
  }

  void tell_sync(const SimulatedSync& sync) {
    tell_hpa(sync.at + 20ms, sync);
    if (sync.desired == sync.current) return;
    tell_target(sync.at + 10ms, sync.desired, sync.current);
    for (auto n = sync.current; n < sync.desired; ++n) create(sync.at + 30ms, sync.at + 30ms);
    for (auto n = sync.desired; n < sync.current; ++n) {
      const auto newest = std::ranges::find(pods_.rbegin(), pods_.rend(), RunTime::max(), &Pod::gone);
      newest->gone = sync.at + 30ms;
      tell_pod(*newest, newest->gone, newest->gone, newest->gone);
    }
  }

  void tell_target(RunTime at, int wanted, int there) {
    ScaleTargetSample target;
    target.at = {at, std::nullopt};
    target.ref = {"Deployment", "shop", "web"};
    target.spec_replicas = wanted;
    target.status_replicas = there;
    builder_->add(Record{std::move(target)});
  }

  void tell_hpa(RunTime at, const SimulatedSync& sync) {
    HpaSample h;
    h.at = {at, kWallAtZero + at};
    h.ns = "shop";
    h.name = "web";
    h.target = {"Deployment", "shop", "web"};
    h.min_replicas = 2;
    h.max_replicas = 10;
    h.current_replicas = sync.current;
    h.desired_replicas = sync.desired;
    HpaMetric m;
    m.type = "Resource";
    m.name = "cpu";
    m.target_utilization_percent = 70;
    m.current_utilization_percent = sync.utilization;
    h.metrics = {m};
    h.spec_json = kSpec;
    builder_->add(Record{std::move(h)});
  }

  double millicores(MetricSample sample) const {
    double sum = 0;
    int steps = 0;
    for (RunTime t = sample.end - sample.window; t < sample.end; t += 100ms, ++steps) {
      const double rate = service_.demand.at(std::max(t, RunTime{}));
      sum += 5 * rate / std::max(1, sim_.ready_at(std::max(t, RunTime{})));
    }
    return sum / steps;
  }

  /// What the watcher finds every 10 s: of each pod its newest sample, unless it is the one that it has.
  void tell_metrics() {
    std::map<std::string, RunTime> known;
    for (RunTime at = 2s; at < kLength; at += kPoll) {
      const auto after = std::ranges::upper_bound(service_.loop.rounds, at, {}, &MetricRound::from);
      std::size_t place = 0;
      for (const Pod& pod : pods_) {
        if (pod.running > at + 1s || pod.gone <= at) continue;
        const MetricSample sample = std::prev(after)->samples[place++];
        if (pod.running > sample.end - sample.window || known[pod.name] == sample.end) continue;
        known[pod.name] = sample.end;
        PodMetricsSample m;
        m.observed = at;
        m.ns = "shop";
        m.pod = pod.name;
        m.timestamp = std::chrono::floor<std::chrono::seconds>(kWallAtZero + sample.end);
        m.window = sample.window;
        m.containers = {{"app", static_cast<std::int64_t>(millicores(sample) * 1e6), 0}};
        builder_->add(Record{std::move(m)});
      }
    }
  }

  const Service& service_;
  const Simulation& sim_;
  std::optional<TimelineBuilder> builder_;
  std::vector<Pod> pods_;
};

double share_of(const Service& service, const HpaTrack& track) {
  const Reproduction r = reproduction_of(simulate(service), track, service.loop.sync_period);
  EXPECT_GE(r.syncs, 50U);
  return static_cast<double>(r.equal) / static_cast<double>(r.syncs);
}

TEST(Reproduction, StandsOnTheSamplesThatEachSyncSaw) {
  const Service service = truth();
  const Simulation simulation = simulate(service);
  ASSERT_GE(simulation.changes, 6) << "the load climbs and falls through several counts";
  Recorder recorder(service, simulation);
  const Timeline timeline = recorder.record();
  const HpaTrack& track = timeline.hpas.at(0);
  FittedService fitted = fit_service(timeline, recorder.scenario, track, kWallAtZero, {});
  ASSERT_TRUE(fitted.has_capacity);
  EXPECT_NEAR(fitted.service.pod.cpu_per_request_ms, 5, 0.2);
  EXPECT_FALSE(fitted.service.loop.rounds.empty());
  const double with_rounds = share_of(fitted.service, track);
  EXPECT_GE(with_rounds, 0.98);
  EXPECT_THAT(sample_words(fitted.service.loop), HasSubstr("as recorded, over 10s to 18s and"));

  fitted.service.loop.rounds.clear();
  EXPECT_LT(share_of(fitted.service, track), with_rounds) << "one lag for all samples is not what was recorded";
  EXPECT_THAT(sample_words(fitted.service.loop), HasSubstr("served"));
}

TEST(Reproduction, BeyondTheRecordingItsRoundsAreRepeated) {
  Service service = truth();
  service.loop.spec.behavior->scale_down->stabilization_window_seconds = 0;
  service.demand.per_second.insert(service.demand.per_second.end(), 3600, 160.0);
  const Simulation s = simulate(service);
  // 160/s cost 800m: 80 % of five requests, 67 % of six, 57 % of seven: six it is.
  EXPECT_EQ(s.wanted_at(kLength + 20min), 6);
  EXPECT_EQ(s.wanted_at(kLength + 50min), 6);
  for (const SimulatedSync& sync : s.syncs) {
    if (sync.at > kLength + 10min) EXPECT_EQ(sync.utilization, 67) << "134m of 200m, whatever the windows";
  }
  // A cycle begins before the first round, too.
  service.loop.rounds.erase(service.loop.rounds.begin(), service.loop.rounds.begin() + 8);
  EXPECT_EQ(simulate(service).syncs.front().utilization, 50);
}

TEST(Reproduction, TheRecordedSyncsAreThoseOfTheSimulation) {
  Service service = truth();
  service.loop.recorded_syncs = {23900ms, 39100ms, 60s};  // the second of 24 s, the third of 39 s; none near 54 s
  const Simulation s = simulate(service);
  std::vector<RunTime> first;
  for (std::size_t i = 0; i < 5; ++i) first.push_back(s.syncs[i].at);
  EXPECT_EQ(first, (std::vector<RunTime>{9s, 23900ms, 39100ms, 54s, 69s}));
}

TEST(Reproduction, WithoutAnySampleNothingIsDone) {
  Service service = truth();
  for (MetricRound& round : service.loop.rounds) round.samples.clear();
  const Simulation s = simulate(service);
  EXPECT_EQ(s.changes, 0);
  EXPECT_EQ(s.syncs.front().utilization, std::nullopt);
}

TEST(Reproduction, ASettingOfTheMetricsStandsAboveTheRecordedOnes) {
  for (const char* setting : {"metric-lag=3s", "metric-resolution=30s", "metric-window=30s"}) {
    Service service = truth();
    EXPECT_TRUE(apply_setting(setting, service));
    EXPECT_TRUE(service.loop.rounds.empty()) << setting;
  }
  Service service = truth();
  service.loop.recorded_syncs = {9s};
  EXPECT_TRUE(apply_setting("sync=30s", service));
  EXPECT_FALSE(service.loop.rounds.empty());
  EXPECT_TRUE(service.loop.recorded_syncs.empty());
}

}  // namespace
}  // namespace surgeproof::whatif
