// The files a report is written to, beside the recording.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "reports/report.h"

namespace surgeproof {

/// verdict.json, junit.xml, report.md, report.html. Goes on after a failed one; returns a sentence for each that
/// failed.
std::vector<std::string> write_outputs(const reports::Report& report, const std::filesystem::path& directory);

/// Prints the report in this format; "console" is fitted to the terminal, and says where the HTML report is.
void print_report(const reports::Report& report, const std::filesystem::path& directory, std::string_view format);

}  // namespace surgeproof
