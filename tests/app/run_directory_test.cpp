#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/run_directory/layout.h"
#include "app/run_directory/reader.h"
#include "app/run_directory/writer.h"

namespace surgeproof {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class RunDirectory : public testing::Test {
 protected:
  RunDirectory() : path_{fs::temp_directory_path() / fmt::format("surgeproof-run-directory-test-{}", ::getpid())} {
    fs::remove_all(path_);
  }
  ~RunDirectory() override { fs::remove_all(path_); }

  static RunInfo info() {
    RunInfo i;
    i.name = "peak";
    return i;
  }

  /// A recording of ten windows, ten failures and ten pods.
  void record_ten(bool finish) const {
    auto writer = RunDirectoryWriter::create(path_, info(), "target: http://x\n");
    ASSERT_TRUE(writer) << writer.error();
    for (int i = 0; i < 10; ++i) {
      LoadWindow window;
      window.begin = i * 1s;
      window.length = 1s;
      window.planned = 7;
      writer->write(window);
      RequestFailure failure;
      failure.ended = i * 1s + 500ms;
      writer->write(failure);
      PodSample pod;
      pod.at.observed = i * 1s + 700ms;
      pod.name = "todo-1";
      writer->write(pod);
    }
    if (finish) writer->finish(11s);
    writer->flush();
    EXPECT_EQ(writer->error(), "");
  }

  fs::path path_;
};

TEST_F(RunDirectory, IsReadBack) {
  record_ten(true);
  const auto recording = read_run_directory(path_);
  ASSERT_TRUE(recording) << recording.error();
  EXPECT_EQ(recording->records.size(), 30u);
  EXPECT_TRUE(recording->complete);
  EXPECT_EQ(recording->end, 11s);
  EXPECT_EQ(recording->info.name, "peak");
  EXPECT_EQ(recording->scenario_text, "target: http://x\n");
  EXPECT_TRUE(recording->info.notes.empty());
}

TEST_F(RunDirectory, WithoutAnEndMarkItIsCutOff) {
  record_ten(false);
  const auto recording = read_run_directory(path_);
  ASSERT_TRUE(recording);
  EXPECT_FALSE(recording->complete);
  EXPECT_EQ(recording->end, 10s);  // the last window's end
  EXPECT_EQ(recording->info.notes.size(), 1u);
}

TEST_F(RunDirectory, EachFileMayEndAtAnyByte) {
  record_ten(true);
  for (const auto file : kRecordingFiles) {
    std::ostringstream whole;
    whole << std::ifstream{path_ / file}.rdbuf();
    const std::string text = whole.str();
    for (std::size_t cut = 0; cut < text.size(); cut += 7) {
      std::ofstream{path_ / file, std::ios::trunc} << text.substr(0, cut);
      const auto recording = read_run_directory(path_);
      ASSERT_TRUE(recording) << file << " at " << cut;
      EXPECT_LE(recording->records.size(), 30u);
      EXPECT_GE(recording->records.size(), 20u);
      const bool whole_but_for_a_line_end = file != "load.ndjson" && recording->records.size() == 30;
      EXPECT_EQ(recording->complete, whole_but_for_a_line_end) << file << " at " << cut;
    }
    std::ofstream{path_ / file, std::ios::trunc} << text;
  }
}

// Nothing may be judged where one of the files tells nothing any more; failures are counted in load.ndjson, too.
TEST_F(RunDirectory, ItEndsWhereItsShortestFileEnds) {
  const std::pair<std::string_view, RunTime> expected[] = {
      {"load.ndjson", 5s}, {"failures.ndjson", 11s}, {"cluster.ndjson", 4s + 700ms}};
  for (const auto& [file, end] : expected) {
    fs::remove_all(path_);
    record_ten(true);
    std::ifstream in{path_ / file};
    std::string text;
    std::string line;
    for (int lines = 0; lines < 1 + 5 && std::getline(in, line); ++lines) text += line + "\n";
    std::ofstream{path_ / file, std::ios::trunc} << text;
    const auto recording = read_run_directory(path_);
    ASSERT_TRUE(recording) << file;
    EXPECT_FALSE(recording->complete) << file;
    EXPECT_EQ(recording->end, end) << file;
    EXPECT_FALSE(recording->info.notes.empty()) << file;
  }
  fs::remove(path_ / "cluster.ndjson");
  const auto recording = read_run_directory(path_);
  ASSERT_TRUE(recording);
  EXPECT_FALSE(recording->complete);
  EXPECT_EQ(recording->end, 0s);
}

TEST_F(RunDirectory, BinaryGarbageIsCountedAndSaid) {
  record_ten(true);
  std::ofstream{path_ / "cluster.ndjson", std::ios::app} << "\x01\x02\xff\n{\"record\":\"pod\"\n";
  const auto recording = read_run_directory(path_);
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->records.size(), 30u);
  ASSERT_FALSE(recording->info.notes.empty());
  EXPECT_EQ(recording->info.notes[0], "cluster.ndjson: 2 lines could not be read");
}

TEST_F(RunDirectory, AnOlderRecordingIsNotOverwritten) {
  record_ten(true);
  const auto again = RunDirectoryWriter::create(path_, info(), "");
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().find("already holds a recording"), std::string::npos);
}

TEST_F(RunDirectory, ARunThatNeverBeganLeavesNothing) {
  auto writer = RunDirectoryWriter::create(path_, info(), "");
  ASSERT_TRUE(writer);
  std::ofstream{path_ / "mine.txt"} << "not the program's";
  writer->discard();
  EXPECT_TRUE(fs::exists(path_ / "mine.txt"));
  EXPECT_FALSE(fs::exists(path_ / kRunInfoFile));
  fs::remove(path_ / "mine.txt");
  auto again = RunDirectoryWriter::create(path_, info(), "");
  ASSERT_TRUE(again) << again.error();
  again->discard();
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(RunDirectory, WhatIsNoRunDirectoryIsSaid) {
  EXPECT_FALSE(read_run_directory(path_ / "nothing"));
  fs::create_directories(path_);
  const auto empty = read_run_directory(path_);
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().find("run.json"), std::string::npos);
  std::ofstream{path_ / kRunInfoFile} << R"({"schema_version":99,"tool_version":"9.9"})";
  const auto future = read_run_directory(path_);
  ASSERT_FALSE(future);
  EXPECT_NE(future.error().find("9.9"), std::string::npos);
}

TEST_F(RunDirectory, AFullDiskIsSaidOnceAndSurvived) {
  record_ten(false);
  // /dev/full answers every write with ENOSPC.
  fs::remove(path_ / "run.json");
  fs::remove(path_ / "load.ndjson");
  fs::create_symlink("/dev/full", path_ / "load.ndjson");
  auto writer = RunDirectoryWriter::create(path_, info(), "");
  ASSERT_FALSE(writer);
  EXPECT_NE(writer.error().find("No space left on device"), std::string::npos) << writer.error();
}

}  // namespace
}  // namespace surgeproof
