// What nghttp2 tells a Http2Session. Only http2_session.cpp and http2_callbacks.cpp need it.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <optional>
#include <string>

#include "loadgen/http2_session.h"

namespace surgeproof::loadgen {

struct Http2Session::Callbacks {
  /// The one table for all sessions.
  static const nghttp2_session_callbacks* table();
  /// How nghttp2 remembers a stream's slot.
  static void* user_data(std::uint32_t slot);

  static int begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* self);
  static int header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t flags,
                    void* self);
  static int data(nghttp2_session* session, std::uint8_t flags, std::int32_t id, const std::uint8_t* bytes,
                  std::size_t size, void* self);
  static int frame_received(nghttp2_session* session, const nghttp2_frame* frame, void* self);
  static int invalid_frame_received(nghttp2_session* session, const nghttp2_frame* frame, int error, void* self);
  static int frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* self);
  static int frame_not_sent(nghttp2_session* session, const nghttp2_frame* frame, int error, void* self);
  static int stream_closed(nghttp2_session* session, std::int32_t id, std::uint32_t error_code, void* self);
  static int complained(nghttp2_session* session, int error, const char* text, std::size_t size, void* self);
  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source* source, void* self);

 private:
  static std::optional<std::uint32_t> slot_of(nghttp2_session* session, std::int32_t id, void* self);
};

}  // namespace surgeproof::loadgen
