// Writes a whole file so that a reader never sees half of it.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace surgeproof {

/// By way of a temporary name beside it; a device, a pipe or a link is written to directly and stays what it is. The
/// error is one sentence: "cannot write PATH: No space left on device".
std::expected<void, std::string> write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace surgeproof
