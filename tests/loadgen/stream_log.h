// Writes down what a session tells of its streams.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "loadgen/session.h"

namespace surgeproof::loadgen {

struct StreamLog final : SessionEvents {
  struct End {
    bool answered = false;
    Outcome outcome{};  // of a failure
    std::string error;
    int status = 0;
    std::uint64_t bytes = 0;
    std::string pod;
    std::string server;
  };
  std::map<std::uint32_t, int> began;
  std::map<std::uint32_t, End> ends;
  int twice = 0;  // ended that had ended before, and was not forgotten

  void answer_began(std::uint32_t stream) override { ++began[stream]; }
  void answer_ended(std::uint32_t stream, const Answer& a) override {
    add(stream, {.answered = true,
                 .error = {},
                 .status = a.status,
                 .bytes = a.bytes,
                 .pod = std::string{a.pod},
                 .server = std::string{a.server}});
  }
  void stream_failed(std::uint32_t stream, const StreamFailure& f) override {
    add(stream, {.outcome = f.outcome, .error = std::string{f.error}, .pod = {}, .server = {}});
  }
  [[nodiscard]] bool answered(std::uint32_t stream) const {
    const auto at = ends.find(stream);
    return at != ends.end() && at->second.answered;
  }

 private:
  void add(std::uint32_t stream, End end) {
    if (!ends.emplace(stream, std::move(end)).second) ++twice;
  }
};

}  // namespace surgeproof::loadgen
