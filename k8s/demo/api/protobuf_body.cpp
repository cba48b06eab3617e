#include "k8s/demo/api/protobuf_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/protobuf_schema.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

using Failure = std::unexpected<std::string>;
using Kind = ProtobufField::Kind;

constexpr std::string_view kMagic{"k8s\0", 4};

/// One field off the wire: a varint, or bytes.
struct WireField {
  std::uint32_t number = 0;
  bool is_bytes = false;
  std::uint64_t value = 0;
  std::string_view bytes;
};

std::optional<std::uint64_t> take_varint(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

std::optional<WireField> take_field(std::string_view& in) {
  const auto tag = take_varint(in);
  if (!tag || (*tag >> 3) == 0 || (*tag >> 3) > UINT32_MAX) return std::nullopt;
  WireField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  const auto type = *tag & 7;
  if (type != 0 && type != 2) return std::nullopt;  // no other occurs in these messages
  const auto value = take_varint(in);
  if (!value) return std::nullopt;
  field.value = *value;
  if (type == 0) return field;
  if (*value > in.size()) return std::nullopt;
  field.is_bytes = true;
  field.bytes = in.substr(0, *value);
  in.remove_prefix(*value);
  return field;
}

/// The bytes of one field of a message; empty when absent or malformed.
std::string_view bytes_of(std::string_view message, std::uint32_t number) {
  std::string_view found;
  while (!message.empty()) {
    const auto field = take_field(message);
    if (!field) break;
    if (field->number == number && field->is_bytes) found = field->bytes;
  }
  return found;
}

json::value int_or_string(std::string_view message) {
  std::uint64_t type = 0;
  std::uint64_t number = 0;
  const auto text = bytes_of(message, 3);
  while (!message.empty()) {
    const auto field = take_field(message);
    if (!field) break;
    if (field->number == 1) type = field->value;
    if (field->number == 2) number = field->value;
  }
  if (type == 1) return json::value(text);
  return json::value(static_cast<std::int32_t>(number));
}

std::expected<json::object, std::string> decode(const ProtobufMessage& schema, std::string_view in);

void put(json::object& into, const ProtobufField& field, json::value value) {
  if (!field.repeated) {
    into[field.name] = std::move(value);
    return;
  }
  json::value& list = into[field.name];
  if (!list.is_array()) list.emplace_array();
  list.get_array().push_back(std::move(value));
}

std::expected<void, std::string> take_message(json::object& into, const ProtobufField& field, std::string_view bytes) {
  auto inner = decode(*field.message, bytes);
  if (!inner) return Failure{inner.error()};
  if (field.repeated || !inner->empty()) put(into, field, *std::move(inner));
  return {};
}

std::expected<void, std::string> take(json::object& into, const ProtobufField& field, const WireField& wire) {
  const bool varint = field.kind == Kind::number || field.kind == Kind::optional || field.kind == Kind::flag;
  if (field.kind != Kind::ignored && varint == wire.is_bytes) {
    return Failure{fmt::format("the protobuf field {} has the wrong type", field.name)};
  }
  switch (field.kind) {
    case Kind::text:
      if (field.repeated || !wire.bytes.empty()) put(into, field, json::value(wire.bytes));
      break;
    case Kind::number:
      if (wire.value != 0) put(into, field, static_cast<std::int64_t>(wire.value));
      break;
    case Kind::optional:
      put(into, field, static_cast<std::int64_t>(wire.value));
      break;
    case Kind::flag:
      if (wire.value != 0) put(into, field, true);
      break;
    case Kind::message:
      return take_message(into, field, wire.bytes);
    case Kind::text_map:
      ensure_object(into, field.name)[bytes_of(wire.bytes, 1)] = bytes_of(wire.bytes, 2);
      break;
    case Kind::quantity_map:
      ensure_object(into, field.name)[bytes_of(wire.bytes, 1)] = bytes_of(bytes_of(wire.bytes, 2), 1);
      break;
    case Kind::quantity:
      put(into, field, json::value(bytes_of(wire.bytes, 1)));
      break;
    case Kind::int_or_string:
      put(into, field, int_or_string(wire.bytes));
      break;
    case Kind::ignored:
      break;
  }
  return {};
}

std::expected<json::object, std::string> decode(const ProtobufMessage& schema, std::string_view in) {
  json::object object;
  while (!in.empty()) {
    const auto wire = take_field(in);
    if (!wire) return Failure{fmt::format("the protobuf of a {} is malformed", schema.name)};
    const auto known = std::ranges::find(schema.fields, wire->number, &ProtobufField::number);
    if (known == schema.fields.end()) {
      return Failure{
          fmt::format("the demo cluster cannot read field {} of a {} in protobuf", wire->number, schema.name)};
    }
    if (auto taken = take(object, *known, *wire); !taken) return Failure{taken.error()};
  }
  return object;
}

}  // namespace

std::expected<json::object, std::string> decode_protobuf(std::string_view body) {
  if (!body.starts_with(kMagic)) return Failure{"the body is not Kubernetes' protobuf"};
  body.remove_prefix(kMagic.size());
  const auto type = bytes_of(body, 1);
  const auto version = bytes_of(type, 1);
  const auto kind = bytes_of(type, 2);
  const ProtobufMessage* schema = find_protobuf_message(version, kind);
  if (schema == nullptr) return Failure{fmt::format("the demo cluster cannot read a {} {} in protobuf", version, kind)};
  auto object = decode(*schema, bytes_of(body, 2));
  if (!object) return object;
  if (kind != "DeleteOptions") {
    (*object)["apiVersion"] = version;
    (*object)["kind"] = kind;
  }
  return object;
}

}  // namespace surgeproof::demo
