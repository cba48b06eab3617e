#include "base/records.h"

#include <array>
#include <numeric>

namespace surgeproof {
namespace {

struct OutcomeText {
  std::string_view name;
  std::string_view words;
};

constexpr std::array<OutcomeText, kOutcomes> kTexts{{
    {"ok", "ok"},
    {"unexpected_status", "unexpected status"},
    {"server_error", "server error"},
    {"too_slow", "too slow"},
    {"connect_refused", "connection refused"},
    {"connect_timeout", "connect timed out"},
    {"connect_failed", "connect failed"},
    {"tls_failed", "TLS failed"},
    {"reset", "connection reset"},
    {"closed", "connection closed"},
    {"truncated", "answer cut short"},
    {"timeout", "timed out"},
    {"malformed", "not HTTP"},
    {"bad_gateway", "bad gateway"},
    {"generator_error", "generator error"},
    {"unsent", "unsent"},
}};

}  // namespace

std::string_view name_of(Outcome o) { return kTexts.at(static_cast<std::size_t>(o)).name; }
std::string_view words_for(Outcome o) { return kTexts.at(static_cast<std::size_t>(o)).words; }

std::optional<Outcome> outcome_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (kTexts[i].name == name) return static_cast<Outcome>(i);
  }
  return std::nullopt;
}

bool is_drop(Outcome o) {
  switch (o) {
    case Outcome::connect_refused:
    case Outcome::connect_timeout:
    case Outcome::connect_failed:
    case Outcome::tls_failed:
    case Outcome::reset:
    case Outcome::closed:
    case Outcome::truncated:
    case Outcome::timeout:
    case Outcome::malformed:
    case Outcome::bad_gateway:
      return true;
    case Outcome::ok:
    case Outcome::unexpected_status:
    case Outcome::server_error:
    case Outcome::too_slow:
    case Outcome::generator_error:
    case Outcome::unsent:
      return false;
  }
  return false;
}

bool is_generator_fault(Outcome o) { return o == Outcome::generator_error || o == Outcome::unsent; }

std::uint64_t LoadWindow::ended() const { return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0}); }

std::string_view name_of(ActionSample::State state) {
  constexpr std::array<std::string_view, 8> kNames{"planned", "begun",   "done",     "refused",
                                                   "failed",  "unknown", "left_out", "missed"};
  return kNames.at(static_cast<std::size_t>(state));
}

}  // namespace surgeproof
