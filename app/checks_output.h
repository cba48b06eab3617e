// Prints the findings of preflight or doctor, fitted to the terminal.
#pragma once

#include "app/commands/cluster_commands.h"
#include "app/exit_code.h"
#include "reports/checks.h"

namespace surgeproof {

/// The list's exit code; `usage` when standard output cannot be written.
ExitCode print_checks(const reports::CheckList& list, CheckFormat format);

}  // namespace surgeproof
