// Writes a run directory: append-only, so that a run killed at any instant leaves what it had seen.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/run_directory/interval_log.h"
#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {

class RunDirectoryWriter {
 public:
  /// Makes the directory (and its parents), writes run.json and scenario.yaml and opens the recording. The error is
  /// one sentence with the path and the system's reason. Refuses a directory that already holds a recording.
  static std::expected<RunDirectoryWriter, std::string> create(const std::filesystem::path& directory,
                                                               const RunInfo& info, std::string_view scenario_text);

  /// Appends one record. After the first failed write nothing more is written to that file; see error().
  void write(const Record& record);
  /// Hands what is buffered to the system; called about once a second.
  void flush();
  /// Marks the recording as complete, with the number of records in each file, and closes it.
  void finish(RunTime end);
  /// Writes a whole file (verdict.json, report.html, …) by way of a temporary name; false and error() on failure.
  bool write_file(std::string_view name, std::string_view text);

  /// Removes what was written, and the directory if nothing else is in it: the run never began.
  void discard();

  /// The first thing that went wrong, in one sentence; empty while all is well.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const std::filesystem::path& path() const { return directory_; }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  explicit RunDirectoryWriter(std::filesystem::path directory) : directory_{std::move(directory)} {}
  void append(std::size_t file, std::string_view line);
  void append_intervals(std::string_view lines);
  void fail(const std::filesystem::path& file);

  std::filesystem::path directory_;
  std::array<File, 3> files_;
  std::array<std::uint64_t, 3> records_{};  ///< of each file, those that could not be written too
  IntervalLog intervals_;
  File interval_file_;
  std::string error_;
};

}  // namespace surgeproof
