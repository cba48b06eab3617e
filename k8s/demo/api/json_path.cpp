#include "k8s/demo/api/json_path.h"

#include <boost/json.hpp>

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string_view take_step(std::string_view& path) {
  const auto dot = path.find('.');
  const auto step = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  return step;
}

}  // namespace

const json::value* find_at(const json::object& o, std::string_view path) {
  const json::object* here = &o;
  while (true) {
    const json::value* found = here->if_contains(take_step(path));
    if (found == nullptr || path.empty()) return found;
    here = found->if_object();
    if (here == nullptr) return nullptr;
  }
}

std::string_view text_at(const json::object& o, std::string_view path) {
  const json::value* v = find_at(o, path);
  if (v == nullptr || !v->is_string()) return {};
  return {v->get_string().data(), v->get_string().size()};
}

std::optional<std::int64_t> int_at(const json::object& o, std::string_view path) {
  const json::value* v = find_at(o, path);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  boost::system::error_code ec;
  const auto n = v->to_number<std::int64_t>(ec);
  return ec ? std::nullopt : std::optional{n};
}

bool bool_at(const json::object& o, std::string_view path, bool otherwise) {
  const json::value* v = find_at(o, path);
  return v != nullptr && v->is_bool() ? v->get_bool() : otherwise;
}

const json::object& object_at(const json::object& o, std::string_view path) {
  static const json::object kEmpty;
  const json::value* v = find_at(o, path);
  return v != nullptr && v->is_object() ? v->get_object() : kEmpty;
}

const json::array& array_at(const json::object& o, std::string_view path) {
  static const json::array kEmpty;
  const json::value* v = find_at(o, path);
  return v != nullptr && v->is_array() ? v->get_array() : kEmpty;
}

json::object& ensure_object(json::object& o, std::string_view path) {
  json::object* here = &o;
  while (!path.empty()) {
    json::value& v = (*here)[take_step(path)];
    if (!v.is_object()) v.emplace_object();
    here = &v.get_object();
  }
  return *here;
}

}  // namespace surgeproof::demo
