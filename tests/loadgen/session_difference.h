// The scanner against the full parser: whatever comes, in whatever pieces, both must say the same of it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "loadgen/http1_session.h"

namespace surgeproof::loadgen {

/// Feeds both sessions with the pieces of one answer, then with the stream's end. Empty when they agree, else what
/// they differ in.
inline std::string difference(std::span<const std::string_view> pieces, bool to_head_request) {
  Http1Session scanned{"X-Pod", Http1Session::Parsing::scanned};
  Http1Session full{"X-Pod", Http1Session::Parsing::full};
  const auto compare = [&]() -> std::string {
    if (scanned.state() != full.state()) return "state";
    if (scanned.status() != full.status()) return "status";
    if (scanned.reusable() != full.reusable()) return "reusable";
    if (scanned.bytes_received() != full.bytes_received()) return "bytes";
    if (scanned.state() == Http1Session::State::malformed) return {};
    const bool whole_header = scanned.status() != 0;
    if (whole_header && scanned.server() != full.server()) return "server";
    if (whole_header && scanned.pod() != full.pod()) return "pod";
    return {};
  };
  scanned.expect_answer(to_head_request);
  full.expect_answer(to_head_request);
  for (const std::string_view piece : pieces) {
    scanned.receive(piece);
    full.receive(piece);
    if (auto what = compare(); !what.empty()) return what;
  }
  scanned.end_of_stream();
  full.end_of_stream();
  return compare();
}

}  // namespace surgeproof::loadgen
