// A container's log, in pieces: however it is cut, the same matches come of it; each is one short line; and a stream
// that begins with what was seen already says nothing twice. Input: as pieces.h says.
#include <string>

#include "k8s/log_scanner.h"
#include "tests/fuzz/pieces.h"

namespace {

using namespace surgeproof;
using namespace surgeproof::k8s;

const std::vector<LogPattern> kPatterns{"ERROR", "panic:", "\xc3\xa4", " ", "pwd=", {"nic", "${SECRET}", true}};

std::string shown(const std::vector<LogMatch>& matches) {
  std::string out;
  for (const auto& m : matches) {
    out += std::to_string(m.pattern) + m.line + '\n';
    if (m.timestamp) out += std::to_string(m.timestamp->time_since_epoch().count()) + '\n';
  }
  return out;
}

void check(const LogMatch& m) {
  fuzz::require(m.pattern < kPatterns.size(), "a pattern that was asked for");
  fuzz::require(m.line.size() <= LogScanner::kLongestKept + 16, "a short line");
  for (const char c : m.line) fuzz::require(static_cast<unsigned char>(c) >= 0x20, "no control characters");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto stream = fuzz::cut(data, size);
  LogScanner once(kPatterns);
  LogScanner pieced(kPatterns);
  std::vector<LogMatch> whole;
  std::vector<LogMatch> parts;
  once.feed(stream.whole, whole);
  for (const auto piece : stream.pieces) pieced.feed(piece, parts);
  once.end(whole);
  pieced.end(parts);
  fuzz::require(shown(whole) == shown(parts), "the same however it is cut");
  fuzz::require(once.last() == pieced.last(), "the same time of the last line");
  for (const auto& m : whole) check(m);
  // The container's log once more, as after a lost connection.
  const auto seen = once.last();
  std::vector<LogMatch> again;
  once.feed(stream.whole, again);
  once.end(again);
  for (const auto& m : again) fuzz::require(!m.timestamp || !seen || *m.timestamp > *seen, "nothing is said twice");
  return 0;
}
