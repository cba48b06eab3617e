#include "k8s/demo/api/route.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "base/ascii.h"

namespace surgeproof::demo {

std::string_view Query::get(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string_view{} : std::string_view{found->second};
}

bool Query::flag(std::string_view key) const {
  const auto text = get(key);
  return text == "true" || text == "1";
}

std::optional<std::int64_t> Query::number(std::string_view key) const {
  const auto text = get(key);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Target> parse_target(std::string_view target) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return std::nullopt;
  Target parsed;
  for (const auto& segment : url->segments()) {
    if (!segment.empty()) parsed.segments.push_back(segment);
  }
  boost::urls::encoding_opts form;
  form.space_as_plus = true;
  for (const auto& param : url->params(form)) parsed.query.add(param.key, param.value);
  return parsed;
}

std::optional<ResourcePath> find_resource(const std::vector<std::string>& segments) {
  const bool core = segments.size() >= 3 && segments[0] == "api";
  if (!core && (segments.size() < 4 || segments[0] != "apis")) return std::nullopt;
  const std::string_view group = core ? std::string_view{} : std::string_view{segments[1]};
  const std::string_view version = segments[core ? 1 : 2];
  std::size_t at = core ? 2 : 3;
  ResourcePath path;
  // /namespaces/NS/pods…, but /namespaces/NS and /namespaces/NS/status name the namespace itself.
  const std::size_t left = segments.size() - at;
  const bool within =
      segments[at] == "namespaces" && left >= 3 && segments[at + 2] != "status" && segments[at + 2] != "finalize";
  if (within) {
    path.ns = segments[at + 1];
    at += 2;
  }
  path.view = find_view(group, version, segments[at]);
  if (path.view == nullptr || (within && !path.view->type->namespaced)) return std::nullopt;
  if (at + 1 < segments.size()) path.name = segments[at + 1];
  if (at + 2 < segments.size()) path.subresource = segments[at + 2];
  if (at + 3 < segments.size()) return std::nullopt;
  if (!path.name.empty() && path.view->type->namespaced && !within) return std::nullopt;
  return path;
}

namespace {

std::string_view take_part(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto part = ascii::trim(text.substr(0, at));
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return part;
}

std::optional<Shape> shape_of(std::string_view media_type) {
  const auto type = take_part(media_type, ';');
  if (type != "application/json" && type != "*/*" && type != "application/*") return std::nullopt;
  Shape shape = Shape::object;
  while (!media_type.empty()) {
    const auto parameter = take_part(media_type, ';');
    if (!parameter.starts_with("as=")) continue;
    const auto as = parameter.substr(3);
    if (as == "Table") {
      shape = Shape::table;
    } else if (as == "PartialObjectMetadata" || as == "PartialObjectMetadataList") {
      shape = Shape::partial_metadata;
    } else {
      return std::nullopt;
    }
  }
  return shape;
}

}  // namespace

std::optional<Shape> choose_shape(std::string_view accept) {
  if (ascii::trim(accept).empty()) return Shape::object;
  while (!accept.empty()) {
    if (const auto shape = shape_of(take_part(accept, ','))) return shape;
  }
  return std::nullopt;
}

}  // namespace surgeproof::demo
