// What this machine allows a load generator.
#pragma once

#include "analyzers/doctor/doctor.h"

namespace surgeproof {

/// Limits of this process and machine; what cannot be read stays 0. The scenario's part is the caller's.
MachineFacts look_at_machine();

}  // namespace surgeproof
