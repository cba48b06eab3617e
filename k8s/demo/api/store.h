// The demo cluster's object store: Kubernetes objects as JSON, with resource versions, optimistic concurrency, graceful
// deletion and a bounded history for watches. One thread, no locks, no clock of its own.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/resource_type.h"
#include "k8s/demo/api/selector.h"

namespace surgeproof::demo {

/// Stored objects never change: an update stores a new one. Holding the pointer keeps a snapshot.
using ObjectPtr = std::shared_ptr<const boost::json::object>;

struct StoreError {
  enum class Code : std::uint8_t {
    not_found,
    already_exists,
    conflict,  ///< resourceVersion or uid is not the stored one's
    invalid,   ///< no name, or the like
    expired,   ///< the asked revision is compacted away
  };
  Code code{};
  std::string message;  ///< as Kubernetes words it: deployments.apps "x" not found
};

struct Change {
  enum class Type : std::uint8_t { added, modified, deleted };
  Type type{};
  std::uint64_t revision = 0;
  const ResourceType* resource = nullptr;
  ObjectPtr object;  ///< after the change; of a deleted one the last state, with the deletion's resourceVersion
  ObjectPtr before;  ///< null for added
};

class Store {
 public:
  using Result = std::expected<ObjectPtr, StoreError>;
  using Clock = std::function<WallTime()>;
  using Subscriber = std::function<void(const Change&)>;

  struct Options {
    std::size_t history = 4096;  ///< changes kept for watches; older ones are compacted
    std::uint64_t seed = 1;      ///< of uids and generated names
  };

  /// `now` is asked at each mutation: pass virtual time here.
  explicit Store(Clock now);
  Store(Clock now, Options options);

  /// Stores a new object, filling in apiVersion, kind, uid, creationTimestamp, resourceVersion, generation, and a name
  /// from metadata.generateName. Does not ask whether the namespace exists.
  Result create(const ResourceType& type, boost::json::object object);

  /// Null when there is none. `ns` is "" for types without a namespace.
  [[nodiscard]] ObjectPtr get(const ResourceType& type, std::string_view ns, std::string_view name) const;

  /// By namespace and name.
  [[nodiscard]] std::vector<ObjectPtr> list(const ResourceType& type, const Filter& filter = {}) const;
  /// In one namespace ("" for all).
  [[nodiscard]] std::vector<ObjectPtr> list_in(const ResourceType& type, std::string_view ns) const;
  /// As it was at an earlier revision; `expired` when that is compacted.
  [[nodiscard]] std::expected<std::vector<ObjectPtr>, StoreError> list_at(const ResourceType& type,
                                                                          const Filter& filter,
                                                                          std::uint64_t revision) const;

  /// Replaces all but status and the server's own metadata. Conflict when metadata.resourceVersion or uid is set and is
  /// not the stored one's. Nothing happens (no new revision) when nothing differs. The generation rises when anything
  /// besides metadata and status differs.
  Result update(const ResourceType& type, boost::json::object object);
  /// Replaces status only; the same concurrency rule.
  Result update_status(const ResourceType& type, const boost::json::object& object);
  /// For controllers: edits the present object in place (spec and status alike), without a conflict check.
  Result modify(const ResourceType& type, std::string_view ns, std::string_view name,
                const std::function<void(boost::json::object&)>& edit);
  /// Creates or replaces. The only way to store types without history (metrics).
  Result put(const ResourceType& type, boost::json::object object);

  struct DeleteOptions {
    std::optional<std::chrono::seconds> grace =
        std::nullopt;                   ///< pods only; default spec.terminationGracePeriodSeconds, then 30 s
    std::string uid = {};               ///< precondition; empty: any
    std::string resource_version = {};  ///< precondition; empty: any
    bool orphan = false;                ///< leave what it owns
  };
  /// A pod bound to a node, with a grace above 0, stays, with deletionTimestamp = now + grace and
  /// deletionGracePeriodSeconds, until finish_delete (asked again: the grace can only become shorter). Everything else
  /// goes at once, then what it owns (ownerReferences), and of a namespace all its objects. Returns the last state.
  Result remove(const ResourceType& type, std::string_view ns, std::string_view name, const DeleteOptions& options);
  Result remove(const ResourceType& type, std::string_view ns, std::string_view name);
  /// The kubelet's word that a pod is gone: removes without grace.
  Result finish_delete(const ResourceType& type, std::string_view ns, std::string_view name);

  /// Of the last change; every list is at this revision.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] WallTime now() const { return now_(); }

  /// Called after each change, in order, on the mutating call's stack; changes made by a subscriber are delivered after
  /// the present one (never nested). Types without history are not announced.
  std::size_t subscribe(Subscriber subscriber);
  void unsubscribe(std::size_t id);

  /// The changes after `revision`, oldest first. `expired` when some of them are compacted. The span of a watch.
  [[nodiscard]] std::expected<std::vector<Change>, StoreError> changes_after(const ResourceType& type,
                                                                             std::uint64_t revision,
                                                                             std::size_t limit = SIZE_MAX) const;
  /// Forgets the history, so that every watch from the past expires (a test's, or a fault injection's wish).
  void compact();

  /// The same objects and revision without subscribers: for a dry run.
  [[nodiscard]] Store scratch_copy() const;

 private:
  using Key = std::pair<std::string, std::string>;  // namespace, name
  using Objects = std::map<Key, ObjectPtr>;

  Result replace(const ResourceType& type, const ObjectPtr& old, boost::json::object object);
  Result erase(const ResourceType& type, const ObjectPtr& old, bool orphan);
  void collect_garbage(std::string_view owner_uid);
  void disown(std::string_view owner_uid);
  void record(Change change);
  void deliver();
  std::string make_uid();
  std::string make_suffix();

  Clock now_;
  Options options_;
  std::mt19937_64 random_;
  std::map<const ResourceType*, Objects> objects_;
  std::uint64_t revision_ = 1;
  std::uint64_t compacted_ = 1;  // changes up to this revision are forgotten
  std::deque<Change> history_;
  std::map<std::size_t, Subscriber> subscribers_;
  std::size_t next_subscriber_ = 1;
  std::deque<Change> undelivered_;
  bool delivering_ = false;
};

/// "a/b" for messages and logs; "b" without a namespace.
std::string name_of(const boost::json::object& object);

}  // namespace surgeproof::demo
