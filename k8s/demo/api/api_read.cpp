// get and list.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "k8s/demo/api/api_call.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

struct SelectableFields {
  const ResourceType* type;
  std::string_view fields;  ///< separated by spaces
};
/// Besides metadata.name and metadata.namespace.
constexpr std::array<SelectableFields, 5> kSelectable{
    {{&types::kPods,
      " spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork status.phase "
      "status.podIP status.nominatedNodeName "},
     {&types::kEvents,
      " involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid involvedObject.apiVersion "
      "involvedObject.resourceVersion involvedObject.fieldPath reason reportingComponent source.component type "},
     {&types::kNodes, " spec.unschedulable "},
     {&types::kNamespaces, " status.phase "},
     {&types::kReplicaSets, " status.replicas "}}};

bool is_selectable(const ResourceType& type, std::string_view path) {
  if (path == "metadata.name" || path == "metadata.namespace") return true;
  const auto* row = std::ranges::find(kSelectable, &type, &SelectableFields::type);
  return row != kSelectable.end() && row->fields.find(fmt::format(" {} ", path)) != std::string_view::npos;
}

/// The names of events.k8s.io, and the short "source", in the stored form.
std::string stored_selector(const ApiCall& call) {
  std::string text{call.query.get("fieldSelector")};
  if (&call.type() != &types::kEvents) return text;
  if (text.starts_with("source=")) text.insert(6, ".component");
  for (auto at = text.find("regarding."); at != std::string::npos; at = text.find("regarding.", at)) {
    text.replace(at, 9, "involvedObject");
  }
  return text;
}

/// Where a page ended: "REVISION/NAMESPACE/NAME".
struct Continue {
  std::uint64_t revision = 0;
  std::string ns;
  std::string name;
};

std::optional<Continue> parse_continue(std::string_view token) {
  Continue c;
  const auto first = token.find('/');
  const auto second = token.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const auto [end, error] = std::from_chars(token.data(), token.data() + first, c.revision);
  if (error != std::errc{} || end != token.data() + first) return std::nullopt;
  c.ns = token.substr(first + 1, second - first - 1);
  c.name = token.substr(second + 1);
  return c;
}

struct Page {
  std::vector<ObjectPtr> objects;
  std::uint64_t revision = 0;
  std::string next;
  std::size_t remaining = 0;
};

std::expected<Page, ApiError> read_page(const ApiCall& call, const Filter& filter) {
  Page page;
  page.revision = call.store.revision();
  const auto token = call.query.get("continue");
  const bool exact = call.query.get("resourceVersionMatch") == "Exact";
  std::optional<Continue> from;
  if (!token.empty()) {
    from = parse_continue(token);
    if (!from) return std::unexpected{errors::bad_request("continue key is not valid: " + std::string{token})};
    page.revision = from->revision;
  } else if (exact) {
    page.revision =
        static_cast<std::uint64_t>(std::max<std::int64_t>(call.query.number("resourceVersion").value_or(0), 0));
  }
  auto all = call.store.list_at(call.type(), filter, page.revision);
  if (!all) return std::unexpected{errors::expired(all.error().message)};
  if (from) {
    const auto key_of = [](const ObjectPtr& o) {
      return std::pair{std::string{text_at(*o, "metadata.namespace")}, std::string{text_at(*o, "metadata.name")}};
    };
    const auto rest = std::ranges::upper_bound(*all, std::pair{from->ns, from->name}, {}, key_of);
    all->erase(all->begin(), rest);
  }
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(call.query.number("limit").value_or(0), 0));
  if (limit > 0 && all->size() > limit) {
    page.remaining = all->size() - limit;
    all->resize(limit);
    const json::object& last = *all->back();
    page.next =
        fmt::format("{}/{}/{}", page.revision, text_at(last, "metadata.namespace"), text_at(last, "metadata.name"));
  }
  page.objects = *std::move(all);
  return page;
}

}  // namespace

RowObject row_object_of(const Query& query) {
  const auto include = query.get("includeObject");
  return include == "None" ? RowObject::none : include == "Object" ? RowObject::object : RowObject::metadata;
}

std::expected<Filter, ApiError> read_filter(const ApiCall& call) {
  Filter filter;
  filter.ns = call.path.ns;
  auto labels = LabelSelector::parse(call.query.get("labelSelector"));
  if (!labels) return std::unexpected{errors::bad_request(labels.error())};
  filter.labels = *std::move(labels);
  std::string selector = stored_selector(call);
  if (!call.path.name.empty()) selector += (selector.empty() ? "" : ",") + ("metadata.name=" + call.path.name);
  auto fields = FieldSelector::parse(selector);
  if (!fields) return std::unexpected{errors::bad_request(fields.error())};
  for (const auto& term : fields->terms()) {
    if (!is_selectable(call.type(), term.path)) {
      return std::unexpected{errors::bad_request("field label not supported: " + term.path)};
    }
  }
  filter.fields = *std::move(fields);
  return filter;
}

std::expected<ObjectPtr, ApiError> find_object(const ApiCall& call) {
  ObjectPtr found = call.store.get(call.type(), call.path.ns, call.path.name);
  if (!found) return std::unexpected{errors::not_found(call.type(), call.path.name)};
  return found;
}

ApiResponse render(const ApiCall& call, const ObjectPtr& object, int status) {
  json::object body;
  if (call.shape == Shape::table) {
    body = make_table(call.view(), {object}, call.store.now(), row_object_of(call.query), true);
    ensure_object(body, "metadata")["resourceVersion"] = text_at(*object, "metadata.resourceVersion");
  } else if (call.shape == Shape::partial_metadata) {
    body = make_partial_metadata(*object);
  } else {
    body = call.view().shown(*object);
  }
  return {status, "application/json", json::serialize(body)};
}

ApiOutcome get_object(const ApiCall& call) {
  const auto found = find_object(call);
  if (!found) return std::unexpected{found.error()};
  return render(call, *found);
}

ApiOutcome list_objects(const ApiCall& call) {
  const auto filter = read_filter(call);
  if (!filter) return std::unexpected{filter.error()};
  const auto page = read_page(call, *filter);
  if (!page) return std::unexpected{page.error()};
  json::object body;
  if (call.shape == Shape::table) {
    body = make_table(call.view(), page->objects, call.store.now(), row_object_of(call.query), true);
  } else {
    const bool partial = call.shape == Shape::partial_metadata;
    body["kind"] = partial ? "PartialObjectMetadataList" : std::string{call.type().kind} + "List";
    body["apiVersion"] = partial ? "meta.k8s.io/v1" : call.view().api_version();
    json::array items;
    for (const ObjectPtr& object : page->objects) {
      items.push_back(partial ? make_partial_metadata(*object) : call.view().shown(*object));
    }
    body["items"] = std::move(items);
  }
  json::object& metadata = ensure_object(body, "metadata");
  metadata["resourceVersion"] = std::to_string(page->revision);
  if (!page->next.empty()) {
    metadata["continue"] = page->next;
    metadata["remainingItemCount"] = page->remaining;
  }
  return ApiResponse{200, "application/json", json::serialize(body)};
}

}  // namespace surgeproof::demo
