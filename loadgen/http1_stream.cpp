#include "loadgen/http1_stream.h"

#include <cassert>

namespace surgeproof::loadgen {

void Http1Stream::submit(std::uint32_t /*stream*/, const Ticket& ticket) {
  assert(room() == 1);
  const RequestPattern& pattern = plan_.patterns[ticket.request];
  pattern.write(ticket.sequence, out_);
  written_ = 0;
  session_.expect_answer(pattern.is_head());
  in_flight_ = true;
}

bool Http1Stream::receive(std::string_view bytes, SessionEvents& events) {
  const bool waiting = session_.state() == Http1Session::State::waiting;
  const Http1Session::State state = session_.receive(bytes);
  if (!in_flight_) return true;  // nobody asked: closing() says so
  if (waiting) events.answer_began(0);
  if (state == Http1Session::State::malformed) return false;
  if (state == Http1Session::State::complete) complete(events);
  return true;
}

void Http1Stream::end_of_stream(SessionEvents& events) {
  const bool was_in_flight = in_flight_;
  if (session_.end_of_stream() == Http1Session::State::complete && was_in_flight) complete(events);
}

void Http1Stream::complete(SessionEvents& events) {
  in_flight_ = false;
  broken_ = written_ < out_.size();
  events.answer_ended(0, partial(0));
}

Answer Http1Stream::partial(std::uint32_t /*stream*/) const {
  return {.status = session_.status(),
          .bytes = session_.bytes_received(),
          .pod = session_.pod(),
          .server = session_.server()};
}

}  // namespace surgeproof::loadgen
