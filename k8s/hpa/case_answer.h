// A decision as one answer of a case file.
#pragma once

#include <boost/json/fwd.hpp>

#include "k8s/hpa/decision.h"

namespace surgeproof::hpa {

/// The answer's object, without `id`. The fields are described in tests/k8s/hpa/cases/README.md.
boost::json::object answer_of(const Decision& decision);

}  // namespace surgeproof::hpa
