#include "app/machine.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace surgeproof {
namespace {

/// A container's CPU quota in cores; 0 without one. cgroup v2, then v1.
double cpu_quota() {
  std::string quota;
  double period = 0;
  if (std::ifstream file{"/sys/fs/cgroup/cpu.max"}; file >> quota >> period) {
    return quota == "max" || period <= 0 ? 0 : std::atof(quota.c_str()) / period;
  }
  double limit = 0;
  std::ifstream limit_file{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us"};
  std::ifstream period_file{"/sys/fs/cgroup/cpu/cpu.cfs_period_us"};
  if (!(limit_file >> limit) || !(period_file >> period) || limit <= 0 || period <= 0) return 0;
  return limit / period;
}

}  // namespace

MachineFacts look_at_machine() {
  MachineFacts m;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const auto bounded = [](rlim_t n) { return static_cast<std::int64_t>(std::min<rlim_t>(n, 1 << 30)); };
    m.open_files = bounded(files.rlim_cur);
    m.open_files_hard = bounded(files.rlim_max);
  }
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (std::ifstream ports{"/proc/sys/net/ipv4/ip_local_port_range"}; ports >> first >> last) {
    m.local_ports = std::max<std::int64_t>(0, last - first + 1);
  }
  m.cpus = std::max(1U, std::thread::hardware_concurrency());
  if (const double quota = cpu_quota(); quota > 0) m.cpus = std::min(m.cpus, quota);
  return m;
}

}  // namespace surgeproof
