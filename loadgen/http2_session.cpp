#include "loadgen/http2_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <new>
#include <utility>

#include "base/ascii.h"
#include "loadgen/http2_callbacks.h"

namespace surgeproof::loadgen {

namespace {

constexpr std::size_t kMaxOutput = 256 * 1024;  // request bodies beyond wait until this much is written
constexpr std::int32_t kWindow = 1 << 30;       // octets that a server may send before it hears from us
constexpr std::uint32_t kHeaderListLimit = 64 * 1024;

std::uint8_t* octets(std::string_view text) {
  // nghttp2 takes pointers to mutable octets and never writes through them.
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

std::string http2_error_name(std::uint32_t code) {
  if (code > NGHTTP2_HTTP_1_1_REQUIRED) return fmt::format("error {:#x}", code);
  return nghttp2_http2_strerror(code);
}

Http2Session::Http2Session(Settings settings, std::span<const Http2Pattern> patterns)
    : settings_(std::move(settings)), patterns_(patterns) {
  settings_.max_streams = std::max(1U, settings_.max_streams);
  settings_.pod_header = ascii::lower(settings_.pod_header);
  nghttp2_session* session = nullptr;
  if (nghttp2_session_client_new(&session, Callbacks::table(), this) != 0) throw std::bad_alloc{};
  session_.reset(session);
  const std::array<nghttp2_settings_entry, 3> entries{{
      {.settings_id = NGHTTP2_SETTINGS_ENABLE_PUSH, .value = 0},
      {.settings_id = NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, .value = kWindow},
      {.settings_id = NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, .value = kHeaderListLimit},
  }};
  if (nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, entries.data(), entries.size()) != 0 ||
      nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kWindow) != 0) {
    throw std::bad_alloc{};
  }
  produce();
}

Http2Session::~Http2Session() = default;

bool Http2Session::closing() const {
  return broken_ || goaway_ || nghttp2_session_check_request_allowed(session_.get()) == 0;
}

std::uint32_t Http2Session::room() const {
  if (closing()) return 0;
  const std::uint32_t theirs =
      settings_received_ ? nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
                         : 1;
  const std::uint32_t most = std::min(theirs, settings_.max_streams);
  return most > in_flight_ ? most - in_flight_ : 0;
}

void Http2Session::submit(std::uint32_t stream, const Ticket& ticket) {
  const Http2Pattern& pattern = patterns_[ticket.request];
  const std::string_view body = pattern.write(ticket.sequence, request_text_, request_fields_);
  submit(stream, request_fields_, body);
}

void Http2Session::submit(std::uint32_t stream, std::span<const Http2Field> fields, std::string_view body) {
  assert(room() > 0);
  if (stream >= streams_.size()) streams_.resize(stream + 1);
  Stream& s = streams_[stream];
  assert(s.id == 0);
  s.status = 0;
  s.begun = s.complete = s.abandoned = false;
  s.reset.reset();
  s.bytes_received = s.bytes_framed = s.out_end = s.body_framed = 0;
  s.out_begin = produced_;
  s.body.assign(body);
  s.server.clear();
  s.pod.clear();
  s.complaint.clear();
  nv_.clear();
  for (const Http2Field& field : fields) {
    const int index = field.varies ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
    nv_.push_back(
        {.name = octets(field.name),
         .value = octets(field.value),
         .namelen = field.name.size(),
         .valuelen = field.value.size(),
         .flags = static_cast<std::uint8_t>(NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE | index)});
  }
  const nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = Callbacks::read_body};
  const std::int32_t id = nghttp2_submit_request(session_.get(), nullptr, nv_.data(), nv_.size(),
                                                 body.empty() ? nullptr : &provider, Callbacks::user_data(stream));
  if (id < 0) {
    end(stream, Outcome::generator_error, nghttp2_strerror(id));
    return;
  }
  s.id = id;
  ++in_flight_;
  // HEADERS go before all DATA, so that the fields are read before this returns, however full the output is.
  while (s.bytes_framed == 0 && s.id != 0 && produce_frame()) {
  }
  if (s.bytes_framed == 0 && s.id != 0) return break_connection("the request could not be framed");
  produce();
}

bool Http2Session::abandon(std::uint32_t stream) {
  Stream& s = streams_[stream];
  std::erase_if(late_ends_, [&](const LateEnd& e) { return e.stream == stream; });
  s.abandoned = true;
  if (s.id != 0 && !broken_) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, s.id, NGHTTP2_CANCEL);
    while (s.id != 0 && produce_frame()) {  // goes before all DATA, too
    }
    if (s.id != 0) break_connection("a stream could not be reset");
    produce();
  }
  if (s.id != 0) end(stream, std::nullopt, {});
  return !broken_;
}

