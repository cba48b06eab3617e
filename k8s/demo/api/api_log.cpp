// pods/log, at once or followed.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string render_line(const LogLine& line, bool timestamps) {
  return timestamps ? fmt::format("{} {}\n", format_rfc3339(line.at, 9), line.text) : line.text + "\n";
}

std::vector<std::string_view> container_names(const json::object& pod) {
  std::vector<std::string_view> names;
  for (const auto list : {"containers", "initContainers"}) {
    for (const json::value& v : array_at(object_at(pod, "spec"), list)) {
      if (v.is_object()) names.push_back(text_at(v.get_object(), "name"));
    }
  }
  return names;
}

std::expected<std::string, ApiError> choose_container(const ApiCall& call, const json::object& pod) {
  const auto wanted = call.query.get("container");
  const auto names = container_names(pod);
  if (wanted.empty()) {
    if (names.size() == 1) return std::string{names.front()};
    return std::unexpected{errors::bad_request(fmt::format(
        "a container name must be specified for pod {}, choose one of: [{}]", call.path.name, fmt::join(names, " ")))};
  }
  if (std::ranges::find(names, wanted) == names.end()) {
    return std::unexpected{
        errors::bad_request(fmt::format("container {} is not valid for pod {}", wanted, call.path.name))};
  }
  return std::string{wanted};
}

std::optional<ApiError> not_started(const ApiCall& call, const json::object& pod, std::string_view container) {
  for (const json::value& v : array_at(pod, "status.containerStatuses")) {
    if (!v.is_object() || text_at(v.get_object(), "name") != container) continue;
    const auto reason = text_at(v.get_object(), "state.waiting.reason");
    if (!reason.empty() && find_at(v.get_object(), "lastState.terminated") == nullptr) {
      return errors::bad_request(
          fmt::format("container \"{}\" in pod \"{}\" is waiting to start: {}", container, call.path.name, reason));
    }
  }
  return std::nullopt;
}

/// The lines that tailLines, sinceSeconds and sinceTime leave.
void narrow(std::vector<LogLine>& lines, const ApiCall& call) {
  std::optional<WallTime> since = parse_rfc3339(call.query.get("sinceTime"));
  if (const auto seconds = call.query.number("sinceSeconds"); seconds && *seconds > 0 && *seconds < 1'000'000'000) {
    since = call.store.now() - std::chrono::seconds{*seconds};
  }
  if (since) std::erase_if(lines, [&](const LogLine& line) { return line.at < *since; });
  const auto tail = call.query.number("tailLines");
  if (tail && *tail >= 0 && lines.size() > static_cast<std::size_t>(*tail)) {
    lines.erase(lines.begin(), lines.end() - *tail);
  }
}

/// Follows a container's log until the pod is gone or has ended.
class LogStream final : public ApiStream {
 public:
  LogStream(const Store& store, const ClusterHooks& hooks, LogQuery query, std::string uid, std::string first,
            bool timestamps)
      : store_(store),
        hooks_(hooks),
        query_(std::move(query)),
        uid_(std::move(uid)),
        first_(std::move(first)),
        timestamps_(timestamps) {
    content_type = "text/plain";
    polled = true;
  }

  std::string take() override {
    std::string text = std::move(first_);
    first_.clear();
    const ObjectPtr pod = store_.get(types::kPods, query_.ns, query_.pod);
    const auto phase = pod ? text_at(*pod, "status.phase") : std::string_view{};
    // Asked before the lines, so that the last ones are not missed.
    finished_ = !pod || text_at(*pod, "metadata.uid") != uid_ || phase == "Failed" || phase == "Succeeded";
    if (!hooks_.pod_log) return text;
    for (const LogLine& line : hooks_.pod_log(query_)) {
      if (line.sequence <= query_.after_sequence) continue;
      query_.after_sequence = line.sequence;
      text += render_line(line, timestamps_);
    }
    return text;
  }
  [[nodiscard]] bool finished() const override { return finished_; }

 private:
  const Store& store_;
  const ClusterHooks& hooks_;
  LogQuery query_;
  std::string uid_;
  std::string first_;
  bool timestamps_;
  bool finished_ = false;
};

}  // namespace

ApiOutcome serve_log(const ApiCall& call) {
  if (call.request.method != "GET") return std::unexpected{errors::method_not_allowed(call.request.method)};
  const auto pod = find_object(call);
  if (!pod) return std::unexpected{pod.error()};
  auto container = choose_container(call, **pod);
  if (!container) return std::unexpected{container.error()};
  if (auto waiting = not_started(call, **pod, *container)) return std::unexpected{*std::move(waiting)};
  LogQuery query{call.path.ns, call.path.name, *std::move(container), call.query.flag("previous"), 0};
  std::vector<LogLine> lines;
  if (call.hooks.pod_log) lines = call.hooks.pod_log(query);
  if (!lines.empty()) query.after_sequence = lines.back().sequence;
  narrow(lines, call);
  const bool timestamps = call.query.flag("timestamps");
  std::string text;
  for (const LogLine& line : lines) text += render_line(line, timestamps);
  if (const auto limit = call.query.number("limitBytes"); limit && *limit > 0) {
    text.resize(std::min(text.size(), static_cast<std::size_t>(*limit)));
  }
  if (!call.query.flag("follow")) return ApiResponse{200, "text/plain", std::move(text)};
  return ApiAnswer{std::make_unique<LogStream>(call.store, call.hooks, std::move(query),
                                               std::string{text_at(**pod, "metadata.uid")}, std::move(text),
                                               timestamps)};
}

}  // namespace surgeproof::demo
