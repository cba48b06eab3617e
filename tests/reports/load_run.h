// Runs of `surgeproof load`, made by hand.
#pragma once

#include "reports/load_summary.h"

namespace surgeproof::reports {

/// 2,000/s for 10s with two limits, one broken; some requests failed in three ways.
LoadSummary open_load();
/// 64 connections; the generator had no CPU left.
LoadSummary closed_load();
/// Nothing was answered.
LoadSummary refused_load();

}  // namespace surgeproof::reports
