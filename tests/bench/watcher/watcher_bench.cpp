// What watching costs: a scripted API server in a process of its own serves a Deployment of 5,000 pods that change 50
// times a second; this process watches it and reports its own CPU, its memory, and how long a change took from the
// server's write to the record.
//
//   watcher_bench [PODS [CHANGES_PER_SECOND [SECONDS]]]
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include "k8s/watcher.h"
#include "tests/k8s/objects.h"
#include "tests/k8s/scripted_server.h"

namespace {

using namespace std::chrono_literals;
using namespace surgeproof;
using namespace surgeproof::k8s;
using Clock = std::chrono::steady_clock;

const std::string kPods = "/api/v1/namespaces/todo/pods";

std::int64_t now_ns() { return Clock::now().time_since_epoch().count(); }

/// A pod as large as they are in clusters (some 7 KB), with the instant of the write in status.reason.
std::string pod(int number, int version, bool ready) {
  std::string text = pod_json({.name = fmt::format("backend-5d8f6c-{:05}", number),
                               .ready = ready,
                               .resource_version = std::to_string(1000 + version)});
  text.insert(text.find("\"phase\""), fmt::format(R"("reason":"{}",)", now_ns()));
  std::string fields = R"("managedFields":[)";
  for (int i = 0; i < 3; ++i) {
    fields += fmt::format(
        R"({}{{"manager":"kubelet","operation":"Update","time":"2026-01-05T10:00:0{}Z","fieldsV1":{{"f:status":{{"f:x":"{}"}}}}}})",
        i ? "," : "", i, std::string(2000, 'x'));
  }
  text.insert(text.find("\"creationTimestamp\""), fields + "],");
  return text;
}

std::string list_of(const std::string& items, const std::string& next = "") {
  return fmt::format(R"({{"kind":"List","metadata":{{"resourceVersion":"1000","continue":"{}"}},"items":[{}]}})", next,
                     items);
}

class Server {
 public:
  explicit Server(int pods) : pods_(pods), server_([this](const ScriptedRequest& r) { return answer(r); }) {}
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  /// Changes pods at the rate until killed.
  void change(double per_second) {
    std::shared_ptr<Stream> stream;
    while (!stream) {
      std::this_thread::sleep_for(10ms);
      const std::lock_guard lock(mutex_);
      stream = pods_watch_;
    }
    auto due = Clock::now();
    for (int version = 1;; ++version) {
      due += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / per_second));
      std::this_thread::sleep_until(due);
      stream->push(watch_line("MODIFIED", pod((version * 37) % pods_, version, version % 2 == 0)));
    }
  }

 private:
  ScriptedReply answer(const ScriptedRequest& request) {
    ScriptedReply reply;
    if (request.query.contains("watch=true")) {
      reply.stream = std::make_shared<Stream>();
      const std::lock_guard lock(mutex_);
      if (request.path == kPods) pods_watch_ = reply.stream;
      return reply;
    }
    if (request.path == "/version") {
      reply.body = R"({"gitVersion":"v1.34.4","platform":"linux/amd64"})";
    } else if (request.path.ends_with("/horizontalpodautoscalers")) {
      reply.body = list_of(hpa_json("backend", pods_, pods_));
    } else if (request.path.ends_with("/deployments")) {
      reply.body = list_of(deployment_json("backend", pods_, pods_));
    } else if (request.path == kPods) {
      reply.body = pods_page(request.query);
    } else if (request.path.ends_with("/endpointslices")) {
      reply.body = list_of(slices());
    } else if (request.path.contains("/metrics.k8s.io/")) {
      reply.body = list_of(metrics());
    } else {
      reply.body = list_of("");
    }
    return reply;
  }

  std::string pods_page(const std::string& query) const {
    const auto at = query.find("continue=");
    const int first = at == std::string::npos ? 0 : std::atoi(query.c_str() + at + 9);
    const int last = std::min(pods_, first + 500);
    std::string items;
    for (int i = first; i < last; ++i) items += (items.empty() ? "" : ",") + pod(i, 0, true);
    return list_of(items, last < pods_ ? std::to_string(last) : "");
  }

  std::string slices() const {
    std::string out;
    for (int i = 0; i < pods_; i += 100) {
      std::string names;
      for (int j = i; j < std::min(pods_, i + 100); ++j)
        names += fmt::format("{}backend-5d8f6c-{:05}", j > i ? "," : "", j);
      out += (out.empty() ? "" : ",") + slice_json(fmt::format("backend-{}", i), "backend", names);
    }
    return out;
  }

  /// New measurements every 15 s, as metrics-server has them.
  std::string metrics() const {
    const auto second = now_ns() / 1'000'000'000 / 15 * 15 % 3600;
    std::string out;
    for (int i = 0; i < pods_; ++i) {
      out += (i ? "," : "") + metrics_json(fmt::format("backend-5d8f6c-{:05}", i),
                                           fmt::format("2026-01-05T10:{:02}:{:02}Z", second / 60, second % 60), "180m");
    }
    return out;
  }

  const int pods_;
  std::mutex mutex_;
  std::shared_ptr<Stream> pods_watch_;
  ScriptedServer server_;
};

