// What a worker writes down.
#include <ctime>

#include <algorithm>
#include <utility>

#include "loadgen/trace_context.h"
#include "loadgen/worker.h"

namespace surgeproof::loadgen {
namespace {

std::int64_t thread_cpu_ns() {
  std::timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

void Worker::record_planned(const Ticket& ticket) {
  gauges_.planned.add();
  ++recorder_.tally().cell(recorder_.key_of(ticket.planned - plan_.load_start, ticket.request)).planned;
}

void Worker::end_unsent(const Ticket& ticket, RunTime now, Outcome outcome, Phase phase, int error_number,
                        const std::string& error) {
  Tally& tally = recorder_.tally();
  if (outcome == Outcome::unsent) tally.schedule_error(now - ticket.planned);
  Cell& cell = tally.cell(recorder_.key_of(ticket.planned - plan_.load_start, ticket.request));
  tally.end(cell, {.outcome = outcome, .latency = now - ticket.planned});
  gauges_.outcomes[static_cast<std::size_t>(outcome)].add();
  if (!recorder_.admit_failure(outcome)) return;
  const RequestEnd end{.outcome = outcome, .at = now, .phase = phase, .error_number = error_number, .error = error};
  record_failure(ticket, end, {});
}

void Worker::request_ended(Connection& connection, const Exchange& exchange, const RequestEnd& end,
                           const Answer& answer) {
  const Ticket& ticket = exchange.ticket;
  Tally& tally = recorder_.tally();
  const CellKey key = recorder_.key_of(ticket.planned - plan_.load_start, ticket.request);
  tally.end(tally.cell(key), {.outcome = end.outcome,
                              .latency = end.at - ticket.planned,
                              .service = exchange.sent ? end.at - exchange.sent_at : RunTime{},
                              .bytes_received = end.bytes_received,
                              .status = end.status});
  gauges_.outcomes[static_cast<std::size_t>(end.outcome)].add();
  gauges_.in_flight.set(--in_flight_);
  if (is_answered(end.outcome)) {
    if (!connection.peer_index) connection.peer_index = recorder_.peer_index(connection.peer(), pod_of(connection));
    tally.answered(std::max(std::int64_t{0}, (end.at - plan_.load_start) / kWindow), *connection.peer_index);
    if (tally.is_slow(end.at - ticket.planned)) record_slow(connection, exchange, end, key);
  }
  if (end.outcome != Outcome::ok && recorder_.admit_failure(end.outcome)) {
    RequestFailure details;
    connection.describe(exchange, end, details);
    details.pod = pod_of(connection);
    details.server = answer.server;
    record_failure(ticket, end, std::move(details));
  }
  if (plan_.load.closed) {
    // After a failure the next request waits for the sweep: a refusing service is not asked a million times.
    ++(is_answered(end.outcome) ? closed_free_ : closed_resting_);
  }
}

// As the answers say; else as the address does.
const std::string& Worker::pod_of(const Connection& connection) const {
  return connection.pod().empty() ? addresses_.book().pod(connection.slot()) : connection.pod();
}

void Worker::record_slow(const Connection& connection, const Exchange& exchange, const RequestEnd& end,
                         const CellKey& key) {
  recorder_.tally().add_slow({.key = key,
                              .latency = end.at - exchange.ticket.planned,
                              .planned = exchange.ticket.planned,
                              .sent = exchange.sent_at,
                              .first_byte = exchange.first_byte_at,
                              .ended = end.at,
                              .sequence = exchange.ticket.sequence,
                              .connection = connection.id(),
                              .bytes_received = end.bytes_received,
                              .requests_on_connection = exchange.answers_before,
                              .peer = *connection.peer_index,
                              .status = end.status});
}

void Worker::record_failure(const Ticket& ticket, const RequestEnd& end, RequestFailure details) {
  Failure failure{
      .request = ticket.request, .planned = ticket.planned - plan_.load_start, .details = std::move(details)};
  failure.details.outcome = end.outcome;
  failure.details.ended = end.at;
  failure.details.error_number = end.error_number;
  failure.details.error = end.error;
  failure.details.phase = name_of(end.phase);
  const bool sent = failure.details.sent.has_value();
  if (sent && plan_.patterns[ticket.request].traced()) {
    failure.details.trace_id = text_of_trace_id(plan_.load.seed, ticket.sequence);
  }
  recorder_.add_failure(std::move(failure));
}

double Worker::take_cpu_share(RunTime now) {
  const std::int64_t cpu_ns = thread_cpu_ns();
  const std::int64_t idle_ns = std::exchange(polled_in_vain_, RunTime{}).count();
  const auto used = static_cast<double>(cpu_ns - std::exchange(cpu_at_flush_ns_, cpu_ns) - idle_ns);
  const auto elapsed = std::max<RunTime>(kWindow, now - std::exchange(flushed_, now));  // the last one is cut short
  return std::clamp(used / static_cast<double>(elapsed.count()), 0.0, 1.0);
}

void Worker::flush(RunTime now, bool last) {
  std::unique_ptr<Batch> batch = recorder_.take(mailbox_.recycled());
  batch->worker = index_;
  batch->window = std::max(std::int64_t{0}, (now - plan_.load_start) / kWindow - (last ? 0 : 1));
  batch->last = last;
  batch->cpu_share = take_cpu_share(now);
  batch->backlog = backlog_.size();
  batch->in_flight = in_flight_;
  batch->connections = pool_.open_connections();
  mailbox_.post(std::move(batch));
  while (next_flush_ <= now) next_flush_ += kWindow;
}

}  // namespace surgeproof::loadgen
