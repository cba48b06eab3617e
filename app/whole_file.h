// A whole file, or standard input, as text.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

namespace surgeproof {

/// `path` "-" is standard input. The error is one sentence; `what` says what the file was to be ("a scenario").
std::expected<std::string, std::string> read_whole_file(const std::string& path, std::size_t max_bytes,
                                                        const std::string& what);

}  // namespace surgeproof
