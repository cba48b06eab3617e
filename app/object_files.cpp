#include "app/object_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/whole_file.h"

namespace surgeproof {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostBytes = 1u << 30;

std::unexpected<std::string> wrong(std::string message) { return std::unexpected(std::move(message)); }

/// One file: a JSON document, or several one after the other.
std::expected<void, std::string> add_file(const std::string& path, hpa::ObjectHeap& heap) {
  const auto text = read_whole_file(path, kMostBytes, "a file of objects");
  if (!text) return wrong(text.error());
  json::parse_options options;
  options.max_depth = 64;
  json::stream_parser parser({}, options);
  std::string_view rest = *text;
  constexpr std::string_view kBlank = " \t\r\n";
  while (true) {
    const auto begin = rest.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    rest.remove_prefix(begin);
    parser.reset();
    json::error_code failed;
    const auto used = parser.write_some(rest.data(), rest.size(), failed);
    if (!failed && !parser.done()) parser.finish(failed);
    if (failed) {
      const auto offset = text->size() - rest.size() + used;
      const auto line = 1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(offset), '\n');
      return wrong(
          fmt::format("{}:{}: not JSON: {}; save objects with `kubectl get … -o json`", path, line, failed.message()));
    }
    if (!heap.add(parser.release())) {
      return wrong(fmt::format("{}: no Kubernetes object: there is neither kind nor items", path));
    }
    rest.remove_prefix(used);
  }
}

}  // namespace

std::expected<hpa::ObjectHeap, std::string> read_object_files(const std::vector<std::string>& paths) {
  hpa::ObjectHeap heap;
  for (const auto& path : paths) {
    if (auto added = add_file(path, heap); !added) return wrong(added.error());
  }
  return heap;
}

}  // namespace surgeproof
