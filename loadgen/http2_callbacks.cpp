#include "loadgen/http2_callbacks.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace surgeproof::loadgen {

namespace {

constexpr std::size_t kFrameHeader = 9;  // octets

Http2Session& session_at(void* self) { return *static_cast<Http2Session*>(self); }

// What a peer wrote, for people: printable, and no novel.
std::string shown(std::string_view text) {
  std::string out{text.substr(0, 200)};
  std::replace_if(out.begin(), out.end(), [](char c) { return c < 0x20 || c == 0x7f; }, '?');
  return out;
}

std::int32_t decimal(const std::uint8_t* text, std::size_t size) {
  std::int32_t n = 0;
  for (std::size_t i = 0; i < size && i < 3; ++i) n = n * 10 + (text[i] - '0');
  return n;
}

}  // namespace

const nghttp2_session_callbacks* Http2Session::Callbacks::table() {
  static const nghttp2_session_callbacks* const kTable = [] {
    nghttp2_session_callbacks* t = nullptr;
    if (nghttp2_session_callbacks_new(&t) != 0) throw std::bad_alloc{};
    nghttp2_session_callbacks_set_on_begin_headers_callback(t, begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(t, header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(t, data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(t, frame_received);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(t, invalid_frame_received);
    nghttp2_session_callbacks_set_on_frame_send_callback(t, frame_sent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(t, frame_not_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(t, stream_closed);
    nghttp2_session_callbacks_set_error_callback2(t, complained);
    return t;
  }();
  return kTable;
}

// A null pointer means "no stream of ours", hence the shift by one.
void* Http2Session::Callbacks::user_data(std::uint32_t slot) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(slot) + 1);
}

std::optional<std::uint32_t> Http2Session::Callbacks::slot_of(nghttp2_session* session, std::int32_t id, void* self) {
  const auto data = reinterpret_cast<std::uintptr_t>(nghttp2_session_get_stream_user_data(session, id));
  if (data == 0) return std::nullopt;
  const auto slot = static_cast<std::uint32_t>(data - 1);
  if (session_at(self).streams_[slot].id != id) return std::nullopt;  // ended; the slot may serve another by now
  return slot;
}

int Http2Session::Callbacks::begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
  const auto slot = slot_of(session, frame->hd.stream_id, self);
  if (!slot) return 0;
  Http2Session& me = session_at(self);
  Stream& s = me.streams_[*slot];
  if (!s.begun && !s.abandoned && me.events_ != nullptr) me.events_->answer_began(*slot);
  s.begun = true;
  return 0;
}

int Http2Session::Callbacks::header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                                    std::uint8_t /*flags*/, void* self) {
  Http2Session& me = session_at(self);
  const auto is = [&](std::string_view wanted) {
    return name_size == wanted.size() && std::memcmp(name, wanted.data(), name_size) == 0;
  };
  const bool status = is(":status");
  const bool server = !status && is("server");
  const bool pod = !status && name_size > 0 && is(me.settings_.pod_header);
  if (!status && !server && !pod) return 0;
  const auto slot = slot_of(session, frame->hd.stream_id, self);
  if (!slot) return 0;
  Stream& s = me.streams_[*slot];
  const std::string_view text{reinterpret_cast<const char*>(value), value_size};
  if (status) s.status = decimal(value, value_size);
  if (server) s.server.assign(text);
  if (pod) s.pod.assign(text);
  return 0;
}

int Http2Session::Callbacks::data(nghttp2_session* session, std::uint8_t /*flags*/, std::int32_t id,
                                  const std::uint8_t* /*bytes*/, std::size_t size, void* self) {
  if (const auto slot = slot_of(session, id, self)) session_at(self).streams_[*slot].bytes_received += size;
  return 0;
}

int Http2Session::Callbacks::frame_received(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
  Http2Session& me = session_at(self);
  switch (frame->hd.type) {
    case NGHTTP2_SETTINGS:
      if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) me.settings_received_ = true;
      return 0;
    case NGHTTP2_GOAWAY: {
      const nghttp2_goaway& goaway = frame->goaway;
      const std::string_view debug{reinterpret_cast<const char*>(goaway.opaque_data), goaway.opaque_data_len};
      me.goaway_ = Goaway{.last_stream = goaway.last_stream_id, .error_code = goaway.error_code, .debug = shown(debug)};
      return 0;
    }
    case NGHTTP2_HEADERS:
    case NGHTTP2_DATA:
    case NGHTTP2_RST_STREAM:
      break;
    default:
      return 0;
  }
  const auto slot = slot_of(session, frame->hd.stream_id, self);
  if (!slot) return 0;
  Stream& s = me.streams_[*slot];
  s.bytes_received += kFrameHeader;
  if (frame->hd.type == NGHTTP2_RST_STREAM) {
    s.reset = frame->rst_stream.error_code;
    return 0;
  }
  if (frame->hd.type == NGHTTP2_HEADERS) {
    s.bytes_received += frame->hd.length;
    const bool interim = s.status >= 100 && s.status < 200;
    if (interim) s.status = 0;
  }
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
    s.complete = true;
    // An answer may come before all of the request is sent; then the rest is of no use to anybody.
    if (s.out_end == 0) nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, s.id, NGHTTP2_NO_ERROR);
  }
  return 0;
}

