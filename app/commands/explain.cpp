#include "app/commands/explain.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iostream>

#include "app/complain.h"
#include "app/live_objects.h"
#include "app/object_files.h"
#include "base/wall_time.h"
#include "k8s/hpa/explanation.h"

namespace surgeproof {
namespace {

namespace json = boost::json;

std::unexpected<std::string> wrong(std::string message) { return std::unexpected(std::move(message)); }

/// Prints one explanation.
ExitCode show(const hpa::Explanation& explanation, bool as_json) {
  if (as_json) {
    std::cout << hpa::to_json(explanation) << '\n';
  } else {
    std::cout << hpa::explanation_text(explanation);
  }
  std::cout << std::flush;
  if (std::cout) return ExitCode::pass;
  return complain(ExitCode::usage, "cannot write to standard output");
}

ExitCode explain_live(const ExplainOptions& o, const hpa::Settings& settings) {
  std::string ns;
  const auto heap = read_live_objects(o.cluster, o.hpa, ns);
  if (!heap) return complain(heap.error().code, heap.error().message);
  const WallTime now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  const auto snapshot = hpa::assemble(*heap, {ns, o.hpa, now});
  if (!snapshot) return complain(ExitCode::usage, snapshot.error());
  return show(hpa::explain_snapshot(*snapshot, settings), o.json);
}

std::expected<hpa::Explanation, std::string> explain_files(const ExplainOptions& o, const hpa::Settings& settings) {
  const auto heap = read_object_files(o.files);
  if (!heap) return wrong(heap.error());
  hpa::SnapshotQuery query{o.cluster.ns, o.hpa, std::nullopt};
  if (!o.now.empty()) {
    query.now = parse_rfc3339(o.now);
    if (!query.now) return wrong(fmt::format("--now {}: not a time such as 2025-06-02T09:14:15Z", o.now));
  }
  const auto snapshot = hpa::assemble(*heap, query);
  if (!snapshot) return wrong(snapshot.error());
  return hpa::explain_snapshot(*snapshot, settings);
}

}  // namespace

ExitCode explain_command(const ExplainOptions& o) {
  if (!o.cases.empty()) return answer_cases(o.cases);
  const auto settings = settings_of(o.flags);
  if (!settings) return complain(ExitCode::usage, settings.error());
  if (!o.run.empty()) return explain_run(o, *settings);
  if (o.files.empty() && !o.hpa.empty()) return explain_live(o, *settings);
  if (o.files.empty())
    return complain(ExitCode::usage, "say what to explain: a run directory, --hpa NAME, --file FILE… or --cases FILE");
  const auto explanation = explain_files(o, *settings);
  return explanation ? show(*explanation, o.json) : complain(ExitCode::usage, explanation.error());
}

}  // namespace surgeproof
