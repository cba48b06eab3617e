#include "app/run_directory/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace surgeproof {
namespace {

namespace fs = std::filesystem;

// The number of the error, 0 for none.
int write_file(const fs::path& path, std::string_view text) {
  std::FILE* f = std::fopen(path.c_str(), "we");
  if (f == nullptr) return errno;
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), f) == text.size() && std::fflush(f) == 0;
  const int write_error = errno;
  const int close_error = std::fclose(f) == 0 ? 0 : errno;
  return written ? close_error : write_error;
}

// A device, a pipe or a link such as /dev/stdout: a rename would put a file in its place.
bool has_to_stay(const fs::path& path) {
  std::error_code ignored;
  const fs::file_type type = fs::symlink_status(path, ignored).type();
  return type != fs::file_type::not_found && type != fs::file_type::none && type != fs::file_type::regular &&
         type != fs::file_type::directory;
}

}  // namespace

std::expected<void, std::string> write_file_atomically(const fs::path& path, std::string_view text) {
  const auto fail = [&](int number) {
    return std::unexpected(fmt::format("cannot write {}: {}", path.string(), std::strerror(number)));
  };
  if (has_to_stay(path)) {
    if (const int number = write_file(path, text); number != 0) return fail(number);
    return {};
  }
  const fs::path temporary = path.parent_path() / fmt::format(".{}.new", path.filename().string());
  int number = write_file(temporary, text);
  std::error_code error;
  if (number == 0) {
    fs::rename(temporary, path, error);
    number = error.value();
  }
  if (number == 0) return {};
  fs::remove(temporary, error);
  return fail(number);
}

}  // namespace surgeproof
