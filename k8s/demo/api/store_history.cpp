// The store's deletions, history and subscribers.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {
namespace json = boost::json;

Store::Result Store::erase(const ResourceType& type, const ObjectPtr& old, bool orphan) {
  const std::string ns{text_at(*old, "metadata.namespace")};
  const std::string name{text_at(*old, "metadata.name")};
  const std::string uid{text_at(*old, "metadata.uid")};
  objects_[&type].erase({ns, name});
  if (!type.has_history) return old;
  json::object last = *old;
  ensure_object(last, "metadata")["resourceVersion"] = std::to_string(revision_ + 1);
  auto stored = std::make_shared<const json::object>(std::move(last));
  record({Change::Type::deleted, ++revision_, &type, stored, old});
  if (orphan) {
    disown(uid);
  } else {
    collect_garbage(uid);
  }
  if (&type == &types::kNamespaces) {
    for (const ResourceType* member : all_types()) {
      if (!member->namespaced) continue;
      for (const ObjectPtr& object : list_in(*member, name)) {
        if (get(*member, name, text_at(*object, "metadata.name"))) (void)erase(*member, object, false);
      }
    }
  }
  return stored;
}

void Store::collect_garbage(std::string_view owner_uid) {
  for (const ResourceType* type : all_types()) {
    if (!type->has_history) continue;
    for (const ObjectPtr& object : list(*type)) {
      const json::array& owners = array_at(*object, "metadata.ownerReferences");
      const auto owned_by = [&](const json::value& v) {
        return v.is_object() && text_at(v.get_object(), "uid") == owner_uid;
      };
      if (owners.size() != 1 || !owned_by(owners.front())) continue;
      (void)remove(*type, text_at(*object, "metadata.namespace"), text_at(*object, "metadata.name"));
    }
  }
  disown(owner_uid);
}

void Store::disown(std::string_view owner_uid) {
  for (const ResourceType* type : all_types()) {
    if (!type->has_history) continue;
    for (const ObjectPtr& object : list(*type)) {
      const json::array& owners = array_at(*object, "metadata.ownerReferences");
      json::array kept;
      for (const json::value& v : owners) {
        if (!v.is_object() || text_at(v.get_object(), "uid") != owner_uid) kept.push_back(v);
      }
      // A pod that is being deleted keeps its owner: that is how its last events are told apart.
      if (kept.size() == owners.size() || find_at(*object, "metadata.deletionTimestamp") != nullptr) continue;
      (void)modify(*type, text_at(*object, "metadata.namespace"), text_at(*object, "metadata.name"),
                   [&](json::object& o) {
                     json::object& metadata = ensure_object(o, "metadata");
                     if (kept.empty()) {
                       metadata.erase("ownerReferences");
                     } else {
                       metadata["ownerReferences"] = kept;
                     }
                   });
    }
  }
}

void Store::record(Change change) {
  history_.push_back(change);
  while (history_.size() > options_.history) {
    compacted_ = history_.front().revision;
    history_.pop_front();
  }
  if (subscribers_.empty()) return;
  undelivered_.push_back(std::move(change));
  deliver();
}

void Store::deliver() {
  if (delivering_) return;
  delivering_ = true;
  while (!undelivered_.empty()) {
    const Change change = std::move(undelivered_.front());
    undelivered_.pop_front();
    std::vector<std::size_t> ids;
    for (const auto& [id, subscriber] : subscribers_) ids.push_back(id);
    for (const std::size_t id : ids) {
      // A subscriber may have unsubscribed another, or itself.
      const auto found = subscribers_.find(id);
      if (found == subscribers_.end()) continue;
      const Subscriber subscriber = found->second;
      subscriber(change);
    }
  }
  delivering_ = false;
}

std::size_t Store::subscribe(Subscriber subscriber) {
  subscribers_.emplace(next_subscriber_, std::move(subscriber));
  return next_subscriber_++;
}

void Store::unsubscribe(std::size_t id) { subscribers_.erase(id); }

std::expected<std::vector<Change>, StoreError> Store::changes_after(const ResourceType& type, std::uint64_t revision,
                                                                    std::size_t limit) const {
  if (revision < compacted_) {
    return std::unexpected{
        StoreError{StoreError::Code::expired, fmt::format("too old resource version: {} ({})", revision, compacted_)}};
  }
  std::vector<Change> changes;
  auto change = std::ranges::upper_bound(history_, revision, {}, &Change::revision);
  for (; change != history_.end() && changes.size() < limit; ++change) {
    if (change->resource == &type) changes.push_back(*change);
  }
  return changes;
}

void Store::compact() {
  history_.clear();
  compacted_ = revision_;
}

Store Store::scratch_copy() const {
  Store copy = *this;
  copy.subscribers_.clear();
  copy.undelivered_.clear();
  copy.delivering_ = false;
  return copy;
}

std::string Store::make_uid() {
  const std::uint64_t a = random_();
  const std::uint64_t b = random_();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", a >> 32, (a >> 16) & 0xffff, a & 0xfff,
                     8 + ((b >> 62) & 3), (b >> 48) & 0xfff, b & 0xffffffffffff);
}

std::string Store::make_suffix() {
  static constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string suffix;
  for (int i = 0; i < 5; ++i) suffix += kLetters[random_() % kLetters.size()];
  return suffix;
}

}  // namespace surgeproof::demo
