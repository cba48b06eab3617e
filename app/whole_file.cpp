#include "app/whole_file.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace surgeproof {

std::expected<std::string, std::string> read_whole_file(const std::string& path, std::size_t max_bytes,
                                                        const std::string& what) {
  struct Close {
    void operator()(std::FILE* f) const {
      if (f != stdin) std::fclose(f);
    }
  };
  const auto failed = [&] { return std::unexpected(fmt::format("cannot read {}: {}", path, std::strerror(errno))); };
  const std::unique_ptr<std::FILE, Close> file{path == "-" ? stdin : std::fopen(path.c_str(), "re")};
  if (!file) return failed();
  std::string text;
  std::array<char, 65536> buffer{};
  while (const auto n = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    text.append(buffer.data(), n);
    if (text.size() > max_bytes) {
      return std::unexpected(fmt::format("{} is larger than {} MiB: not {}", path, max_bytes >> 20, what));
    }
  }
  if (std::ferror(file.get()) != 0) return failed();
  return text;
}

}  // namespace surgeproof
