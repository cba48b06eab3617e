#include "k8s/demo/processor_sharing.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace surgeproof::demo {
namespace {

constexpr double kRounding = 0.5;  // ns: an instant is a whole nanosecond, V is not

double ns(std::chrono::nanoseconds d) { return static_cast<double>(d.count()); }

}  // namespace

ProcessorSharing::ProcessorSharing(Millicores limit) : cores_(static_cast<double>(limit.value) / 1000) {
  assert(limit.value > 0);
}

double ProcessorSharing::rate() const { return std::min(1.0, cores_ / static_cast<double>(jobs_.size())); }

std::optional<ProcessorSharing::Time> ProcessorSharing::next_completion() const {
  if (!ended_.empty()) return now_;
  if (jobs_.empty()) return std::nullopt;
  return first_end();
}

ProcessorSharing::Time ProcessorSharing::first_end() const {
  const double left = std::max(0.0, jobs_.begin()->first - attained_ns_);
  return now_ + Time{static_cast<std::int64_t>(std::ceil(left / rate()))};
}

void ProcessorSharing::work_until(Time now) {
  // From one completion to the next: in between the rate is constant.
  while (!jobs_.empty() && now_ < now) {
    const Time end = std::min(now, first_end());
    const double step = ns(end - now_) * rate();
    attained_ns_ += step;
    used_ns_ += step * static_cast<double>(jobs_.size());
    now_ = end;
    collect_ended();
  }
  now_ = std::max(now_, now);
}

void ProcessorSharing::collect_ended() {
  while (!jobs_.empty() && jobs_.begin()->first <= attained_ns_ + kRounding) {
    ended_.push_back(jobs_.begin()->second);
    ends_.erase(jobs_.begin()->second);
    jobs_.erase(jobs_.begin());
  }
}

ProcessorSharing::JobId ProcessorSharing::add(Time now, std::chrono::nanoseconds demand) {
  work_until(now);
  const double end = attained_ns_ + std::max(1.0, ns(demand));
  jobs_.emplace(end, ++last_id_);
  ends_.emplace(last_id_, end);
  return last_id_;
}

bool ProcessorSharing::remove(Time now, JobId id) {
  work_until(now);
  const auto found = ends_.find(id);
  if (found == ends_.end()) return false;
  jobs_.erase({found->second, id});
  ends_.erase(found);
  return true;
}

std::vector<ProcessorSharing::JobId> ProcessorSharing::advance(Time now) {
  work_until(now);
  return std::exchange(ended_, {});
}

std::chrono::nanoseconds ProcessorSharing::cpu_used() const {
  return std::chrono::nanoseconds{static_cast<std::int64_t>(used_ns_)};
}

}  // namespace surgeproof::demo
