// A directory of runs as pages: "/" lists them, "/run/NAME/FILE" is one of a run's report files.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "app/live/live_server.h"
#include "app/past_runs/run_files.h"
#include "reports/run_list.h"

namespace surgeproof {

inline constexpr std::size_t kMostRuns = 1'000;  ///< in the list: the last ones by name, which begins with the time
inline constexpr std::size_t kMostEntries = 100'000;     ///< of the directory that are looked at
inline constexpr std::size_t kLargestVerdict = 8 << 20;  ///< bytes
inline constexpr std::size_t kLargestReport = 32 << 20;  ///< bytes

class RunBrowser {
 public:
  /// `name` is the directory's for people.
  RunBrowser(RunFiles files, std::string name) : files_{std::move(files)}, name_{std::move(name)} {}

  /// What the path of a request leads to; empty: to nothing. Not for several threads at once.
  std::optional<LiveServer::Document> page(const std::string& path);
  /// The runs as they are now.
  reports::RunList list();

 private:
  struct Known {
    RunFiles::State state;
    std::optional<reports::PastRun> run;
  };
  std::optional<reports::PastRun> look_at(const std::string& name);

  RunFiles files_;
  std::string name_;
  std::map<std::string, Known> known_;  // a verdict is read again only when it has changed
};

}  // namespace surgeproof
