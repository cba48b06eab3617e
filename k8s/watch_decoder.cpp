#include "k8s/watch_decoder.h"

#include <optional>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

std::optional<WatchEvent::Type> type_from(std::string_view name) {
  if (name == "ADDED") return WatchEvent::Type::added;
  if (name == "MODIFIED") return WatchEvent::Type::modified;
  if (name == "DELETED") return WatchEvent::Type::deleted;
  if (name == "BOOKMARK") return WatchEvent::Type::bookmark;
  if (name == "ERROR") return WatchEvent::Type::error;
  return std::nullopt;
}

}  // namespace

std::string WatchEvent::resource_version() const { return text_at(object_at(object, "metadata"), "resourceVersion"); }

int WatchEvent::error_code() const { return type == Type::error ? int_at(object, "code") : 0; }

std::expected<void, std::string> WatchDecoder::feed(std::string_view bytes, std::vector<WatchEvent>& out) {
  while (broken_.empty() && !bytes.empty()) {
    const auto newline = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, newline);
    if (line_.size() + piece.size() > max_line_) {
      broken_ = "an event of the watch is too long";
      break;
    }
    if (newline == std::string_view::npos) {
      line_ += piece;
      return {};
    }
    // Without a beginning kept from before, the line is decoded where it lies.
    const auto result = line_.empty() ? decode(piece, out) : decode(line_ += piece, out);
    if (!result) broken_ = result.error();
    line_.clear();
    bytes.remove_prefix(newline + 1);
  }
  if (!broken_.empty()) {
    line_.clear();
    return std::unexpected(broken_);
  }
  return {};
}

std::expected<void, std::string> WatchDecoder::decode(std::string_view line, std::vector<WatchEvent>& out) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return {};
  auto value = parse_json(line);
  if (!value || !value->is_object()) return std::unexpected("a line of the watch is not a JSON object");
  json::object& event = value->get_object();
  const auto type = type_from(text_at(event, "type"));
  if (!type) return std::unexpected("an event of the watch has an unknown type");
  json::value* object = event.if_contains("object");
  if (!object || !object->is_object()) return std::unexpected("an event of the watch has no object");
  out.push_back({*type, std::move(object->get_object())});
  return {};
}

}  // namespace surgeproof::k8s
