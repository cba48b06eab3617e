#include "app/run_directory/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace surgeproof {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

class AtomicFile : public testing::Test {
 protected:
  AtomicFile() : path_{fs::temp_directory_path() / fmt::format("surgeproof-atomic-file-test-{}", ::getpid())} {
    fs::remove_all(path_);
    fs::create_directory(path_);
  }
  ~AtomicFile() override { fs::remove_all(path_); }
  fs::path path_;
};

TEST_F(AtomicFile, ReplacesAFileAndLeavesNothingBeside) {
  ASSERT_TRUE(write_file_atomically(path_ / "a", "one"));
  ASSERT_TRUE(write_file_atomically(path_ / "a", "two"));
  EXPECT_EQ(text_of(path_ / "a"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator{path_}, {}), 1);
}

// As /dev/stdout is one: what it leads to is written, and it stays.
TEST_F(AtomicFile, ASymbolicLinkStaysOne) {
  std::ofstream{path_ / "a"} << "a longer text";
  fs::create_symlink("a", path_ / "link");
  ASSERT_TRUE(write_file_atomically(path_ / "link", "two"));
  EXPECT_TRUE(fs::is_symlink(path_ / "link"));
  EXPECT_EQ(text_of(path_ / "a"), "two");
}

TEST_F(AtomicFile, APipeIsWrittenToAndStays) {
  const fs::path pipe = path_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::fstream reader{pipe, std::ios::in | std::ios::out};  // both ends, so that nobody waits
  ASSERT_TRUE(write_file_atomically(pipe, "text\n"));
  EXPECT_TRUE(fs::is_fifo(pipe));
  std::string line;
  std::getline(reader, line);
  EXPECT_EQ(line, "text");
}

TEST_F(AtomicFile, SaysWhyItCannotWrite) {
  const auto missing = write_file_atomically(path_ / "no" / "a", "text");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().find("No such file or directory"), std::string::npos) << missing.error();
  const auto directory = write_file_atomically(path_, "text");
  ASSERT_FALSE(directory);
  EXPECT_NE(directory.error().find("Is a directory"), std::string::npos) << directory.error();
}

}  // namespace
}  // namespace surgeproof
