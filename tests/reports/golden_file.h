// A text against the file that was looked at; SURGEPROOF_UPDATE_GOLDEN=1 writes it anew.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace surgeproof::reports {

inline void expect_golden(const std::string& file, const std::string& text) {
  const auto path = std::filesystem::path(SURGEPROOF_SOURCE_DIR) / "tests/reports/golden" / file;
  if (std::getenv("SURGEPROOF_UPDATE_GOLDEN")) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path << " is missing; SURGEPROOF_UPDATE_GOLDEN=1 writes it";
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, expected);
}

}  // namespace surgeproof::reports
