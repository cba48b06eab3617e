// What each cause of a failed request is called, and what to do about it.
#pragma once

#include <string>
#include <string_view>

namespace surgeproof {

struct DropWords {
  std::string_view code;
  std::string_view what;    ///< after "12 requests "
  std::string_view remedy;  ///< may be empty
};

/// Of "unknown" for a code that is not in the table.
const DropWords& words_for_drop(std::string_view code);
/// "were sent …" of several is "was sent …" of one.
std::string of_one(std::string_view what);

}  // namespace surgeproof
