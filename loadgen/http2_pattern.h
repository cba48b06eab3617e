// A request template as HTTP/2 header fields, taken from its HTTP/1 form: one place fills the placeholders. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/request_pattern.h"

namespace surgeproof::loadgen {

/// A header field on its way out. Names are in lower case.
struct Http2Field {
  std::string_view name;
  std::string_view value;
  bool varies = false;  ///< from request to request: not worth a place in the compression table
};

class Http2Pattern {
 public:
  /// `scheme`: "http" or "https". `request` must outlive this.
  Http2Pattern(const RequestPattern& request, std::string scheme);

  /// Request number `sequence`: replaces `fields`, whose values point into `text` (replaced as well) or into this.
  /// Returns the body, which stands in `text`.
  std::string_view write(std::uint64_t sequence, std::string& text, std::vector<Http2Field>& fields) const;

  /// Octets of the header that count for the server's limit (RFC 9113, 6.5.2: name + value + 32 for each field).
  [[nodiscard]] std::size_t header_size() const { return header_size_; }

 private:
  struct Line {
    std::string name;  // in lower case
    bool sent = true;  // HTTP/1's own are not
    bool varies = false;
  };
  const RequestPattern* request_;
  std::string scheme_;
  bool path_varies_ = false;
  std::vector<Line> lines_;  // of the HTTP/1 header, in its order
  std::size_t header_size_ = 0;
};

}  // namespace surgeproof::loadgen
