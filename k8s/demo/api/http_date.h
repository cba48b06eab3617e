// The Date header.
#pragma once

#include <string>

#include "base/run_time.h"

namespace surgeproof::demo {

/// "Mon, 02 Jun 2025 09:00:15 GMT" (RFC 9110, IMF-fixdate).
std::string format_http_date(WallTime t);

}  // namespace surgeproof::demo
