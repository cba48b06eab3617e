#include "analyzers/finding.h"

namespace surgeproof {

std::string_view name_of(Status s) {
  switch (s) {
    case Status::pass:
      return "pass";
    case Status::fail:
      return "fail";
    case Status::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::string_view name_of(Confidence c) {
  switch (c) {
    case Confidence::low:
      return "low";
    case Confidence::probable:
      return "probable";
    case Confidence::high:
      return "high";
  }
  return "";
}

int Verdict::exit_code() const {
  switch (status) {
    case Status::pass:
      return 0;
    case Status::fail:
      return 1;
    case Status::inconclusive:
      return 4;
  }
  return 4;
}

}  // namespace surgeproof
