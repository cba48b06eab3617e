// What a judge could have said of surge_run(); with markup and control characters where a cluster could put them.
#pragma once

#include "analyzers/finding.h"

namespace surgeproof::reports {

Verdict surge_verdict(RunTime load_start);

}  // namespace surgeproof::reports
