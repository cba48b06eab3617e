#include <boost/json.hpp>
#include <iostream>

#include "analyzers/oracle/decision_log.h"
#include "app/commands/explain.h"
#include "app/recorded_run.h"
#include "base/duration.h"
#include "base/wall_time.h"
#include "k8s/hpa/explanation.h"
#include "reports/text.h"

namespace surgeproof {
namespace {

namespace json = boost::json;

std::unexpected<std::string> not_in_run(std::string message) { return std::unexpected(std::move(message)); }

/// An instant of the run, as a user names it.
std::expected<RunTime, std::string> instant_of(const std::string& text, const Timeline& timeline, WallTime started) {
  const RunTime load = timeline.load_started.value_or(RunTime{0});
  if (text.starts_with('+') || text.starts_with('-')) {
    const auto offset = parse_duration(text.starts_with('+') ? text.substr(1) : text);
    if (offset) return load + *offset;
  } else if (const auto time = parse_rfc3339(text)) {
    return *time - started;
  } else if (const auto of_day = parse_rfc3339(format_rfc3339(started, 0).substr(0, 11) + text + "Z")) {
    const RunTime t = *of_day - started;
    return t < -std::chrono::hours{12} ? t + std::chrono::hours{24} : t;  // the run went past midnight
  }
  return not_in_run(
      fmt::format("--at {}: write +95s (since the load began), 14:03:15 (UTC) or an RFC 3339 time", text));
}

std::expected<const HpaTrack*, std::string> track_of(const Timeline& timeline, const std::string& name) {
  if (timeline.hpas.empty())
    return not_in_run("the recording holds no HPA: the scenario watched none, or none was seen");
  if (const HpaTrack* track = timeline.hpa(name)) return track;
  std::string names;
  for (const HpaTrack& t : timeline.hpas) names += (names.empty() ? "" : ", ") + t.name;
  return not_in_run(name.empty() ? fmt::format("the recording holds several HPAs ({}): say which with --hpa", names)
                                 : fmt::format("the recording holds no HPA {}; there are {}", name, names));
}

std::string clock(RunTime t, const Timeline& timeline) {
  return fmt::format("{:+.1f}s", std::chrono::duration<double>(t - timeline.load_started.value_or(RunTime{0})).count());
}

/// The sync that was the last one at `t`; the first if `t` is before all.
const ReplayedSync& sync_at(const Replay& replay, RunTime t) {
  const ReplayedSync* found = &replay.syncs.front();
  for (const ReplayedSync& s : replay.syncs) {
    if (s.at <= t) found = &s;
  }
  return *found;
}

hpa::Explanation explain_sync(const ReplayedSync& sync, const HpaTrack& track, const Timeline& timeline,
                              WallTime started, const hpa::Settings& settings) {
  hpa::Snapshot snapshot;
  snapshot.world = sync.world;
  snapshot.memory = sync.memory;
  snapshot.now = server_zero(timeline, started) + sync.at;
  hpa::Explanation e = hpa::explain_snapshot(snapshot, settings);
  const hpa::AutoscalerStatus said = status_of(track.samples[sync.sample]);
  e.decision = sync.decision;
  e.comparison = sync.comparison;
  e.said.clear();
  for (const hpa::AutoscalerCondition& c : said.conditions) {
    e.said.push_back(fmt::format("{}={} {}: {}", c.type, c.status, c.reason, c.message));
  }
  for (const ClusterEvent& event : timeline.events) {
    if (event.regarding.kind != "HorizontalPodAutoscaler" || event.regarding.name != track.name) continue;
    const RunTime before = sync.at - event.at.observed;
    if (before > std::chrono::minutes{2} || before < -std::chrono::seconds{2}) continue;
    e.events.push_back(fmt::format("{} {}: {}", clock(event.at.observed, timeline), event.reason, event.message));
  }
  e.title += fmt::format(", {} into the load", clock(sync.at, timeline));
  if (sync.note.empty()) return e;
  e.remarks.push_back(fmt::format("The controller's answer comes out {}.", sync.note));
  return e;
}

json::object to_json(const DecisionLog& log, const HpaTrack& track, const Timeline& timeline) {
  json::array lines;
  for (const DecisionLine& l : log.lines) {
    lines.push_back({{"at_s", std::chrono::duration<double>(l.at - timeline.load_started.value_or(RunTime{0})).count()},
                     {"from", l.from},
                     {"to", l.to},
                     {"agreement", name_of(l.agreement)},
                     {"text", l.text}});
  }
  return {{"hpa", track.name},
          {"syncs", log.syncs},
          {"equal", log.equal},
          {"unexplained", log.unexplained},
          {"decisions", std::move(lines)}};
}

void write_log(const DecisionLog& log, const Replay& replay, const HpaTrack& track, const Timeline& timeline) {
  std::cout << fmt::format(
      "HPA {}/{}: {} syncs seen in its status (one every {}{}), {} with the count that the model says, {} "
      "unexplained\n\n",
      track.ns, track.name, log.syncs, format_duration(replay.grid.period), replay.grid.measured ? "" : ", assumed",
      log.equal, log.unexplained);
  for (const DecisionLine& l : log.lines) {
    const std::string mark = l.agreement == Agreement::unexplained ? "?" : " ";
    std::string head = fmt::format("{} {:>8}  {:>3} -> {:<3} ", mark, clock(l.at, timeline), l.from, l.to);
    for (const std::string& part : reports::wrapped(l.text, 96)) {
      std::cout << head << part << '\n';
      head.assign(head.size(), ' ');
    }
  }
  if (log.lines.empty()) std::cout << "  no sync changed the replicas\n";
}

std::expected<void, std::string> write(const ExplainOptions& o, const hpa::Settings& settings) {
  const auto run = load_run(o.run);
  if (!run) return not_in_run(run.error());
  const Timeline& timeline = run->timeline;
  const WallTime started = run->recording.info.started;
  const auto track = track_of(timeline, o.hpa);
  if (!track) return not_in_run(track.error());
  const Replay replayed = replay(timeline, **track, started, settings);
  if (o.at.empty()) {
    const DecisionLog log = log_of(replayed);
    if (o.json) {
      std::cout << to_json(log, **track, timeline) << '\n';
    } else {
      write_log(log, replayed, **track, timeline);
    }
    return {};
  }
  const auto at = instant_of(o.at, timeline, started);
  if (!at) return not_in_run(at.error());
  if (*at < RunTime{0} || *at > timeline.end) {
    return not_in_run(fmt::format("--at {}: the recording lasts from {} to {} ({} to {} UTC)", o.at,
                                  clock(RunTime{0}, timeline), clock(timeline.end, timeline),
                                  format_rfc3339(started, 0).substr(11, 8),
                                  format_rfc3339(started + timeline.end, 0).substr(11, 8)));
  }
  if (replayed.syncs.empty())
    return not_in_run("no sync was seen: the HPA's status never changed during the recording");
  const hpa::Explanation e = explain_sync(sync_at(replayed, *at), **track, timeline, started, settings);
  if (o.json) {
    std::cout << hpa::to_json(e) << '\n';
  } else {
    std::cout << hpa::explanation_text(e);
  }
  return {};
}

}  // namespace

ExitCode explain_run(const ExplainOptions& o, const hpa::Settings& settings) {
  const auto written = write(o, settings);
  if (!written) {
    std::cerr << "surgeproof: " << written.error() << '\n';
    return ExitCode::usage;
  }
  std::cout << std::flush;
  if (std::cout) return ExitCode::pass;
  std::cerr << "surgeproof: cannot write to standard output\n";
  return ExitCode::usage;
}

}  // namespace surgeproof
