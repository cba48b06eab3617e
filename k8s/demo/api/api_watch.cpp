// watch: the store's history as a stream of events.
#include <boost/json.hpp>
#include <deque>

#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

/// Events made at a time: what one chunk may hold, however far a slow watcher is behind.
constexpr std::size_t kBatch = 100;

class WatchStream final : public ApiStream {
 public:
  WatchStream(const Store& store, const ApiCall& call, Filter filter)
      : store_(store),
        view_(call.view()),
        filter_(std::move(filter)),
        shape_(call.shape),
        rows_(row_object_of(call.query)),
        bookmarks_(call.query.flag("allowWatchBookmarks")) {
    const auto from = call.query.get("resourceVersion");
    mark_initial_end_ = call.query.flag("sendInitialEvents");
    position_ = store.revision();
    if (from.empty() || from == "0" || mark_initial_end_) {
      const auto present = store.list(type(), filter_);
      initial_.assign(present.begin(), present.end());
    } else {
      position_ =
          static_cast<std::uint64_t>(std::max<std::int64_t>(call.query.number("resourceVersion").value_or(0), 0));
    }
  }

  std::string take() override {
    if (finished_) return {};
    std::string text;
    for (std::size_t i = 0; i < kBatch && !initial_.empty(); ++i) {
      text += event("ADDED", initial_.front());
      initial_.pop_front();
    }
    if (!initial_.empty()) return text;
    if (mark_initial_end_) {
      mark_initial_end_ = false;
      text += bookmark_event(true);
    }
    return text + take_changes();
  }

  std::string bookmark() override { return bookmarks_ && !finished_ && initial_.empty() ? bookmark_event(false) : ""; }
  [[nodiscard]] bool finished() const override { return finished_; }

 private:
  [[nodiscard]] const ResourceType& type() const { return *view_.type; }

  std::string take_changes() {
    if (position_ > store_.revision()) {  // of another cluster, which had this port before: list again
      finished_ = true;
      return line("ERROR", to_status_object(errors::expired("the resource version is from the future")));
    }
    const auto changes = store_.changes_after(type(), position_, kBatch);
    if (!changes) {
      finished_ = true;
      return line("ERROR", to_status_object(errors::expired(changes.error().message)));
    }
    std::string text;
    for (const Change& change : *changes) text += event_of(change);
    if (changes->size() == kBatch) {
      position_ = changes->back().revision;
    } else {
      position_ = std::max(position_, store_.revision());
    }
    return text;
  }

  /// What a change is to a watcher that sees only what its selectors match.
  std::string event_of(const Change& change) {
    const bool was = change.before && filter_.matches(*change.before);
    const bool is = change.type != Change::Type::deleted && filter_.matches(*change.object);
    if (is) return event(was ? "MODIFIED" : "ADDED", change.object);
    return was ? event("DELETED", change.object) : std::string{};
  }

  std::string event(std::string_view word, const ObjectPtr& object) {
    if (shape_ == Shape::object) return line(word, view_.shown(*object));
    if (shape_ == Shape::partial_metadata) return line(word, make_partial_metadata(*object));
    json::object table = make_table(view_, {object}, store_.now(), rows_, first_);
    ensure_object(table, "metadata")["resourceVersion"] = text_at(*object, "metadata.resourceVersion");
    first_ = false;
    return line(word, std::move(table));
  }

  std::string bookmark_event(bool initial_end) {
    json::object metadata{{"resourceVersion", std::to_string(position_)}, {"creationTimestamp", nullptr}};
    if (initial_end) metadata["annotations"] = json::object{{"k8s.io/initial-events-end", "true"}};
    json::object mark{{"kind", type().kind}, {"apiVersion", view_.api_version()}, {"metadata", std::move(metadata)}};
    if (shape_ == Shape::table) {
      mark["kind"] = "Table";
      mark["apiVersion"] = "meta.k8s.io/v1";
      mark["columnDefinitions"].emplace_array();
      mark["rows"].emplace_array();
    }
    return line("BOOKMARK", std::move(mark));
  }

  static std::string line(std::string_view word, json::object object) {
    return json::serialize(json::object{{"type", word}, {"object", std::move(object)}}) + "\n";
  }

  const Store& store_;
  const View& view_;
  Filter filter_;
  Shape shape_;
  RowObject rows_;
  bool bookmarks_;
  bool mark_initial_end_ = false;
  std::deque<ObjectPtr> initial_;
  std::uint64_t position_ = 0;
  bool first_ = true;
  bool finished_ = false;
};

}  // namespace

ApiOutcome watch_objects(const ApiCall& call) {
  auto filter = read_filter(call);
  if (!filter) return std::unexpected{filter.error()};
  const auto from = call.query.get("resourceVersion");
  if (!from.empty() && !call.query.number("resourceVersion")) {
    return std::unexpected{errors::bad_request("resourceVersion: Invalid value: \"" + std::string{from} + "\"")};
  }
  auto stream = std::make_unique<WatchStream>(call.store, call, *std::move(filter));
  if (const auto seconds = call.query.number("timeoutSeconds"); seconds && *seconds > 0) {
    stream->timeout = std::chrono::seconds{std::min<std::int64_t>(*seconds, 86'400)};
  }
  return ApiAnswer{std::unique_ptr<ApiStream>{std::move(stream)}};
}

}  // namespace surgeproof::demo
