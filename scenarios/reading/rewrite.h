// The source text of a scenario, changed in places.
#pragma once

#include <string>
#include <string_view>

#include "base/yaml.h"
#include "scenarios/reading/reading.h"

namespace surgeproof::reading {

/// A scalar in double quotes that YAML reads back as `value`.
std::string yaml_quoted(std::string_view value);

/// `value` with every "${" written as "$${", so that it is not expanded again.
std::string without_references(std::string_view value);

/// `source` with its spans replaced. Edits do not overlap.
std::string apply_edits(std::string_view source, const Edits& edits);

/// `text` with the password of a URL and the values of secret names in it (`api_key=x`, `"password": "x"`) as "***".
std::string redact_text(std::string_view text);

/// The edits that take literal secrets out of a document.
Edits secret_edits(const YamlNode& root, std::string_view source);

/// Comment lines that name a secret and give it a value, emptied.
std::string without_secret_comments(std::string_view source);

/// `source` with one more entry in its root mapping, in the style that is written in: at the end, so that the others
/// keep their lines, if that can be. Unchanged when the mapping is empty.
std::string with_entry(const YamlNode& root, std::string_view source, std::string_view key, std::string_view value);

}  // namespace surgeproof::reading
