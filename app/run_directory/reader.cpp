#include "app/run_directory/reader.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>

#include "app/run_directory/layout.h"
#include "app/run_directory/record_json.h"

namespace surgeproof {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_text(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// The last line of a complete recording.
struct EndMark {
  RunTime at{};
  std::array<std::optional<std::uint64_t>, kRecordingFiles.size()> records;  ///< in each file
};

/// What one file held.
struct FileContent {
  std::uint64_t records = 0;
  RunTime last{};          ///< the latest instant that a record tells of
  bool cut = false;        ///< missing, or it ends within a line
  bool load_over = false;  ///< nothing of the load comes after
  std::optional<EndMark> end;
};

std::optional<EndMark> end_mark(std::string_view line) {
  if (line.find(R"("record":"end")") == std::string_view::npos) return std::nullopt;
  boost::system::error_code error;
  const auto j = boost::json::parse(line, error);
  if (error || !j.is_object()) return std::nullopt;
  const auto* at = j.get_object().if_contains("at_ns");
  if (at == nullptr || !at->is_int64()) return std::nullopt;
  EndMark mark{RunTime{at->get_int64()}, {}};
  const auto* counts = j.get_object().if_contains("records");
  if (counts == nullptr || !counts->is_object()) return mark;
  for (std::size_t i = 0; i < kRecordingFiles.size(); ++i) {
    const auto* n = counts->get_object().if_contains(kRecordingFiles[i]);
    if (n != nullptr && n->is_int64() && n->get_int64() >= 0) {
      mark.records[i] = static_cast<std::uint64_t>(n->get_int64());
    }
  }
  return mark;
}

bool is_header(std::string_view line) { return line.starts_with(R"({"record":"header")"); }

void keep(Record record, FileContent& file, Recording& recording) {
  ++file.records;
  file.last = std::max(file.last, last_instant_of(record));
  const auto* mark = std::get_if<LoadMark>(&record);
  file.load_over = file.load_over || (mark != nullptr && mark->kind != LoadMark::Kind::started);
  recording.records.push_back(std::move(record));
}

FileContent read_recording_file(const fs::path& path, Recording& recording) {
  FileContent file;
  std::ifstream in{path, std::ios::binary};
  if (!in) {
    recording.info.notes.push_back(fmt::format("{} is missing", path.filename().string()));
    file.cut = true;
    return file;
  }
  std::size_t unreadable = 0;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || is_header(line)) continue;
    if (in.eof()) {  // no line end: the write was cut short
      recording.info.notes.push_back(fmt::format("{} was cut off within a line", path.filename().string()));
      file.cut = true;
      if (auto record = record_from_json(line)) keep(std::move(*record), file, recording);
      break;
    }
    if (auto record = record_from_json(line)) {
      keep(std::move(*record), file, recording);
    } else if (auto end = end_mark(line)) {
      file.end = std::move(end);
    } else {
      ++unreadable;
    }
  }
  if (unreadable > 0) {
    recording.info.notes.push_back(fmt::format("{}: {} could not be read", path.filename().string(),
                                               unreadable == 1 ? "1 line" : fmt::format("{} lines", unreadable)));
    recording.complete = false;
  }
  return file;
}

// A recording is whole up to where its shortest file is. Failures are the exception: load.ndjson counts them.
void find_end(const std::array<FileContent, kRecordingFiles.size()>& files, Recording& recording) {
  const auto& [load, failures, cluster] = files;
  bool cluster_cut = cluster.cut;
  if (load.end) {
    recording.end = load.end->at;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto& expected = load.end->records[i];
      const bool fewer = expected ? files[i].records < *expected : files[i].cut;
      if (!fewer) continue;
      recording.complete = false;
      recording.info.notes.push_back(fmt::format("{}: {} of {} records are there", kRecordingFiles[i], files[i].records,
                                                 expected ? std::to_string(*expected) : "more"));
    }
    const auto& expected = load.end->records[2];
    if (expected) cluster_cut = cluster.records < *expected;
  } else {
    recording.complete = false;
    for (const FileContent& file : files) recording.end = std::max(recording.end, file.last);
    if (!load.load_over) recording.end = std::min(recording.end, load.last);
  }
  if (cluster_cut) recording.end = std::min(recording.end, cluster.last);
}

}  // namespace

RunTime last_instant_of(const Record& record) {
  struct Last {
    RunTime operator()(const LoadMark& r) const { return r.at; }
    RunTime operator()(const LoadWindow& r) const { return r.begin + r.length; }
    RunTime operator()(const RequestFailure& r) const { return r.ended; }
    RunTime operator()(const SlowRequest& r) const { return r.ended; }
    RunTime operator()(const FailureOverflow& r) const { return r.at; }
    RunTime operator()(const PeerWindow& r) const { return r.begin + r.length; }
    RunTime operator()(const GeneratorSample& r) const { return r.begin + r.length; }
    RunTime operator()(const HpaSample& r) const { return r.at.observed; }
    RunTime operator()(const ScaleTargetSample& r) const { return r.at.observed; }
    RunTime operator()(const PodSample& r) const { return r.at.observed; }
    RunTime operator()(const EndpointSliceSample& r) const { return r.at.observed; }
    RunTime operator()(const ClusterEvent& r) const { return r.at.observed; }
    RunTime operator()(const PodMetricsSample& r) const { return r.observed; }
    RunTime operator()(const WatchState& r) const { return r.at; }
    RunTime operator()(const ReplicaSetSample& r) const { return r.at.observed; }
    RunTime operator()(const NodeSample& r) const { return r.at.observed; }
    RunTime operator()(const HpaMetricSample& r) const { return r.observed; }
    RunTime operator()(const SignalSample& r) const { return r.observed; }
    RunTime operator()(const LogLine& r) const { return r.observed; }
    RunTime operator()(const ActionSample& r) const { return r.at; }
  };
  return std::visit(Last{}, record);
}

std::expected<Recording, std::string> read_run_directory(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return std::unexpected(
        fmt::format("{} is not a run directory; `surgeproof run` makes them below ./runs", directory.string()));
  }
  const auto info_text = read_text(directory / kRunInfoFile);
  if (!info_text) {
    return std::unexpected(fmt::format("{} holds no {}: not a run directory, or the run ended before its load began",
                                       directory.string(), kRunInfoFile));
  }
  auto info = run_info_from_json(*info_text);
  if (!info) return std::unexpected(fmt::format("{}: not valid JSON of a run", (directory / kRunInfoFile).string()));
  if (info->schema_version != kRecordingSchemaVersion) {
    return std::unexpected(
        fmt::format("{}: recording format {} is not the {} that this version reads; use the surgeproof "
                    "that made it ({})",
                    (directory / kRunInfoFile).string(), info->schema_version, kRecordingSchemaVersion,
                    info->tool_version.empty() ? "unknown version" : info->tool_version));
  }
  auto scenario = read_text(directory / kScenarioFile);
  if (!scenario) return std::unexpected(fmt::format("cannot read {}", (directory / kScenarioFile).string()));
  Recording recording;
  recording.info = std::move(*info);
  recording.scenario_text = std::move(*scenario);
  recording.complete = true;
  std::array<FileContent, kRecordingFiles.size()> files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i] = read_recording_file(directory / kRecordingFiles[i], recording);
  }
  find_end(files, recording);
  if (!recording.complete) recording.info.notes.emplace_back("the recording was cut off: judged up to its last record");
  return recording;
}

}  // namespace surgeproof
