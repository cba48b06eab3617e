#include "analyzers/drop_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "analyzers/causes/drop_words.h"
#include "analyzers/causes/drops.h"
#include "analyzers/causes/safe_prestop.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

constexpr RunTime kSameBurst = std::chrono::seconds{2};
constexpr std::size_t kMostBursts = 12;  // of one pod

struct Collected {
  std::uint64_t count = 0;
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::map<std::string, DropPod> pods;
};

void add(Collected& group, const RequestFailure& f, const DropCause& cause) {
  ++group.count;
  group.high += cause.confidence == Confidence::high ? 1 : 0;
  group.low += cause.confidence == Confidence::low ? 1 : 0;
  DropPod& pod = group.pods[cause.pod];
  if (pod.count++ == 0) {
    pod.pod = cause.pod;
    pod.first = pod.last = f.ended;
    pod.example = fmt::format("{}{}", words_for(f.outcome), cause.detail.empty() ? "" : ", " + cause.detail);
  }
  pod.first = std::min(pod.first, f.ended);
  pod.last = std::max(pod.last, f.ended);
  if (pod.bursts.empty() || f.ended > pod.bursts.back().last + kSameBurst) {
    pod.bursts.push_back({f.ended, f.ended, 0});
  }
  DropBurst& burst = pod.bursts.back();
  burst.last = std::max(burst.last, f.ended);
  ++burst.count;
}

// Of many bursts the largest, by time.
void shorten(std::vector<DropBurst>& bursts) {
  if (bursts.size() <= kMostBursts) return;
  std::sort(bursts.begin(), bursts.end(), [](const DropBurst& a, const DropBurst& b) {
    return a.count != b.count ? a.count > b.count : a.first < b.first;
  });
  bursts.resize(kMostBursts);
  std::sort(bursts.begin(), bursts.end(), [](const DropBurst& a, const DropBurst& b) { return a.first < b.first; });
}

DropGroup group_of(std::string_view code, Collected&& c, const Timeline& t) {
  const DropWords& words = words_for_drop(code);
  DropGroup g;
  g.code = code;
  g.count = c.count;
  g.high = c.high;
  g.low = c.low;
  g.sentence =
      fmt::format("{} {}", plural(c.count, "request"), c.count == 1 ? of_one(words.what) : std::string{words.what});
  g.remedy = words.remedy;
  g.confidence = 2 * c.high > c.count ? Confidence::high : 2 * c.low > c.count ? Confidence::low : Confidence::probable;
  for (auto& [name, pod] : c.pods) {
    shorten(pod.bursts);
    const auto life = std::find_if(t.pods.begin(), t.pods.end(), [&](const PodLife& p) { return p.name == name; });
    if (life != t.pods.end()) pod.node = life->node;
    g.pods.push_back(std::move(pod));
  }
  std::sort(g.pods.begin(), g.pods.end(),
            [](const DropPod& a, const DropPod& b) { return a.count != b.count ? a.count > b.count : a.pod < b.pod; });
  return g;
}

std::uint64_t count_overflow(const Timeline& t) {
  std::uint64_t n = 0;
  for (const FailureOverflow& o : t.overflow) {
    for (std::size_t i = 0; i < kOutcomes; ++i) n += is_drop(static_cast<Outcome>(i)) ? o.outcomes[i] : 0;
  }
  return n;
}

void add_overflow(Collected& unknown, const Timeline& t, std::uint64_t count) {
  unknown.count += count;
  unknown.low += count;
  DropPod& pod = unknown.pods[{}];
  if (pod.count == 0) {
    pod.first = pod.last = t.overflow.front().at;
    pod.example = "only counted, too many to be recorded in full";
  }
  pod.last = std::max(pod.last, t.overflow.back().at);
  pod.count += count;
}

struct Own {
  std::string_view why;
  std::string_view remedy;
};

Own own_fault(const RequestFailure& f) {
  constexpr std::string_view kFiles = "raise the limit of open files (`ulimit -n`), or connections.max is too high";
  if (f.outcome == Outcome::unsent) {
    return {"it was too late to send them", "more connections (connections.max) or more CPU for the generator"};
  }
  switch (f.error_number) {
    case EADDRNOTAVAIL:
    case EADDRINUSE:
      return {"no local port was free (ephemeral ports exhausted)",
              "reuse connections (connections.reuse, a longer max_age), or send from several addresses"};
    case EMFILE:
      return {"no file descriptor was left (EMFILE)", kFiles};
    case ENFILE:
      return {"the system had no file descriptor left (ENFILE)", kFiles};
    case ENOBUFS:
    case ENOMEM:
      return {"the kernel had no buffer left", "more memory for the generator"};
    default:
      break;
  }
  if (f.phase == "resolve") return {"the target's name could not be resolved here", "see the generator's DNS"};
  return {"the generator failed", "see the failed requests in full"};
}

std::vector<LostHere> lost_here(const Timeline& t) {
  std::map<std::string_view, LostHere> by_reason;
  for (const RequestFailure& f : t.failures) {
    if (!is_generator_fault(f.outcome)) continue;
    const Own own = own_fault(f);
    LostHere& lost = by_reason[own.why];
    if (lost.count++ == 0) lost = {std::string{own.why}, std::string{own.remedy}, 1, f.ended};
  }
  std::vector<LostHere> all;
  for (auto& [why, lost] : by_reason) all.push_back(std::move(lost));
  std::sort(all.begin(), all.end(), [](const LostHere& a, const LostHere& b) { return a.count > b.count; });
  return all;
}

}  // namespace

DropReport report_drops(const Timeline& t) {
  DropReport report;
  const DropForensics forensics(t);
  std::map<std::string_view, Collected> by_code;
  PrestopMeter meter(t);
  for (const RequestFailure& f : t.failures) {
    if (!is_drop(f.outcome)) continue;
    const DropCause cause = forensics.explain(f);
    meter.note(f, cause);
    add(by_code[cause.code], f, cause);
    ++report.total;
  }
  report.only_counted = count_overflow(t);
  report.total += report.only_counted;
  if (report.only_counted > 0) add_overflow(by_code["unknown"], t, report.only_counted);
  for (auto& [code, collected] : by_code) report.groups.push_back(group_of(code, std::move(collected), t));
  std::sort(report.groups.begin(), report.groups.end(), [](const DropGroup& a, const DropGroup& b) {
    const bool a_known = a.code != "unknown";
    const bool b_known = b.code != "unknown";
    if (a_known != b_known) return a_known;
    return a.count != b.count ? a.count > b.count : a.code < b.code;
  });
  report.lost = lost_here(t);
  report.prestop = meter.result();
  return report;
}

}  // namespace surgeproof