int Http2Session::Callbacks::invalid_frame_received(nghttp2_session* session, const nghttp2_frame* frame, int error,
                                                    void* self) {
  Http2Session& me = session_at(self);
  if (me.complaint_.empty()) me.complaint_ = nghttp2_strerror(error);
  const auto slot = slot_of(session, frame->hd.stream_id, self);
  if (slot) me.streams_[*slot].complaint = std::move(me.complaint_);
  if (slot) me.complaint_.clear();
  return 0;
}

int Http2Session::Callbacks::frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
  Http2Session& me = session_at(self);
  if (frame->hd.type == NGHTTP2_GOAWAY) me.our_error_code_ = frame->goaway.error_code;
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  const auto slot = slot_of(session, frame->hd.stream_id, self);
  if (!slot) return 0;
  me.streams_[*slot].bytes_framed += kFrameHeader + frame->hd.length;
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) me.framed_last_ = *slot;
  return 0;
}

// A request that nghttp2 would not frame, as its header is too large: its stream was never opened, so that no
// stream_closed() follows.
int Http2Session::Callbacks::frame_not_sent(nghttp2_session* /*session*/, const nghttp2_frame* frame, int /*error*/,
                                            void* self) {
  Http2Session& me = session_at(self);
  if (frame->hd.type != NGHTTP2_HEADERS) return 0;
  for (std::uint32_t slot = 0; slot < me.streams_.size(); ++slot) {
    const Stream& s = me.streams_[slot];
    if (s.id != frame->hd.stream_id || s.bytes_framed > 0) continue;
    me.end(slot, Outcome::generator_error, "the request's header does not fit into an HTTP/2 header block");
  }
  return 0;
}

int Http2Session::Callbacks::stream_closed(nghttp2_session* session, std::int32_t id, std::uint32_t /*error_code*/,
                                           void* self) {
  if (const auto slot = slot_of(session, id, self)) session_at(self).stream_closed(*slot);
  return 0;
}

int Http2Session::Callbacks::complained(nghttp2_session* /*session*/, int /*error*/, const char* text, std::size_t size,
                                        void* self) {
  std::string_view words{text, size};
  words = words.substr(0, words.find(", value: "));  // what a header said is nobody's business
  session_at(self).complaint_ = shown(words);
  return 0;
}

ssize_t Http2Session::Callbacks::read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* buffer,
                                           std::size_t size, std::uint32_t* flags, nghttp2_data_source* /*source*/,
                                           void* self) {
  const auto slot = slot_of(session, id, self);
  if (!slot) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  Stream& s = session_at(self).streams_[*slot];
  const std::size_t n = std::min(size, s.body.size() - s.body_framed);
  std::memcpy(buffer, s.body.data() + s.body_framed, n);
  s.body_framed += n;
  if (s.body_framed == s.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(n);
}

}  // namespace surgeproof::loadgen
