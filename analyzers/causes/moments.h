// What happened to pods, by time: what a failed request is held against.
#pragma once

#include <string>
#include <vector>

#include "analyzers/timeline.h"

namespace surgeproof {

struct PodMoment {
  enum class Kind : std::uint8_t {
    ready,     ///< listed as ready in an EndpointSlice, or Ready=True where no slice is seen
    deletion,  ///< the deletion was requested
    ended,     ///< after that its containers ended (or the grace period was over)
    crashed,   ///< a container ended and nobody had asked for it
  };
  RunTime at{};  ///< observed
  Kind kind{};
  const PodLife* pod = nullptr;
  const ContainerEnd* end = nullptr;  ///< of `crashed`
};

class PodMoments {
 public:
  explicit PodMoments(const Timeline& timeline);
  /// The last moment of that kind within [t − before, t]; without one the first within (t, t + after]. Of `pod` only,
  /// unless that is empty. Null when there is none.
  [[nodiscard]] const PodMoment* near(PodMoment::Kind kind, RunTime t, RunTime before, RunTime after,
                                      const std::string& pod) const;

 private:
  std::vector<PodMoment> moments_;  // by time
};

/// A container ended on its own, badly: not after a deletion, and not with exit code 0.
bool is_crash(const PodLife& pod, const ContainerEnd& end);
/// "container app ended with exit code 137 (OOMKilled)".
std::string describe_end(const ContainerEnd& end);

}  // namespace surgeproof
