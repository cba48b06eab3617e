// A simulation's page with criteria of every status.
#pragma once

#include "reports/simulation_page.h"

namespace surgeproof::reports {

SimulationPage simulated_story();

}  // namespace surgeproof::reports
