// What each HPA decided last, from the records as they come. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/records.h"

namespace surgeproof::reports {

class LiveDecisions {
 public:
  struct Decision {
    RunTime at{};  ///< as observed
    int from = 0;
    int to = 0;
    std::string why;  ///< the metrics of the HPA's status: "cpu 171 % of 70 %"
    bool operator==(const Decision&) const = default;
  };

  void hear(const Record& record);
  /// Empty until its desired replicas change.
  [[nodiscard]] std::optional<Decision> last(const std::string& ns, const std::string& hpa) const;

 private:
  struct Known {
    int desired = 0;
    std::optional<Decision> last;
  };
  std::map<std::string, Known> hpas_;  ///< by namespace/name
};

}  // namespace surgeproof::reports
