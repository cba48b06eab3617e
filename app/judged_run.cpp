#include "app/judged_run.h"

#include "analyzers/judge.h"
#include "app/recorded_run.h"

namespace surgeproof {

std::expected<reports::Report, std::string> judge_run_directory(const std::filesystem::path& directory) {
  const auto run = load_run(directory);
  if (!run) return std::unexpected(run.error());
  const Verdict verdict = judge(run->loaded.scenario, run->timeline);
  return reports::build_report(run->recording.info, run->loaded.scenario, run->timeline, verdict,
                               run->loaded.redacted_text);
}

}  // namespace surgeproof
