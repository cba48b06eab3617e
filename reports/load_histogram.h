// A distribution in a dozen rows. Pure. Internal to reports/.
#pragma once

#include <vector>

#include "base/histogram.h"
#include "reports/load_summary.h"

namespace surgeproof::reports {

/// Rows from the least to the greatest value, each the same *factor* wide, so that the tail is seen as well as the
/// bulk; edges are rounded to the digits that keep them apart. Every value is in exactly one row.
std::vector<HistogramRow> histogram_rows(const SparseHistogram& latency, int rows = 12);

}  // namespace surgeproof::reports
