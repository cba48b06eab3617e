// Which files of a directory of runs are given out, and which are not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/past_runs/run_browser.h"

namespace surgeproof {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr const char* kVerdict =
    R"({"schema_version":1,"run":{"name":"peak","load_started":"2025-06-02T09:00:00.000Z"},)"
    R"("verdict":{"status":"pass","headline":"all 4 criteria met"},"summary":{"total":{"latency_p99_ms":250}}})";

class PastRuns : public testing::Test {
 protected:
  PastRuns() {
    std::string path = (fs::temp_directory_path() / "surgeproof-past-runs-XXXXXX").string();
    root_ = ::mkdtemp(path.data());
    write("secret.txt", "top secret");
    write("runs/a/verdict.json", kVerdict);
    write("runs/a/report.html", "<p>report of a</p>");
    write("runs/a/load.ndjson", "{}");
    write("runs/report.html", "<p>no run</p>");
  }
  ~PastRuns() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name, std::ios::binary} << text;
  }
  [[nodiscard]] RunBrowser browser() const {
    auto files = RunFiles::open(root_ / "runs");
    EXPECT_TRUE(files.has_value());
    return RunBrowser{std::move(*files), "runs"};
  }
  fs::path root_;
};

TEST_F(PastRuns, GivesOutTheReportsOfARun) {
  RunBrowser runs = browser();
  const auto report = runs.page("/run/a/report.html");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->body, "<p>report of a</p>");
  EXPECT_EQ(report->content_type, "text/html; charset=utf-8");
  EXPECT_THAT(report->policy, HasSubstr("default-src 'none'"));
  EXPECT_TRUE(runs.page("/run/a/verdict.json"));
  EXPECT_THAT(runs.page("/")->body, HasSubstr("href=\"run/a/report.html\""));
}

TEST_F(PastRuns, GivesOutNothingElse) {
  fs::create_directory_symlink(root_, root_ / "runs/up");
  fs::create_directory_symlink(root_ / "runs/a", root_ / "runs/alias");
  fs::create_directories(root_ / "runs/b/report.html");
  fs::create_directories(root_ / "runs/c");
  fs::create_symlink(root_ / "secret.txt", root_ / "runs/c/report.html");
  ASSERT_EQ(::mkfifo((root_ / "runs/c/verdict.json").c_str(), 0600), 0);
  write("runs/a/../../report.html", "<p>outside</p>");
  RunBrowser runs = browser();
  for (const char* path : {"/run/../report.html",
                           "/run/%2e%2e/report.html",
                           "/run/..%2f../report.html",
                           "/run/./report.html",
                           "/run/%2e/report.html",
                           "/run//report.html",
                           "/run/a/load.ndjson",
                           "/run/a/..%2f..%2fsecret.txt",
                           "/run/a%2f..%2fa/report.html",
                           "/run/a%00/report.html",
                           "/run/a/report.html%00",
                           "/run/a/report.html/",
                           "/run/a",
                           "/run/",
                           "/run",
                           "",
                           "/etc/passwd",
                           "//etc/passwd",
                           "/run/up/report.html",
                           "/run/alias/report.html",
                           "/run/b/report.html",
                           "/run/c/report.html",
                           "/run/c/verdict.json",
                           "/run/%zz/report.html",
                           "/run/none/report.html",
                           "/runs/a/report.html",
                           "/run/%2Ftmp/report.html"}) {
    EXPECT_FALSE(runs.page(path)) << path;
  }
  EXPECT_THAT(runs.page("/")->body, Not(HasSubstr("alias")));
}

TEST_F(PastRuns, AFileThatIsTooLargeIsNotRead) {
  auto files = RunFiles::open(root_ / "runs");
  ASSERT_TRUE(files.has_value());
  EXPECT_TRUE(files->read("a", "report.html", 18));
  EXPECT_FALSE(files->read("a", "report.html", 17));
}

TEST_F(PastRuns, LooksAtSoManyEntriesAndNotMore) {
  for (int i = 0; i < 20; ++i) fs::create_directories(root_ / "runs" / std::to_string(i));
  auto files = RunFiles::open(root_ / "runs");
  ASSERT_TRUE(files.has_value());
  EXPECT_EQ(files->names(1'000).size(), 21u);
  EXPECT_LE(files->names(5).size(), 5u);
}

TEST_F(PastRuns, ListsARunWithoutAVerdictAndSaysWhy) {
  write("runs/b/run.json", R"({"schema_version":1,"name":"cut short","started":"2025-06-03T09:00:00Z"})");
  write("runs/c/verdict.json", "{}");
  fs::create_directories(root_ / "runs/not a run");
  RunBrowser runs = browser();
  const auto list = runs.list();
  EXPECT_EQ(list.count, 3u);
  const std::string page = runs.page("/")->body;
  EXPECT_THAT(page, HasSubstr("cut short"));
  EXPECT_THAT(page, HasSubstr("no verdict: still going on"));
  EXPECT_THAT(page, HasSubstr("not one that this version reads"));
  EXPECT_THAT(page, Not(HasSubstr("not a run<")));
}

TEST_F(PastRuns, AreListedAsTheyAreNow) {
  RunBrowser runs = browser();
  EXPECT_EQ(runs.list().count, 1u);
  write("runs/b/verdict.json", kVerdict);
  std::string other = kVerdict;
  other.replace(other.find("250"), 3, "1250");
  write("runs/a/verdict.json", other);  // another size, whatever the clock's resolution is
  EXPECT_EQ(runs.list().count, 2u);
  EXPECT_THAT(runs.page("/")->body, HasSubstr("1.25s"));
  fs::remove_all(root_ / "runs/a");
  EXPECT_EQ(runs.list().count, 1u);
}

TEST(RunFilesAt, NoDirectoryIsOneSentence) {
  const auto files = RunFiles::open("/nonexistent/runs");
  ASSERT_FALSE(files.has_value());
  EXPECT_EQ(files.error(), "cannot list the runs in /nonexistent/runs: No such file or directory");
}

}  // namespace
}  // namespace surgeproof
