// Files of the runs below one directory, opened relative to it and without following any link: whatever a name says,
// nothing else can be reached.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace surgeproof {

class RunFiles {
 public:
  /// The error is one sentence.
  static std::expected<RunFiles, std::string> open(const std::filesystem::path& directory);
  RunFiles(RunFiles&& other) noexcept;
  RunFiles& operator=(RunFiles&&) = delete;
  ~RunFiles();

  /// Names of the directories in it, as they come; at most `most` entries are looked at.
  [[nodiscard]] std::vector<std::string> names(std::size_t most) const;

  struct State {
    std::int64_t changed_ns = 0;
    std::int64_t size = 0;
    bool operator==(const State&) const = default;
  };
  /// Empty unless `run` is the plain name of a directory in it and `file` a regular file in that.
  [[nodiscard]] std::optional<State> state(const std::string& run, const std::string& file) const;
  /// The file's bytes; empty as above, when it is larger than `largest`, or cannot be read.
  [[nodiscard]] std::optional<std::string> read(const std::string& run, const std::string& file,
                                                std::size_t largest) const;

 private:
  explicit RunFiles(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

}  // namespace surgeproof
