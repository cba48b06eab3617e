#include "app/judged_run.h"

#include <sstream>

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "app/run_directory/reader.h"
#include "app/scenario_file.h"

namespace surgeproof {

std::expected<reports::Report, std::string> judge_run_directory(const std::filesystem::path& directory) {
  auto recording = read_run_directory(directory);
  if (!recording) return std::unexpected(recording.error());
  std::ostringstream errors;
  ScenarioOptions options;
  options.path = recording->info.scenario_file.empty() ? "scenario.yaml" : recording->info.scenario_file;
  const auto loaded = load_scenario_text(recording->scenario_text, options, /*lenient=*/true, errors);
  if (!loaded) return std::unexpected(errors.str());
  TimelineBuilder builder{loaded->scenario};
  for (auto& record : recording->records) builder.add(std::move(record));
  // A cut-off recording gets no more records either: what was not decided by its end stays so.
  const Timeline& timeline = builder.build(recording->end, true);
  const Verdict verdict = judge(loaded->scenario, timeline);
  return reports::build_report(recording->info, loaded->scenario, timeline, verdict, loaded->redacted_text);
}

}  // namespace surgeproof
