// One line of preflight or doctor: what was looked at, how it stands, and what would set it right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof {

struct Check {
  enum class Level : std::uint8_t {
    ok,
    note,     ///< worth knowing; nothing to do
    warning,  ///< may spoil a run
    unseen,   ///< could not be looked at
    failure,  ///< will make a run fail
  };
  std::string group;  ///< what it belongs to: "HPA todo/backend", "This machine"
  std::string id;     ///< stable, within the group: "requests", "pre_stop"
  Level level = Level::ok;
  std::string sentence;  ///< with the figures, without a full stop
  std::string remedy;    ///< what would do; empty when there is nothing to do
  bool operator==(const Check&) const = default;
};
using Checks = std::vector<Check>;

std::string_view name_of(Check::Level level);  ///< "ok", "note", "warning", "unseen", "failure"

[[nodiscard]] std::size_t count(const Checks& checks, Check::Level level);

}  // namespace surgeproof
