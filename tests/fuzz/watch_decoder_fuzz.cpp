// The body of a watch, in pieces: however it is cut, the same events and the same error come of it, nothing comes after
// an error, and every view takes whatever object an event carries. Input: one octet (odd: lines of 64 octets at most),
// then as pieces.h says.
#include <boost/json.hpp>
#include <string>

#include "k8s/views.h"
#include "k8s/watch_decoder.h"
#include "tests/fuzz/pieces.h"

namespace {

using namespace surgeproof;
using namespace surgeproof::k8s;

struct Decoded {
  std::string events;
  std::string error;
  bool partial = false;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(const std::vector<std::string_view>& pieces, std::size_t longest, std::vector<WatchEvent>& events) {
  WatchDecoder decoder(longest);
  Decoded out;
  for (const auto piece : pieces) {
    const std::size_t before = events.size();
    const auto fed = decoder.feed(piece, events);
    if (!out.error.empty()) {
      fuzz::require(!fed && fed.error() == out.error, "an error is final");
      fuzz::require(events.size() == before, "nothing comes after an error");
    }
    if (!fed) out.error = fed.error();
  }
  out.partial = decoder.partial();
  for (const auto& e : events) {
    out.events += std::to_string(static_cast<int>(e.type)) + boost::json::serialize(e.object) + e.resource_version() +
                  std::to_string(e.error_code()) + '\n';
  }
  return out;
}

void view(const boost::json::object& object) {
  (void)hpa_view(object, HpaVersion::v2, {});
  (void)hpa_view(object, HpaVersion::v1, {});
  (void)scale_target_view(object, "Deployment", {});
  (void)pod_view(object, "hpa", {});
  (void)endpoint_slice_view(object, {});
  (void)event_view(object, {});
  (void)pod_metrics_view(object, {});
  (void)replica_set_view(object, "hpa", {});
  (void)node_view(object, {});
  (void)hpa_metric_view(object, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t longest = data[0] % 2 == 1 ? 64 : 1 << 20;
  const auto stream = fuzz::cut(data + 1, size - 1);
  std::vector<WatchEvent> whole;
  std::vector<WatchEvent> pieced;
  fuzz::require(decode({stream.whole}, longest, whole) == decode(stream.pieces, longest, pieced),
                "the same however it is cut");
  for (const auto& event : whole) view(event.object);
  return 0;
}
