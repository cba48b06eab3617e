#include "app/past_runs/run_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace surgeproof {
namespace {

/// A descriptor for the life of this object; below 0 for none.
class Opened {
 public:
  Opened(int directory, const std::string& name, int flags)
      : fd_{::openat(directory, name.c_str(), flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)} {}
  ~Opened() {
    if (fd_ >= 0) ::close(fd_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

bool is_plain(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

/// The file, if it is a regular one.
std::optional<struct stat> regular(int fd) {
  struct stat s{};
  if (fd < 0 || ::fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  return s;
}

std::optional<std::string> whole(int fd, std::size_t size) {
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const auto n = ::read(fd, text.data() + filled, size - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;  // it has become shorter meanwhile
    filled += static_cast<std::size_t>(n);
  }
  text.resize(filled);
  return text;
}

}  // namespace

std::expected<RunFiles, std::string> RunFiles::open(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return std::unexpected(fmt::format("cannot list the runs in {}: {}", directory.string(), std::strerror(errno)));
  }
  return RunFiles{fd};
}

RunFiles::RunFiles(RunFiles&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

RunFiles::~RunFiles() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::string> RunFiles::names(std::size_t most) const {
  std::vector<std::string> found;
  const int own = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // with a position of its own
  struct Close {
    void operator()(DIR* d) const { ::closedir(d); }
  };
  const std::unique_ptr<DIR, Close> entries{own < 0 ? nullptr : ::fdopendir(own)};
  if (!entries) return found;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (most-- == 0) break;
    if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) continue;
    if (is_plain(entry->d_name)) found.emplace_back(entry->d_name);
  }
  return found;
}

std::optional<RunFiles::State> RunFiles::state(const std::string& run, const std::string& file) const {
  if (!is_plain(run) || !is_plain(file)) return std::nullopt;
  const Opened directory{descriptor_, run, O_DIRECTORY};
  if (directory.fd() < 0) return std::nullopt;
  struct stat s{};
  if (::fstatat(directory.fd(), file.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  return State{s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec, s.st_size};
}

std::optional<std::string> RunFiles::read(const std::string& run, const std::string& file, std::size_t largest) const {
  if (!is_plain(run) || !is_plain(file)) return std::nullopt;
  const Opened directory{descriptor_, run, O_DIRECTORY};
  if (directory.fd() < 0) return std::nullopt;
  const Opened opened{directory.fd(), file, 0};
  const auto s = regular(opened.fd());
  if (!s || static_cast<std::size_t>(s->st_size) > largest) return std::nullopt;
  return whole(opened.fd(), static_cast<std::size_t>(s->st_size));
}

}  // namespace surgeproof
