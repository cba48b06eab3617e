// The scenario that fits an embedded cluster, and what must come of it. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "k8s/demo/demo_options.h"

namespace surgeproof::demo {

/// A scenario file (YAML) for a cluster with these options behind `target` ("http://127.0.0.1:40124"). It names the
/// context of DemoCluster::kubeconfig_text but no kubeconfig file.
std::string scenario_text(const DemoOptions& options, std::string_view target);

/// How the run must end.
struct Expectation {
  int exit_code = 0;
  /// Codes of causes, of which the verdict must name at least one; empty: every criterion passes.
  std::span<const std::string_view> causes;
};
Expectation expectation_for(Break b);

}  // namespace surgeproof::demo
