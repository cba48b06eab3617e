#include "app/commands/check.h"

#include <iostream>

#include "app/complain.h"
#include "app/feasibility_check.h"
#include "app/object_files.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using Feasible = FeasibilityFinding::Verdict;

/// Prints the findings; false when a criterion cannot be met.
bool print_feasibility(const std::vector<FeasibilityFinding>& findings) {
  std::cout << "\nFeasibility, from the saved objects\n";
  if (findings.empty()) std::cout << "  nothing to check: no scale_up criterion names an HPA that is in the files\n";
  bool feasible = true;
  for (const FeasibilityFinding& f : findings) {
    const bool unknown = f.verdict == Feasible::unknown;
    const bool infeasible = f.verdict == Feasible::infeasible;
    std::cout << fmt::format("  {}  {}: {}\n",
                             unknown      ? "?"
                             : infeasible ? "INFEASIBLE"
                                          : "ok",
                             f.criterion, f.sentence);
    feasible = feasible && !infeasible;
  }
  return feasible;
}

}  // namespace

ExitCode check_command(const CheckOptions& options) {
  const auto loaded = load_scenario(options.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  std::expected<hpa::ObjectHeap, std::string> objects;
  if (!options.objects.empty()) objects = read_object_files(options.objects);
  if (!objects) return complain(ExitCode::usage, objects.error());
  const auto flags = loop_flags_of(options.flags);
  if (!flags) return complain(ExitCode::usage, flags.error());
  std::cout << plan_text(loaded->scenario, loaded->path);
  const bool feasible =
      options.objects.empty() || print_feasibility(check_feasibility(loaded->scenario, *objects, *flags));
  std::cout << std::flush;
  if (!std::cout) return complain(ExitCode::usage, "cannot write to standard output");
  return feasible ? ExitCode::pass : ExitCode::fail;
}

}  // namespace surgeproof
