// The forensics of a whole run: every failed request under one cause, grouped by cause, pod and instant; what was lost
// in the generator itself, apart; and the smallest safe preStop, measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/drop_types.h"

namespace surgeproof {

struct Timeline;

DropReport report_drops(const Timeline& timeline);

}  // namespace surgeproof
