#include "k8s/demo/event_recorder.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdint>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

/// FNV-1a: the same event always gets the same name.
std::uint64_t fingerprint(std::initializer_list<std::string_view> parts) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const auto part : parts) {
    for (const char c : part) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    h = (h ^ 0xff) * 1099511628211ULL;
  }
  return h;
}

}  // namespace

void EventRecorder::record(const json::object& about, const EventNote& note) {
  const auto name = text_at(about, "metadata.name");
  const auto ns = text_at(about, "metadata.namespace");
  const auto uid = text_at(about, "metadata.uid");
  const std::string event_name =
      fmt::format("{}.{:016x}", name, fingerprint({uid, component_, note.reason, note.message}));
  const std::string now = format_rfc3339(store_.now(), 0);
  const std::string event_ns{ns.empty() ? "default" : ns};
  if (store_.get(types::kEvents, event_ns, event_name)) {
    (void)store_.modify(types::kEvents, event_ns, event_name, [&](json::object& event) {
      event["count"] = int_at(event, "count").value_or(1) + 1;
      event["lastTimestamp"] = now;
    });
    return;
  }
  (void)store_.create(types::kEvents, {{"metadata", json::object{{"name", event_name}, {"namespace", event_ns}}},
                                       {"involvedObject",
                                        json::object{{"apiVersion", text_at(about, "apiVersion")},
                                                     {"kind", text_at(about, "kind")},
                                                     {"name", name},
                                                     {"namespace", ns},
                                                     {"uid", uid},
                                                     {"resourceVersion", text_at(about, "metadata.resourceVersion")}}},
                                       {"reason", note.reason},
                                       {"message", note.message},
                                       {"type", note.type},
                                       {"source", json::object{{"component", component_}}},
                                       {"firstTimestamp", now},
                                       {"lastTimestamp", now},
                                       {"eventTime", nullptr},
                                       {"count", 1},
                                       {"reportingComponent", component_},
                                       {"reportingInstance", ""}});
}

}  // namespace surgeproof::demo
