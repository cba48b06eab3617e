#include "app/commands/explain.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iostream>

#include "app/whole_file.h"
#include "base/wall_time.h"
#include "k8s/hpa/explanation.h"

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

std::expected<hpa::Explanation, std::string> explain_files(const ExplainOptions& o, const hpa::Settings& settings) {
  hpa::ObjectHeap heap;
  for (const auto& file : o.files) {
    if (auto added = add_file(file, heap); !added) return wrong(added.error());
  }
  hpa::SnapshotQuery query{o.cluster.ns, o.hpa, std::nullopt};
  if (!o.now.empty()) {
    query.now = parse_rfc3339(o.now);
    if (!query.now) return wrong(fmt::format("--now {}: not a time such as 2025-06-02T09:14:15Z", o.now));
  }
  const auto snapshot = hpa::assemble(heap, query);
  if (!snapshot) return wrong(snapshot.error());
  return hpa::explain_snapshot(*snapshot, settings);
}

}  // namespace

ExitCode explain_command(const ExplainOptions& o) {
  if (!o.cases.empty()) return answer_cases(o.cases);
  const auto complain = [](std::string_view message) {
    std::cerr << "surgeproof: " << message << '\n';
    return ExitCode::usage;
  };
  const auto settings = settings_of(o.flags);
  if (!settings) return complain(settings.error());
  if (!o.run.empty()) return explain_run(o, *settings);
  if (o.files.empty()) return complain("say what to explain: a run directory, --file FILE… or --cases FILE");
  const auto explanation = explain_files(o, *settings);
  if (!explanation) return complain(explanation.error());
  if (o.json) {
    std::cout << hpa::to_json(*explanation) << '\n';
  } else {
    std::cout << hpa::explanation_text(*explanation);
  }
  std::cout << std::flush;
  return std::cout ? ExitCode::pass : complain("cannot write to standard output");
}

}  // namespace surgeproof
