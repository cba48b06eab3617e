#include "loadgen/request_pattern.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "loadgen/random.h"
#include "loadgen/trace_context.h"

namespace surgeproof::loadgen {
namespace {

constexpr std::size_t kUuidLength = 36;

using Headers = std::vector<std::pair<std::string, std::string>>;

void set_header(Headers& headers, const std::string& name, const std::string& value) {
  std::erase_if(headers, [&](const auto& h) { return ascii::same(h.first, name); });
  headers.emplace_back(name, value);
}

bool has_header(const Headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& h) { return ascii::same(h.first, name); });
}

// Spaces, controls and bytes beyond ASCII may not stand in a request line: percent-encoded, as browsers do.
std::string path_on_the_wire(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

// A line break in a header's value would be a header of its own.
std::string header_value(std::string_view value) {
  std::string out{value};
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return out;
}

void append_number(std::string& out, std::uint64_t n) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
  out.append(digits.data(), end);
}

std::size_t digits_of(std::uint64_t n) {
  std::size_t digits = 1;
  while (n >= 10) n /= 10, ++digits;
  return digits;
}

bool method_has_body(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

}  // namespace

std::array<char, 36> uuid_of(std::uint64_t seed, std::uint64_t sequence) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::uint64_t halves[2] = {random_bits(seed, Purpose::uuid_high, sequence),
                             random_bits(seed, Purpose::uuid_low, sequence)};
  halves[0] = (halves[0] & ~0xf000ULL) | 0x4000ULL;                    // version 4
  halves[1] = (halves[1] & ~(0xc000ULL << 48U)) | (0x8000ULL << 48U);  // variant of RFC 9562
  std::array<char, 36> text{};
  std::size_t at = 0;
  for (unsigned nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text[at++] = '-';
    text[at++] = kHex[(halves[nibble / 16] >> (60U - 4U * (nibble % 16))) & 15U];
  }
  return text;
}

bool is_traced(const ClientOptions& client, const RequestTemplate& request) {
  return client.traceparent && !has_header(client.headers, "traceparent") &&
         !has_header(request.headers, "traceparent");
}

RequestPattern::RequestPattern(const RequestTemplate& request, const Common& common)
    : seed_(common.seed), head_method_(request.method == "HEAD"), traced_(common.traced) {
  Headers headers{{"Host", common.host}, {"User-Agent", "surgeproof/" SURGEPROOF_VERSION}, {"Accept", "*/*"}};
  for (const auto& [name, value] : common.headers) set_header(headers, name, value);
  for (const auto& [name, value] : request.headers) set_header(headers, name, value);
  if (!common.keep_alive) set_header(headers, "Connection", "close");
  std::erase_if(headers, [](const auto& h) { return ascii::same(h.first, "Content-Length"); });
  traced_ = traced_ && !has_header(headers, "traceparent");

  const std::string path = (request.path.starts_with('/') ? "" : "/") + request.path;
  append(request.method + " ");
  append_pattern(path_on_the_wire(common.base_path + path));
  append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : headers) {
    append(name + ": ");
    append_pattern(header_value(value));
    append("\r\n");
  }
  if (traced_) {
    append("traceparent: ");
    pieces_.back().slot = Slot::traceparent;
    append("\r\n");
  }
  if (!request.body.empty() || method_has_body(request.method)) {
    append("Content-Length: ");
    pieces_.back().slot = Slot::content_length;
    append("\r\n");
  }
  append("\r\n");
  append_pattern(request.body, true);
}

void RequestPattern::append(std::string_view text) {
  if (pieces_.empty() || pieces_.back().slot != Slot::none) pieces_.emplace_back();
  pieces_.back().text += text;
}

void RequestPattern::append_pattern(std::string_view text, bool in_body) {
  constexpr std::string_view kSequence = "{{sequence}}";
  constexpr std::string_view kUuid = "{{uuid}}";
  while (!text.empty()) {
    const std::size_t at = std::min(text.find(kSequence), text.find(kUuid));
    append(text.substr(0, at));
    if (in_body) body_literal_bytes_ += std::min(at, text.size());
    if (at == std::string_view::npos) return;
    const bool sequence = text.substr(at).starts_with(kSequence);
    pieces_.back().slot = sequence ? Slot::sequence : Slot::uuid;
    if (in_body && sequence) ++body_sequences_;
    if (in_body && !sequence) body_literal_bytes_ += kUuidLength;
    text.remove_prefix(at + (sequence ? kSequence.size() : kUuid.size()));
  }
}

void RequestPattern::write(std::uint64_t sequence, std::string& out) const {
  out.clear();
  for (const Piece& piece : pieces_) {
    out += piece.text;
    switch (piece.slot) {
      case Slot::none:
        break;
      case Slot::sequence:
        append_number(out, sequence);
        break;
      case Slot::uuid: {
        const auto uuid = uuid_of(seed_, sequence);
        out.append(uuid.data(), uuid.size());
        break;
      }
      case Slot::traceparent: {
        const std::size_t at = out.size();
        out.resize(at + kTraceparentLength);
        write_traceparent(seed_, sequence, out.data() + at);
        break;
      }
      case Slot::content_length:
        append_number(out, body_literal_bytes_ + body_sequences_ * digits_of(sequence));
        break;
    }
  }
}

}  // namespace surgeproof::loadgen
