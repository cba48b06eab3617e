// A histogram in the V2 compressed encoding of HdrHistogram, as its interval logs and tools carry it. Pure.
//
// base/histogram.h has the layout of an HdrHistogram of three significant digits whose lowest discernible value is 1:
// 2048 buckets of width 1, then 1024 for each doubling. Its counts array is indexed as ours, so the mapping is the
// identity, and counts and percentiles are the same in every reader.
#pragma once

#include <string>

#include "base/histogram.h"

namespace surgeproof {

/// "HISTFAAA…": base64 (RFC 4648) of a compressed V2 histogram of microseconds, from 1 to Histogram::kTopUs. Buckets
/// must ascend by index, as SparseHistogram promises.
std::string hdr_v2_base64(const SparseHistogram& histogram);

}  // namespace surgeproof
