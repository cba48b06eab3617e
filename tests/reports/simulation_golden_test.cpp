// The page of a simulation, as it was looked at, and without what it does not have.
#include <gmock/gmock.h>

#include <sstream>

#include "reports/simulation_page.h"
#include "tests/reports/golden_file.h"
#include "tests/reports/simulation_story.h"

namespace surgeproof::reports {
namespace {

std::string page_text(const SimulationPage& page) {
  std::ostringstream out;
  write_simulation_page(page, out);
  return out.str();
}

TEST(SimulationPage, Golden) { expect_golden("simulation.html", page_text(simulated_story())); }

TEST(SimulationPage, SaysNothingOfCriteriaWithoutAScenario) {
  SimulationPage page = simulated_story();
  page.outlooks.clear();
  page.outlook_sentence.clear();
  EXPECT_THAT(page_text(page), testing::Not(testing::HasSubstr("Criteria")));
}

}  // namespace
}  // namespace surgeproof::reports
