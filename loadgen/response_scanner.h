// Reads the header of the common answer in one go: HTTP/1.1 with a Content-Length, whole in one buffer. Pure.
//
// It knows a little of HTTP and is sure of that; everything else (chunked, interim, folded, oddly written, cut off) it
// leaves to the full parser, which then reads the answer from its first byte. That both agree is tested, and fuzzed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surgeproof::loadgen {

struct ScannedHeader {
  std::size_t size = 0;  ///< of the header, with the empty line
  int status = 0;
  std::uint64_t body_size = 0;
  bool keep_alive = true;
  std::string_view server;  ///< into the scanned bytes
  std::string_view pod;     ///< likewise
};

/// The header that `bytes` begins with; empty when it is not (all there and) of the common kind. The answer must not be
/// one to a HEAD request. `pod_header`: the header that names who answered; empty for none.
std::optional<ScannedHeader> scan_header(std::string_view bytes, std::string_view pod_header);

}  // namespace surgeproof::loadgen
