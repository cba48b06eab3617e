// Compares two answers of a case file by the rules of cases/README.md.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

namespace surgeproof::hpa {

/// What differs, one line each, beginning with the field's path; empty if nothing that counts does.
std::vector<std::string> differences(const boost::json::value& expected, const boost::json::value& actual);

}  // namespace surgeproof::hpa
