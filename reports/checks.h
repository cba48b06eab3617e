// The findings of preflight and doctor: aligned for a terminal, or as JSON.
#pragma once

#include <iosfwd>
#include <string>

#include "analyzers/check.h"
#include "reports/formats.h"

namespace surgeproof::reports {

struct CheckList {
  std::string command;  ///< "preflight", "doctor"
  std::string subject;  ///< what it was about: the scenario's file
  std::string headline;
  int exit_code = 0;
  Checks checks;
};

/// Group by group; each check with its remedy below it.
void write_checks(const CheckList& list, std::ostream& out, const ConsoleOptions& options);

/// {"schema_version", "command", "subject", "headline", "exit_code", "checks": [{"group", "id", "level", "sentence",
/// "remedy"}]}
void write_checks_json(const CheckList& list, std::ostream& out);

}  // namespace surgeproof::reports
