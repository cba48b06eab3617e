// Ctrl-C and SIGTERM: the first asks for an orderly end with a report, the third ends the process at once.
#pragma once

namespace surgeproof {

/// Takes over SIGINT, SIGTERM and SIGHUP for the life of this object; ignores SIGPIPE. A SIGHUP that is
/// ignored already (nohup) stays so. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// How often the user has asked so far.
  [[nodiscard]] static int count();
};

}  // namespace surgeproof
