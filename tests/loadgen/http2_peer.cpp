#include "tests/loadgen/http2_peer.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace surgeproof::loadgen {
namespace {

nghttp2_nv field(std::string_view name, std::string_view value) {
  return {.name = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(name.data())),
          .value = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(value.data())),
          .namelen = name.size(),
          .valuelen = value.size(),
          .flags = NGHTTP2_NV_FLAG_NONE};
}

std::vector<nghttp2_nv> fields(const Http2Peer::Headers& headers) {
  std::vector<nghttp2_nv> out;
  out.reserve(headers.size());
  for (const auto& [name, value] : headers) out.push_back(field(name, value));
  return out;
}

void require(int error) {
  if (error < 0) throw std::runtime_error(nghttp2_strerror(error));
}

}  // namespace

struct Http2Peer::Callbacks {
  static Request& request(Http2Peer& me, std::int32_t stream) {
    for (Request& r : me.requests) {
      if (r.stream == stream) return r;
    }
    return me.requests.emplace_back(Request{.stream = stream, .headers = {}, .body = {}});
  }
  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
    const std::string key{reinterpret_cast<const char*>(name), name_size};
    request(*static_cast<Http2Peer*>(self), frame->hd.stream_id)
        .headers[key]
        .assign(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }
  static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                  void* self) {
    request(*static_cast<Http2Peer*>(self), id).body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    Http2Peer& me = *static_cast<Http2Peer*>(self);
    const bool acknowledges = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
    if (frame->hd.type == NGHTTP2_PING && acknowledges) ++me.pings_answered;
    if (frame->hd.type == NGHTTP2_SETTINGS && acknowledges) ++me.settings_acknowledged;
    if (frame->hd.type == NGHTTP2_RST_STREAM) me.resets[frame->hd.stream_id] = frame->rst_stream.error_code;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      me.client_said_goaway = true;
      me.goaway_from_client = frame->goaway.error_code;
    }
    const bool of_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (of_request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      request(me, frame->hd.stream_id).complete = true;
    }
    return 0;
  }
  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source*, void* self) {
    Body& body = static_cast<Http2Peer*>(self)->bodies_[id];
    const std::size_t n = std::min(size, body.bytes.size() - body.at);
    std::memcpy(buffer, body.bytes.data() + body.at, n);
    body.at += n;
    if (body.at < body.bytes.size()) return static_cast<ssize_t>(n);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!body.trailers.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto nv = fields(body.trailers);
      nghttp2_submit_trailer(session, id, nv.data(), nv.size());
    }
    return static_cast<ssize_t>(n);
  }
};

Http2Peer::Http2Peer(const std::vector<nghttp2_settings_entry>& settings) {
  nghttp2_session_callbacks* callbacks = nullptr;
  require(nghttp2_session_callbacks_new(&callbacks));
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::frame_received);
  require(nghttp2_session_server_new(&session_, callbacks, this));
  nghttp2_session_callbacks_del(callbacks);
  change_settings(settings);
}

Http2Peer::~Http2Peer() { nghttp2_session_del(session_); }

void Http2Peer::receive(std::string_view bytes) {
  const ssize_t used =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  require(static_cast<int>(used));
}

std::string Http2Peer::take_output() {
  std::string out;
  const std::uint8_t* data = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_, &data)) > 0) {
    out.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }
  require(static_cast<int>(size));
  return out;
}

void Http2Peer::answer(std::int32_t stream, int status, const Headers& headers, std::string body,
                       const Headers& trailers) {
  Headers all{{":status", std::to_string(status)}};
  all.insert(all.end(), headers.begin(), headers.end());
  const bool with_data = !body.empty() || !trailers.empty();
  bodies_[stream] = {.bytes = std::move(body), .trailers = trailers};
  nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = Callbacks::read_body};
  const auto nv = fields(all);
  require(nghttp2_submit_response(session_, stream, nv.data(), nv.size(), with_data ? &provider : nullptr));
}

void Http2Peer::interim(std::int32_t stream, int status) {
  const Headers headers{{":status", std::to_string(status)}, {"link", "</a.css>"}};
  const auto nv = fields(headers);
  require(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream, nullptr, nv.data(), nv.size(), nullptr));
}

void Http2Peer::reset(std::int32_t stream, std::uint32_t error_code) {
  require(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, error_code));
}

void Http2Peer::goaway(std::int32_t last_stream, std::uint32_t error_code, std::string_view debug) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(debug.data());
  if (last_stream < 0) {
    require(nghttp2_submit_shutdown_notice(session_));
  } else {
    require(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_stream, error_code, bytes, debug.size()));
  }
}

void Http2Peer::ping() { require(nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr)); }

void Http2Peer::grant(std::int32_t octets) {
  require(nghttp2_submit_window_update(session_, NGHTTP2_FLAG_NONE, 0, octets));
}

void Http2Peer::change_settings(const std::vector<nghttp2_settings_entry>& settings) {
  require(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
}

const Http2Peer::Request* Http2Peer::next_request() {
  if (taken_ == requests.size() || !requests[taken_].complete) return nullptr;
  return &requests[taken_++];
}

}  // namespace surgeproof::loadgen
