// W3C Trace Context for the requests: ids that are a pure function of the seed and the request's number, so that a
// report can name them without any having been kept. https://www.w3.org/TR/trace-context/
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace surgeproof::loadgen {

/// "00-<trace id>-<parent id>-01": sampled, because an id that nobody traced would be of no use in a report.
inline constexpr std::size_t kTraceparentLength = 55;

/// Writes the value of the header `traceparent`.
void write_traceparent(std::uint64_t seed, std::uint64_t sequence, char* out);

/// The trace id in it, 32 hex digits.
std::string text_of_trace_id(std::uint64_t seed, std::uint64_t sequence);

/// Writes 16 hex digits.
void write_hex(std::uint64_t bits, char* out);

}  // namespace surgeproof::loadgen
