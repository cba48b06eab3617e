#include "app/run_directory/writer.h"

#include <cerrno>
#include <cstring>

#include "app/run_directory/atomic_file.h"
#include "app/run_directory/layout.h"
#include "app/run_directory/record_json.h"

namespace surgeproof {
namespace {

namespace fs = std::filesystem;

std::string header_line(std::string_view file) {
  return fmt::format(
      R"({{"record":"header","file":"{}","schema_version":{},"units":{{"*_ns":"nanoseconds; instants count from the start )"
      R"(of the recording","*_us":"microseconds","latency.buckets":"[bucket index, count]; the layout is described in )"
      R"(docs/RUN_DIRECTORY.md"}}}})",
      file, kRecordingSchemaVersion);
}

}  // namespace

std::expected<RunDirectoryWriter, std::string> RunDirectoryWriter::create(const fs::path& directory,
                                                                          const RunInfo& info,
                                                                          std::string_view scenario_text) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return std::unexpected(fmt::format("cannot make the run directory {}: {}", directory.string(), error.message()));
  if (fs::exists(directory / kRunInfoFile, error)) {
    return std::unexpected(
        fmt::format("{} already holds a recording; name another directory with --out", directory.string()));
  }
  RunDirectoryWriter writer{directory};
  if (!writer.write_file(kScenarioFile, scenario_text) ||
      !writer.write_file(kRunInfoFile, run_info_to_json(info) + "\n")) {
    return std::unexpected(writer.error());
  }
  for (std::size_t i = 0; i < kRecordingFiles.size(); ++i) {
    writer.files_[i].reset(std::fopen((directory / kRecordingFiles[i]).c_str(), "we"));
    if (!writer.files_[i]) {
      writer.fail(directory / kRecordingFiles[i]);
      return std::unexpected(writer.error());
    }
    writer.append(i, header_line(kRecordingFiles[i]));
  }
  writer.interval_file_.reset(std::fopen((directory / kIntervalLogFile).c_str(), "we"));
  if (!writer.interval_file_) writer.fail(directory / kIntervalLogFile);
  writer.append_intervals(IntervalLog::header(info));
  writer.flush();
  if (!writer.error().empty()) return std::unexpected(writer.error());
  return writer;
}

void RunDirectoryWriter::fail(const fs::path& file) {
  const int number = errno;
  if (error_.empty()) error_ = fmt::format("cannot write {}: {}", file.string(), std::strerror(number));
}

void RunDirectoryWriter::append(std::size_t file, std::string_view line) {
  auto& f = files_[file];
  if (!f) return;
  if (std::fwrite(line.data(), 1, line.size(), f.get()) != line.size() || std::fputc('\n', f.get()) == EOF) {
    fail(directory_ / kRecordingFiles[file]);
    f.reset();
  }
}

void RunDirectoryWriter::append_intervals(std::string_view lines) {
  if (!interval_file_ || std::fwrite(lines.data(), 1, lines.size(), interval_file_.get()) == lines.size()) return;
  fail(directory_ / kIntervalLogFile);
  interval_file_.reset();
}

void RunDirectoryWriter::write(const Record& record) {
  const std::size_t file = recording_file_of(record);
  append(file, record_to_json(record));
  ++records_[file];
  if (const auto* window = std::get_if<LoadWindow>(&record)) append_intervals(intervals_.add(*window));
}

void RunDirectoryWriter::flush() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i] && std::fflush(files_[i].get()) != 0) {
      fail(directory_ / kRecordingFiles[i]);
      files_[i].reset();
    }
  }
  if (interval_file_ && std::fflush(interval_file_.get()) != 0) {
    fail(directory_ / kIntervalLogFile);
    interval_file_.reset();
  }
}

void RunDirectoryWriter::finish(RunTime end) {
  std::string counts;
  for (std::size_t i = 0; i < kRecordingFiles.size(); ++i) {
    counts += fmt::format(R"({}"{}":{})", i == 0 ? "" : ",", kRecordingFiles[i], records_[i]);
  }
  append(0, fmt::format(R"({{"record":"end","at_ns":{},"records":{{{}}}}})", end.count(), counts));
  append_intervals(intervals_.finish(end));
  flush();
  for (auto& f : files_) f.reset();
  interval_file_.reset();
}

void RunDirectoryWriter::discard() {
  for (auto& f : files_) f.reset();
  interval_file_.reset();
  std::error_code ignored;
  for (const auto name : kRecordingFiles) fs::remove(directory_ / name, ignored);
  fs::remove(directory_ / kIntervalLogFile, ignored);
  fs::remove(directory_ / kRunInfoFile, ignored);
  fs::remove(directory_ / kScenarioFile, ignored);
  fs::remove(directory_, ignored);  // fails, as it should, when the directory is not empty
}

bool RunDirectoryWriter::write_file(std::string_view name, std::string_view text) {
  const auto written = write_file_atomically(directory_ / name, text);
  if (!written && error_.empty()) error_ = written.error();
  return written.has_value();
}

}  // namespace surgeproof
