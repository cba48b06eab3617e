#include "app/recorded_run.h"

#include <sstream>

namespace surgeproof {

std::expected<RecordedRun, std::string> load_run(const std::filesystem::path& directory) {
  auto recording = read_run_directory(directory);
  if (!recording) return std::unexpected(recording.error());
  std::ostringstream errors;
  ScenarioOptions options;
  options.path = recording->info.scenario_file.empty() ? "scenario.yaml" : recording->info.scenario_file;
  auto loaded = load_scenario_text(recording->scenario_text, options, /*lenient=*/true, errors);
  if (!loaded) return std::unexpected(errors.str());
  TimelineBuilder builder{loaded->scenario};
  for (auto& record : recording->records) builder.add(std::move(record));
  recording->records.clear();
  // A cut-off recording gets no more records either: what was not decided by its end stays so.
  Timeline timeline = builder.build(recording->end, true);
  return RecordedRun{std::move(*recording), std::move(*loaded), std::move(timeline)};
}

}  // namespace surgeproof
