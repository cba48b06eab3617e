// A request on the wire, serialised once; only its placeholders are filled in for each send. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

/// 36 characters of a version 4 UUID: a pure function of the seed and the request's number.
std::array<char, 36> uuid_of(std::uint64_t seed, std::uint64_t sequence);

/// Does a request of this kind carry a trace context of ours: is it wanted, and none written in the scenario?
bool is_traced(const ClientOptions& client, const RequestTemplate& request);

/// One request template against one target. {{sequence}} and {{uuid}} may stand in path, header values and body; all
/// {{uuid}} of one request are the same.
class RequestPattern {
 public:
  /// What every request of the run shares.
  struct Common {
    std::string host;       ///< for the Host header, with the port when it is not the scheme's own
    std::string base_path;  ///< of the target, without a slash at its end
    std::vector<std::pair<std::string, std::string>> headers;
    bool keep_alive = true;
    bool traced = false;  ///< a `traceparent` on every request, unless the scenario writes its own
    std::uint64_t seed = 1;
  };
  RequestPattern(const RequestTemplate& request, const Common& common);

  /// Replaces `out` (whose capacity is reused) by request number `sequence`.
  void write(std::uint64_t sequence, std::string& out) const;
  [[nodiscard]] bool is_head() const { return head_method_; }
  /// Does it carry a trace context of ours (trace_context.h)?
  [[nodiscard]] bool traced() const { return traced_; }

 private:
  enum class Slot : std::uint8_t { none, sequence, uuid, content_length, traceparent };
  struct Piece {
    std::string text;        // literal
    Slot slot = Slot::none;  // and what follows it
  };
  void append(std::string_view text);
  void append_pattern(std::string_view text, bool in_body = false);

  std::vector<Piece> pieces_;
  std::uint64_t seed_;
  std::size_t body_literal_bytes_ = 0;
  std::size_t body_sequences_ = 0;
  bool head_method_;
  bool traced_;
};

}  // namespace surgeproof::loadgen
