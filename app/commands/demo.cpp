#include <unistd.h>

#include <iostream>
#include <stdexcept>
#include <thread>

#include "app/commands/commands.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "app/run_directory/atomic_file.h"
#include "k8s/demo/demo_cluster.h"
#include "k8s/demo/demo_scenario.h"

namespace surgeproof {
namespace {

/// The cluster's options; empty when the user named something that cannot be broken.
std::optional<demo::DemoOptions> cluster_options(const DemoCommandOptions& o) {
  auto options = o.realistic ? demo::DemoOptions::realistic() : demo::DemoOptions::quick();
  options.api_port = o.api_port;
  options.service_port = o.service_port;
  if (o.break_what.empty()) return options;
  const auto broken = demo::break_from_name(o.break_what);
  if (!broken) {
    complain(ExitCode::usage, fmt::format("--break {}: there are {}", o.break_what, demo::break_names()));
    return std::nullopt;
  }
  demo::apply_break(options, *broken);
  return options;
}

/// Removes a file that nobody asked for by name.
struct TemporaryFile {
  std::filesystem::path path;
  ~TemporaryFile() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove(path, ignored);
  }
};

/// A started cluster and its kubeconfig on the disk.
struct RunningCluster {
  demo::DemoCluster cluster;
  std::filesystem::path kubeconfig;
  TemporaryFile temporary;

  RunningCluster(const demo::DemoOptions& options, const std::filesystem::path& wanted) : cluster{options} {
    cluster.start();
    kubeconfig = wanted;
    if (kubeconfig.empty()) {
      kubeconfig = std::filesystem::temp_directory_path() / fmt::format("surgeproof-demo-{}.kubeconfig", ::getpid());
      temporary.path = kubeconfig;
    }
    if (const auto written = write_file_atomically(kubeconfig, cluster.kubeconfig_text()); !written) {
      throw std::runtime_error(written.error());
    }
  }
};

/// Runs `body(cluster)`; a cluster that does not start is said.
template <class Body>
ExitCode with_cluster(const DemoCommandOptions& o, Body body) {
  const auto options = cluster_options(o);
  if (!options) return ExitCode::usage;
  std::optional<RunningCluster> running;
  try {
    running.emplace(*options, o.kubeconfig);
  } catch (const std::runtime_error& e) {
    return complain(ExitCode::usage, fmt::format("the embedded cluster did not start: {}", e.what()));
  }
  return body(*running);
}

}  // namespace

ExitCode demo_command(const DemoCommandOptions& o) {
  return with_cluster(o, [&](RunningCluster& running) {
    const auto& options = running.cluster.options();
    // A document on standard output stays whole; with --quiet only the result is there.
    const bool bare = o.session.print != "console" || o.session.view == View::quiet;
    std::ostream& out = bare ? std::cerr : std::cout;
    out << "An embedded cluster runs on loopback: API " << running.cluster.api_url() << ", service "
        << running.cluster.service_url() << "\nWatch it from another terminal:  kubectl --kubeconfig "
        << running.kubeconfig.string() << " get hpa,pods -w\n";
    if (options.broken != demo::Break::none) {
      out << "Broken on purpose (" << demo::name_of(options.broken) << "): " << demo::words_for(options.broken) << '\n';
    }
    out << std::flush;
    ScenarioOptions scenario;
    scenario.path = "demo.yaml";
    const auto loaded = load_scenario_text(demo::scenario_text(options, running.cluster.service_url()), scenario,
                                           /*lenient=*/false, std::cerr);
    if (!loaded) return ExitCode::internal;
    SessionOptions session = o.session;
    session.cluster.kubeconfig = running.kubeconfig.string();
    session.watch.metrics_interval =
        options.is_realistic ? std::chrono::milliseconds{5000} : std::chrono::milliseconds{500};
    if (options.broken != demo::Break::none) {
      session.notes.push_back(
          fmt::format("demo --break {}: {}", demo::name_of(options.broken), demo::words_for(options.broken)));
    }
    return run_session(*loaded, session);
  });
}

ExitCode demo_cluster_command(const DemoCommandOptions& o) {
  return with_cluster(o, [&](RunningCluster& running) {
    const InterruptGuard guard;
    std::cout << "An embedded cluster runs on loopback until Ctrl-C.\n\n  service  " << running.cluster.service_url()
              << "\n  API      " << running.cluster.api_url()
              << "\n\n  export KUBECONFIG=" << running.kubeconfig.string()
              << "\n  kubectl get hpa,deploy,pods,endpointslices,events\n"
              << std::flush;
    while (InterruptGuard::count() == 0) std::this_thread::sleep_for(std::chrono::milliseconds{100});
    std::cout << "stopping\n";
    return ExitCode::pass;
  });
}

}  // namespace surgeproof
