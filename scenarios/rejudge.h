// New criteria for an old recording.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace surgeproof {

/// The recorded scenario with the criteria of another: what was sent and watched stays as it was. The error: a sentence
/// for each stage, phase, request or HPA that a criterion names and the recording does not have.
std::expected<Scenario, std::vector<std::string>> with_criteria_of(Scenario recorded, const Scenario& other);

}  // namespace surgeproof
