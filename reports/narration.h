// Records as they come, told in lines: what an HPA decided, what became of the pods, what the cluster says. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/records.h"
#include "reports/terminal.h"

namespace surgeproof::reports {

struct Told {
  RunTime at{};
  std::string subject;  ///< "HPA todo", "pod todo-5d8f-x2x"
  std::string text;
  Ink ink = Ink::plain;
  bool operator==(const Told&) const = default;
};

class Narrator {
 public:
  /// What is worth a line. Until begin() everything is taken as what stood there before, and only remembered.
  std::vector<Told> tell(const Record& record);
  /// From now on changes are told; returns how things stand.
  std::vector<Told> begin(RunTime now);

 private:
  struct Teller;
  struct KnownPod {
    bool scheduled = false;
    bool ready = false;
    bool terminating = false;
    int restarts = 0;
    std::string trouble;
  };
  bool begun_ = false;
  std::map<std::string, HpaSample> hpas_;                     // by namespace/name
  std::map<std::string, std::string> bands_;                  // of an HPA: "below", "at" or "above" its target
  std::map<std::string, ScaleTargetSample> targets_;          // by kind/namespace/name
  std::map<std::string, KnownPod> pods_;                      // by uid
  std::map<std::string, std::map<std::string, int>> slices_;  // ready endpoints by service, then slice
  std::map<std::string, int> services_;                       // ready endpoints as last told
  std::map<std::string, WatchState::Kind> seen_;              // by resource, namespace and HPA
  std::string last_log_;                                      // whose line was told last, and of when
};

/// "12:31:05  HPA todo     wants 5 replicas …", wrapped with a hanging indent. `clock`: the time of day to print.
std::string told_line(const Told& told, const std::string& clock, int width, bool colour);

}  // namespace surgeproof::reports
