// A recorded run, judged again from its directory alone.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "reports/report.h"

namespace surgeproof {

/// The error is one or more lines for people.
std::expected<reports::Report, std::string> judge_run_directory(const std::filesystem::path& directory);

}  // namespace surgeproof
