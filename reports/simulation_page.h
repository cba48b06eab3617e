// One HTML page with a picture: replicas recorded against simulated, over the load.
#pragma once

#include <cstdint>
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
  /// One criterion of the scenario, as it is and as simulated.
  struct Outlook {
    enum class Status : std::uint8_t { met, not_met, cannot_be_told };
    struct Side {
      Status status = Status::cannot_be_told;
      std::string text;  ///< "met, 35s", "cannot be told"
    };
    std::string criterion;
    Side as_it_is;
    Side simulated;
    std::string note;  ///< what that leaves out, or why it cannot be told
  };
  std::string title;
  std::vector<std::string> sentences;
  double end_s = 0;
  std::vector<Curve> replicas;
  Curve load;  ///< requests per second
  std::vector<std::string> columns;
  std::vector<Row> rows;
  std::vector<Outlook> outlooks;
  std::string outlook_sentence;  ///< "2 of 5 criteria would be met, …"; empty without criteria
};

/// Needs no script and no network.
void write_simulation_page(const SimulationPage& page, std::ostream& out);

}  // namespace surgeproof::reports
