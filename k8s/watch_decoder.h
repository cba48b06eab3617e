// The body of a watch: one JSON object a line. Sans-I/O: bytes in, events out, whatever the split.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::k8s {

struct WatchEvent {
  enum class Type : std::uint8_t {
    added,     ///< new, or there when the watch began
    modified,  ///< changed
    deleted,   ///< gone; the object is its last state
    bookmark,  ///< nothing changed; only metadata.resourceVersion is meant
    error,     ///< the object is a Status: the watch is over
  };
  Type type{};
  boost::json::object object;

  /// metadata.resourceVersion
  [[nodiscard]] std::string resource_version() const;
  /// The HTTP code of an error event's Status; 0 without one.
  [[nodiscard]] int error_code() const;
};

class WatchDecoder {
 public:
  /// `max_line`: bytes; an API object is at most 1.5 MiB in etcd, as JSON somewhat more.
  explicit WatchDecoder(std::size_t max_line = 16u << 20) : max_line_(max_line) {}

  /// Appends the events that are complete now. An error, a sentence, is final: the stream is not a watch's (events
  /// decoded before the broken line are in `out`).
  std::expected<void, std::string> feed(std::string_view bytes, std::vector<WatchEvent>& out);
  /// Whether the last line is incomplete: at the end of the stream that means it was cut.
  [[nodiscard]] bool partial() const { return !line_.empty(); }

 private:
  std::expected<void, std::string> decode(std::string_view line, std::vector<WatchEvent>& out);

  std::size_t max_line_;
  std::string line_;
  std::string broken_;  // not empty: the error that ended it
};

}  // namespace surgeproof::k8s
