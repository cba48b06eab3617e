// JSON values to text. Boost.JSON's own serializer has no indentation and writes 47.0 as 4.7E1.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace surgeproof::reports {

/// Two blanks a level; an array of scalars stays on one line. Numbers in the shortest form that reads back the same;
/// a double that is no number becomes null.
std::string pretty_json(const boost::json::value& value);

/// Without any white space, doubles rounded to `digits` significant digits: for data that is drawn, not judged.
std::string compact_json(const boost::json::value& value, int digits);

}  // namespace surgeproof::reports
