// One HTML page with a picture: replicas recorded against simulated, over the load.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace surgeproof::reports {

struct SimulationPage {
  struct Curve {
    std::string name;
    std::vector<std::pair<double, double>> steps;  ///< (seconds, value), each holds until the next
    bool dashed = false;
  };
  struct Row {
    std::string what;
    std::vector<std::string> values;
  };
  std::string title;
  std::vector<std::string> sentences;
  double end_s = 0;
  std::vector<Curve> replicas;
  Curve load;  ///< requests per second
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

/// Needs no script and no network.
void write_simulation_page(const SimulationPage& page, std::ostream& out);

}  // namespace surgeproof::reports
