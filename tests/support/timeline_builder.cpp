#include "tests/support/timeline_builder.h"

#include <algorithm>

#include "analyzers/judge.h"

namespace surgeproof::test {
namespace {

WallTime reported(RunTime t) { return kWallZero + std::chrono::floor<std::chrono::seconds>(t); }

Stage stage(std::string name, Stage::Shape shape, double per_second, std::chrono::nanoseconds duration) {
  return {std::move(name), shape, Rate{per_second}, duration, {}};
}

std::string stage_at(RunTime t) { return t < kSurge ? "baseline" : t < kSurgeEnd ? "surge" : "after"; }

template <class Sample, class Same>
void put_last(std::vector<Record>& records, const Sample& sample, Same same) {
  std::erase_if(records, [&](const Record& r) {
    const auto* other = std::get_if<Sample>(&r);
    return other && other->at.observed == sample.at.observed && same(*other);
  });
  records.emplace_back(sample);
}

}  // namespace

RequestFailure failed_new(Outcome outcome) {
  RequestFailure f;
  f.outcome = outcome;
  f.connection = 1;
  return f;
}

RequestFailure failed_reused(Outcome outcome, RunTime connection_opened) {
  RequestFailure f = failed_new(outcome);
  f.connection_opened = connection_opened;
  f.requests_on_connection = 12;
  return f;
}

// --- Story ---------------------------------------------------------------------------------------------------------

Story::Story() {
  scenario.name = "story";
  scenario.target = "http://127.0.0.1:8080";
  scenario.watch = {{"default", "todo", "", {}}};
  scenario.requests = {RequestTemplate{}};
  scenario.requests[0].name = "list";
  scenario.load.stages = {stage("baseline", Stage::Shape::hold, 20, kSurge),
                          stage("surge", Stage::Shape::step, 400, kSurgeEnd - kSurge),
                          stage("after", Stage::Shape::hold, 20, kLoadEnd - kSurgeEnd)};
  hpa_.ns = target_.ref.ns = "default";
  hpa_.name = target_.ref.name = "todo";
  hpa_.uid = "hpa-uid";
  target_.ref.kind = "Deployment";
  hpa_.target = target_.ref;
  hpa_.min_replicas = 2;
  hpa_.max_replicas = 5;
  HpaMetric cpu;
  cpu.type = "Resource";
  cpu.name = "cpu";
  cpu.target_utilization_percent = 70;
  hpa_.metrics = {cpu};
  for (const char* resource : {"horizontalpodautoscalers", "deployments", "pods", "metrics.k8s.io/pods"}) {
    records.emplace_back(WatchState{RunTime{}, resource, WatchState::Kind::synced, "", "", ""});
  }
  records.emplace_back(LoadMark{RunTime{}, LoadMark::Kind::started});
  at(0s).cpu(40).replicas(2).ready(2);
}

void Story::put(const HpaSample& s) {
  put_last(records, s, [&](const HpaSample& other) { return other.name == s.name; });
}

void Story::put(const PodSample& s) {
  put_last(records, s, [&](const PodSample& other) { return other.name == s.name; });
}

Timeline Story::timeline(RunTime end, bool complete) const {
  TimelineBuilder builder(scenario);
  for (const Record& r : records) builder.add(r);
  if (end > kLoadEnd + 1s) builder.add(LoadMark{kLoadEnd + 1s, LoadMark::Kind::finished});
  return builder.build(end, complete);
}

Verdict Story::verdict(RunTime end, bool complete) const { return judge(scenario, timeline(end, complete)); }

// --- Moment --------------------------------------------------------------------------------------------------------

PodSample& Moment::pod(const std::string& name) {
  return *std::find_if(story_.pods_.begin(), story_.pods_.end(), [&](const PodSample& p) { return p.name == name; });
}

Moment& Moment::pod_changed(PodSample& p) {
  p.at = {t_, reported(t_)};
  story_.put(p);
  return *this;
}

void Moment::hpa_changed() {
  story_.hpa_.at = {t_, std::nullopt};
  story_.put(story_.hpa_);
}

Moment& Moment::replicas(int n) {
  story_.target_.at = {t_, std::nullopt};
  story_.target_.spec_replicas = n;
  story_.records.emplace_back(story_.target_);
  story_.hpa_.desired_replicas = story_.hpa_.current_replicas = n;
  hpa_changed();
  while (static_cast<int>(story_.pods_.size()) < n) {
    PodSample p;
    p.ns = "default";
    p.name = "todo-" + std::to_string(++story_.pods_made_);
    p.uid = p.name;
    p.hpa = "todo";
    p.phase = "Pending";
    p.ip = "10.0.0." + std::to_string(story_.pods_made_);
    p.created = reported(t_);
    p.containers = {ContainerState{}};
    p.containers[0].name = "app";
    p.containers[0].state = "waiting";
    p.containers[0].cpu_request_millicores = 200;
    story_.pods_.push_back(p);
    pod_changed(story_.pods_.back());
  }
  while (static_cast<int>(story_.pods_.size()) > n) {
    const std::string name = story_.pods_.back().name;
    deletion(name);
    Moment(story_, t_ + 1s).gone(name);
  }
  return *this;
}

Moment& Moment::ready(int n) {
  int i = 0;
  for (PodSample& p : story_.pods_) {
    const bool wanted = i++ < n;
    if (p.ready == wanted) continue;
    p.ready = wanted;
    p.ready_changed = reported(t_);
    p.phase = "Running";
    p.node = "node-1";
    p.containers[0].state = "running";
    p.containers[0].ready = wanted;
    pod_changed(p);
  }
  return *this;
}

Moment& Moment::cpu(int percent) {
  story_.hpa_.metrics.at(0).current_utilization_percent = percent;
  hpa_changed();
  return *this;
}

Moment& Moment::max_replicas(int n) {
  story_.hpa_.max_replicas = n;
  hpa_changed();
  return *this;
}

Moment& Moment::condition(std::string type, std::string status, std::string reason, std::string message) {
  auto& conditions = story_.hpa_.conditions;
  std::erase_if(conditions, [&](const Condition& c) { return c.type == type; });
  conditions.push_back({std::move(type), std::move(status), std::move(reason), std::move(message), reported(t_)});
  hpa_changed();
  return *this;
}

Moment& Moment::watch(std::string resource, WatchState::Kind kind, std::string message) {
  story_.records.emplace_back(WatchState{t_, std::move(resource), kind, std::move(message), "", ""});
  return *this;
}

Moment& Moment::scheduled(const std::string& name) {
  pod(name).node = "node-1";
  pod(name).scheduled = reported(t_);
  return pod_changed(pod(name));
}

Moment& Moment::started(const std::string& name) {
  pod(name).containers[0].state = "running";
  pod(name).containers[0].started = reported(t_);
  return pod_changed(pod(name));
}

Moment& Moment::unschedulable(const std::string& name, std::string message) {
  pod(name).scheduling_message = std::move(message);
  return pod_changed(pod(name));
}

Moment& Moment::deletion(const std::string& name) {
  pod(name).deletion_requested = reported(t_);
  pod(name).deletion_grace = 30s;
  return pod_changed(pod(name));
}

Moment& Moment::terminated(const std::string& name) {
  PodSample& p = pod(name);
  p.ready = p.containers[0].ready = false;
  p.containers[0].state = "terminated";
  p.containers[0].reason = "Completed";
  p.containers[0].exit_code = 0;
  p.containers[0].finished = reported(t_);
  return pod_changed(p);
}

Moment& Moment::gone(const std::string& name) {
  PodSample last = pod(name);
  std::erase_if(story_.pods_, [&](const PodSample& p) { return p.name == name; });
  last.deleted = true;
  return pod_changed(last);
}

Moment& Moment::crash(const std::string& name, int exit_code, std::string reason) {
  PodSample& p = pod(name);
  ContainerState& c = p.containers[0];
  ++c.restarts;
  c.last_exit_code = exit_code;
  c.last_reason = std::move(reason);
  c.last_finished = reported(t_);
  c.ready = p.ready = false;
  return pod_changed(p);
}

Moment& Moment::endpoints(const std::vector<std::string>& pods) {
  EndpointSliceSample s;
  s.at = {t_, std::nullopt};
  s.ns = "default";
  s.service = "todo";
  s.slice = "todo-abc";
  for (const std::string& name : pods) s.endpoints.push_back({"address of " + name, name, true, true, false});
  story_.records.emplace_back(std::move(s));
  return *this;
}

Moment& Moment::signal(const std::string& name, double value, RunTime before) {
  story_.records.emplace_back(SignalSample{t_, name, value, std::nullopt, t_ - before});
  return *this;
}

Moment& Moment::log(const std::string& pattern, const std::string& line, const std::string& selector) {
  LogLine l;
  l.observed = t_;
  l.ns = "default";
  l.pod = "todo-1";
  l.container = "app";
  l.pattern = pattern;
  l.line = line;
  l.selector = selector;
  story_.records.emplace_back(std::move(l));
  return *this;
}

Moment& Moment::failure(RequestFailure f) {
  if (f.planned == RunTime{}) f.planned = t_;
  if (f.ended == RunTime{}) f.ended = t_;
  f.stage = stage_at(f.planned);
  f.request = "list";
  LoadWindow w;
  w.begin = std::chrono::floor<std::chrono::seconds>(f.planned);
  w.length = 1s;
  w.stage = f.stage;
  w.request = f.request;
  w.planned = w.sent = 1;
  w.outcomes[static_cast<std::size_t>(f.outcome)] = 1;
  if (f.status != 0) w.statuses[f.status] = 1;
  story_.records.emplace_back(std::move(w));
  story_.records.emplace_back(std::move(f));
  return *this;
}

Moment& Moment::interrupted() {
  story_.records.emplace_back(LoadMark{t_, LoadMark::Kind::interrupted});
  return *this;
}

// --- Span ----------------------------------------------------------------------------------------------------------

void Span::add_window(RunTime begin, LoadWindow w) {
  w.begin = begin;
  w.length = 1s;
  w.stage = stage_at(begin);
  if (w.request.empty()) w.request = "list";
  story_.records.emplace_back(std::move(w));
}

Span& Span::traffic(std::uint64_t per_second, std::chrono::microseconds latency) {
  return traffic(per_second, latency, latency);
}

Span& Span::traffic(std::uint64_t per_second, std::chrono::microseconds latency,
                    std::chrono::microseconds service_time) {
  LoadWindow w;
  w.planned = w.sent = per_second;
  w.outcomes[static_cast<std::size_t>(Outcome::ok)] = per_second;
  w.statuses[200] = per_second;
  Histogram h;
  h.record(latency, per_second);
  w.latency = h.sparse();
  h.reset();
  h.record(service_time, per_second);
  w.service_time = h.sparse();
  for (RunTime t = span_.begin; t < span_.end; t += 1s) add_window(t, w);
  return *this;
}

Span& Span::traffic(const std::string& request, std::uint64_t per_second, std::chrono::microseconds latency) {
  Histogram h;
  h.record(latency, per_second);
  LoadWindow w;
  w.request = request;
  w.planned = w.sent = per_second;
  w.outcomes[static_cast<std::size_t>(Outcome::ok)] = per_second;
  w.latency = w.service_time = h.sparse();
  for (RunTime t = span_.begin; t < span_.end; t += 1s) add_window(t, w);
  return *this;
}

Span& Span::outcome(Outcome o, std::uint64_t per_second) {
  LoadWindow w;
  w.planned = per_second;
  w.sent = is_generator_fault(o) ? 0 : per_second;
  w.outcomes[static_cast<std::size_t>(o)] = per_second;
  if (o == Outcome::server_error) w.statuses[500] = per_second;
  if (o == Outcome::bad_gateway) w.statuses[503] = per_second;
  for (RunTime t = span_.begin; t < span_.end; t += 1s) add_window(t, w);
  return *this;
}

Span& Span::signal(const std::string& name, double value) {
  for (RunTime t = span_.begin; t < span_.end; t += 15s) Moment{story_, t + 20ms}.signal(name, value);
  return *this;
}

Span& Span::generator(RunTime schedule_error, double busiest_worker, std::uint64_t backlog, std::uint64_t in_flight) {
  GeneratorSample s;
  s.length = 1s;
  s.busiest_worker = busiest_worker;
  s.backlog = backlog;
  s.in_flight = in_flight;
  Histogram h;
  h.record(schedule_error, 100);
  s.schedule_error = h.sparse();
  for (RunTime t = span_.begin; t < span_.end; t += 1s) {
    s.begin = t;
    story_.records.emplace_back(s);
  }
  return *this;
}

// --- A run in which all goes well -----------------------------------------------------------------------------------

Story& tell_good_run(Story& story) {
  story.during(0s, kSurge).traffic(20, 50ms);
  story.during(kSurge, kSurgeEnd).traffic(400, 200ms);
  story.during(kSurgeEnd, kLoadEnd).traffic(20, 50ms);
  story.during(0s, kLoadEnd).generator(100us, 0.2);
  story.at(75s).cpu(180).replicas(5);
  story.at(77s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
  story.at(80s).started("todo-3").started("todo-4").started("todo-5");
  story.at(90s).ready(4);
  story.at(95s).ready(5);
  story.at(120s).cpu(75);
  story.at(260s).cpu(10);
  story.at(580s).replicas(2);
  return story;
}

}  // namespace surgeproof::test