/// The server's process; ends with this one.
std::pair<pid_t, std::uint16_t> serve(int pods, double per_second) {
  int ends[2];
  if (::pipe(ends) != 0) std::exit(1);
  const pid_t child = ::fork();
  if (child != 0) {
    std::uint16_t port = 0;
    if (::read(ends[0], &port, sizeof port) != sizeof port) std::exit(1);
    return {child, port};
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Server server(pods);
  const std::uint16_t port = server.port();
  if (::write(ends[1], &port, sizeof port) != sizeof port) std::exit(1);
  server.change(per_second);
  std::exit(0);
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

long status_kb(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return std::atol(line.c_str() + key.size() + 1);
  }
  return 0;
}

struct Reactions {
  std::mutex mutex;
  std::vector<double> ms;
  std::atomic<bool> counting = false;

  void take(const Record& record) {
    const auto* sample = std::get_if<PodSample>(&record);
    if (!sample || !counting) return;
    const double took = static_cast<double>(now_ns() - std::atoll(sample->reason.c_str())) / 1e6;
    const std::lock_guard lock(mutex);
    ms.push_back(took);
  }
  double quantile(double q) {
    std::ranges::sort(ms);
    return ms.empty() ? 0 : ms[static_cast<std::size_t>(q * static_cast<double>(ms.size() - 1))];
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int pods = argc > 1 ? std::atoi(argv[1]) : 5000;
  const double rate = argc > 2 ? std::atof(argv[2]) : 50;
  const int seconds = argc > 3 ? std::atoi(argv[3]) : 60;
  if (pods < 1 || rate <= 0 || seconds < 1) return 2;
  const auto [child, port] = serve(pods, rate);
  ClusterConfig config;
  config.server = fmt::format("http://127.0.0.1:{}", port);
  config.ns = "todo";
  Reactions reactions;
  Watcher watcher(config, {{"todo", "backend"}}, {Clock::now(), std::chrono::system_clock::now()},
                  [&](const Record& record) { reactions.take(record); });
  const double cpu_before_list = cpu_seconds();
  const auto began = Clock::now();
  watcher.start();
  if (const auto synced = watcher.wait_synced(120s); !synced) {
    std::cerr << synced.error().message << '\n';
    return 1;
  }
  fmt::print("{} pods listed in {:.2f} s with {:.2f} s of CPU; peak {} MB\n", pods,
             std::chrono::duration<double>(Clock::now() - began).count(), cpu_seconds() - cpu_before_list,
             status_kb("VmHWM") / 1024);
  std::this_thread::sleep_for(2s);
  reactions.counting = true;
  const double cpu = cpu_seconds();
  const auto from = Clock::now();
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  reactions.counting = false;
  const double share = (cpu_seconds() - cpu) / std::chrono::duration<double>(Clock::now() - from).count();
  fmt::print("{:.1f} changes/s for {} s: {:.2f} % of a core, {} MB resident (peak {} MB)\n",
             static_cast<double>(reactions.ms.size()) / seconds, seconds, share * 100, status_kb("VmRSS") / 1024,
             status_kb("VmHWM") / 1024);
  fmt::print("reaction: p50 {:.2f} ms, p99 {:.2f} ms, most {:.2f} ms\n", reactions.quantile(0.5),
             reactions.quantile(0.99), reactions.quantile(1));
  watcher.stop();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return 0;
}
