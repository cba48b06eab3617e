// What a worker writes down.
#include <ctime>

#include <algorithm>
#include <utility>

#include "loadgen/worker.h"

namespace surgeproof::loadgen {
namespace {

std::int64_t thread_cpu_ns() {
  std::timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

void Worker::end_unsent(const Ticket& ticket, RunTime now, Outcome outcome, Phase phase, int error_number,
                        const std::string& error) {
  recorder_.add({.planned = ticket.planned - plan_.load_start,
                 .lateness = now - ticket.planned,
                 .request = ticket.request,
                 .what = Event::kEnded,
                 .outcome = outcome});
  gauges_.outcomes[static_cast<std::size_t>(outcome)].add();
  const RequestEnd end{
      .outcome = outcome, .at = now, .phase = phase, .error_number = error_number, .error = error, .reusable = false};
  record_failure(ticket, end, nullptr);
}

void Worker::record_dispatch(const Ticket& ticket, RunTime now, std::uint8_t what) {
  recorder_.add({.planned = ticket.planned - plan_.load_start,
                 .lateness = now - ticket.planned,
                 .request = ticket.request,
                 .what = what});
}

void Worker::record_failure(const Ticket& ticket, const RequestEnd& end, const Connection* connection) {
  if (!recorder_.admit_failure(end.outcome)) return;
  Failure failure{.request = ticket.request, .planned = ticket.planned - plan_.load_start, .details = {}};
  failure.details.outcome = end.outcome;
  failure.details.ended = end.at;
  failure.details.error_number = end.error_number;
  failure.details.error = end.error;
  failure.details.phase = name_of(end.phase);
  if (connection != nullptr) connection->describe(failure.details);
  recorder_.add_failure(std::move(failure));
}

double Worker::take_cpu_share(RunTime now) {
  const std::int64_t cpu_ns = thread_cpu_ns();
  const auto used = static_cast<double>(cpu_ns - std::exchange(cpu_at_flush_ns_, cpu_ns));
  const auto elapsed = std::max<RunTime>(kWindow, now - std::exchange(flushed_, now));  // the last one is cut short
  return std::min(1.0, used / static_cast<double>(elapsed.count()));
}

void Worker::flush(RunTime now, bool last) {
  Batch batch = recorder_.take(mailbox_.recycled());
  batch.worker = index_;
  batch.window = std::max(std::int64_t{0}, (now - plan_.load_start) / kWindow - (last ? 0 : 1));
  batch.last = last;
  batch.cpu_share = take_cpu_share(now);
  batch.backlog = backlog_.size();
  batch.in_flight = in_flight_;
  batch.connections = pool_.open_connections();
  mailbox_.post(std::move(batch));
  while (next_flush_ <= now) next_flush_ += kWindow;
}

}  // namespace surgeproof::loadgen
