// A table of load over time: "time,rate" a line.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "analyzers/whatif/service.h"

namespace surgeproof {

/// Time in seconds (or "1m30s") from zero on, ascending; requests per second, which hold until the next line's time.
/// The last line holds as long as the one before. A header line is skipped. The error names the line.
std::expected<whatif::Demand, std::string> demand_from_csv(std::string_view text, const std::string& file);

}  // namespace surgeproof
