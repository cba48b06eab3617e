// Case files: one question about the autoscaler a line, in JSON; one answer a line comes back.
// The format is described in tests/k8s/hpa/cases/README.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace surgeproof::hpa {

/// Answers one line. The answer is one line of JSON without the line end. `file` and `line` name the place in
/// diagnostics. Empty lines are the caller's to skip.
std::expected<std::string, Diagnostic> answer_case(std::string_view text, const std::string& file, int line);

}  // namespace surgeproof::hpa
