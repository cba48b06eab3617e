#include "app/judged_run.h"

#include <sstream>

#include "analyzers/judge.h"
#include "scenarios/rejudge.h"

namespace surgeproof {
namespace {

// Judged by another file's criteria; what was sent and watched stays the recording's.
std::expected<LoadedScenario, std::string> with_other(LoadedScenario recorded, const ScenarioOptions& other) {
  std::ostringstream errors;
  auto loaded = load_scenario(other, errors);
  if (!loaded) return std::unexpected(errors.str());
  auto scenario = with_criteria_of(std::move(recorded.scenario), loaded->scenario);
  if (scenario) return LoadedScenario{std::move(*scenario), loaded->path, loaded->redacted_text};
  std::string text = fmt::format("{} does not fit the recording:", loaded->path);
  for (const std::string& complaint : scenario.error()) text += fmt::format("\n  {}", complaint);
  return std::unexpected(std::move(text));
}

}  // namespace

std::expected<JudgedRecording, std::string> judge_recording(const std::filesystem::path& directory,
                                                            const ScenarioOptions* other) {
  auto run = load_run(directory);
  if (!run) return std::unexpected(run.error());
  if (other != nullptr) {
    auto changed = with_other(std::move(run->loaded), *other);
    if (!changed) return std::unexpected(changed.error());
    run->loaded = std::move(*changed);
    run->recording.info.notes.push_back(fmt::format("judged by the criteria of {}", run->loaded.path));
  }
  Verdict verdict = judge(run->loaded.scenario, run->timeline);
  return JudgedRecording{std::move(*run), std::move(verdict)};
}

std::expected<reports::Report, std::string> judge_run_directory(const std::filesystem::path& directory,
                                                                const ScenarioOptions* other) {
  auto judged = judge_recording(directory, other);
  if (!judged) return std::unexpected(judged.error());
  const RecordedRun& run = judged->run;
  return reports::build_report(run.recording.info, run.loaded.scenario, run.timeline, judged->verdict,
                               run.loaded.redacted_text);
}

}  // namespace surgeproof
