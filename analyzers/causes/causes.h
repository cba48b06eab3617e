// Why a criterion failed or stayed open. Every cause family looks at the whole run and offers clues; here they are
// weighed per finding.
#pragma once

#include "analyzers/criteria/criteria.h"

namespace surgeproof {

/// Fills Finding::causes of every finding that failed or is inconclusive for good, and Verdict::causes. Needs findings,
/// health and drops.
void find_causes(const Facts& facts, Verdict& verdict);

}  // namespace surgeproof
