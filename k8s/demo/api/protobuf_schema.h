// The messages that protobuf_body.cpp can read.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace surgeproof::demo {

struct ProtobufField {
  enum class Kind : std::uint8_t {
    text,           ///< left out when empty, as Go's omitempty does
    number,         ///< left out when 0
    optional,       ///< a number that is kept when 0
    flag,           ///< left out when false
    message,        ///< left out when empty
    text_map,       ///< map<string, string>
    quantity_map,   ///< map<string, Quantity>
    quantity,       ///< a message with the text in field 1
    int_or_string,  ///< type, number, text
    ignored,        ///< read over: status, timestamps
  };
  std::uint32_t number = 0;
  std::string_view name;
  Kind kind = Kind::text;
  bool repeated = false;
  const struct ProtobufMessage* message = nullptr;
};

struct ProtobufMessage {
  std::string_view name;
  std::span<const ProtobufField> fields;
};

/// Null for a kind that is not known.
const ProtobufMessage* find_protobuf_message(std::string_view api_version, std::string_view kind);

}  // namespace surgeproof::demo