// One frame, or what nghttp2 gives of it, to the output. False: there is none now.
bool Http2Session::produce_frame() {
  const std::uint8_t* data = nullptr;
  framed_last_.reset();
  const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
  if (size < 0) break_connection(nghttp2_strerror(static_cast<int>(size)));
  if (size <= 0) return false;
  out_.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  produced_ += static_cast<std::uint64_t>(size);
  if (framed_last_) streams_[*framed_last_].out_end = produced_;
  return true;
}

void Http2Session::produce() {
  if (broken_) return;
  while (out_.size() - out_written_ < kMaxOutput && produce_frame()) {
  }
  if (our_error_code_ != 0) break_connection(http2_error_name(our_error_code_));
}

void Http2Session::wrote(std::size_t bytes) {
  assert(bytes <= out_.size() - out_written_);
  out_written_ += bytes;
  written_ += bytes;
  if (out_written_ == out_.size()) {
    out_.clear();
    out_written_ = 0;
  } else if (out_written_ >= kMaxOutput) {
    out_.erase(0, out_written_);
    out_written_ = 0;
  }
  produce();
}

bool Http2Session::receive(std::string_view bytes, SessionEvents& events) {
  for (const LateEnd& e : std::exchange(late_ends_, {})) {
    if (e.failure) events.stream_failed(e.stream, {.outcome = *e.failure, .error = e.error});
    if (!e.failure) events.answer_ended(e.stream, partial(e.stream));
  }
  if (broken_ || bytes.empty()) return !broken_;
  events_ = &events;
  const ssize_t used = nghttp2_session_mem_recv(session_.get(), octets(bytes), bytes.size());
  if (used < 0) break_connection(nghttp2_strerror(static_cast<int>(used)));
  produce();
  events_ = nullptr;
  return !broken_;
}

// The connection is of no more use. Whoever owns it ends what is in flight.
void Http2Session::break_connection(std::string_view why) {
  if (broken_) return;
  broken_ = true;
  error_ = complaint_.empty() ? std::string{why} : fmt::format("{}: {}", why, complaint_);
}

void Http2Session::end(std::uint32_t stream, std::optional<Outcome> failure, std::string error) {
  Stream& s = streams_[stream];
  if (s.id != 0) --in_flight_;
  s.id = 0;
  if (s.abandoned) return;
  if (events_ == nullptr) {
    late_ends_.push_back({.stream = stream, .failure = failure, .error = std::move(error)});
  } else if (failure) {
    events_->stream_failed(stream, {.outcome = *failure, .error = error});
  } else {
    events_->answer_ended(stream, partial(stream));
  }
}

void Http2Session::stream_closed(std::uint32_t stream) {
  const Stream& s = streams_[stream];
  if (s.complete && s.status >= 200) return end(stream, std::nullopt, {});
  if (s.complete) return end(stream, Outcome::malformed, fmt::format("the answer's status is {:03}", s.status));
  if (s.reset) {
    const bool refused = *s.reset == NGHTTP2_REFUSED_STREAM;
    return end(stream, s.begun ? Outcome::truncated : Outcome::reset,
               fmt::format("RST_STREAM {}{}", http2_error_name(*s.reset),
                           refused ? ": not processed by the server, may be sent again" : ""));
  }
  if (goaway_ && s.id > goaway_->last_stream) {
    return end(stream, goaway_->error_code == NGHTTP2_NO_ERROR ? Outcome::closed : Outcome::reset,
               fmt::format("{} (stream {}, last processed {}): not processed by the server, may be sent again",
                           farewell(), s.id, goaway_->last_stream));
  }
  end(stream, Outcome::malformed, s.complaint.empty() ? "the answer breaks HTTP/2's rules" : s.complaint);
}

std::string Http2Session::farewell() const {
  if (!goaway_) return {};
  return fmt::format("GOAWAY {}{}{}", http2_error_name(goaway_->error_code), goaway_->debug.empty() ? "" : ": ",
                     goaway_->debug);
}

Answer Http2Session::partial(std::uint32_t stream) const {
  if (stream >= streams_.size()) return {};
  const Stream& s = streams_[stream];
  return {.status = s.status, .bytes = s.bytes_received, .pod = s.pod, .server = s.server};
}

std::uint64_t Http2Session::bytes_sent(std::uint32_t stream) const {
  if (stream >= streams_.size()) return 0;
  const Stream& s = streams_[stream];
  if (s.out_end != 0 && written_ >= s.out_end) return s.bytes_framed;
  return std::min(s.bytes_framed, written_ - std::min(written_, s.out_begin));
}

}  // namespace surgeproof::loadgen
