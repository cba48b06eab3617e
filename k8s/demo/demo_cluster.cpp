#include "k8s/demo/demo_cluster.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/json.hpp>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

#include "k8s/demo/api/api_server.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/control_plane.h"
#include "k8s/demo/load_balancer.h"
#include "k8s/demo/loopback.h"
#include "k8s/demo/pod_log.h"
#include "k8s/demo/pod_runtime.h"

namespace surgeproof::demo {
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace {

constexpr auto kStartLimit = 20s;
constexpr const char* kLocalhost = "127.0.0.1";

/// Wall time that never goes back: the wall clock once, then the steady one.
class SteadyWall {
 public:
  WallTime operator()() const { return wall_ + (std::chrono::steady_clock::now() - steady_); }
  [[nodiscard]] std::chrono::steady_clock::time_point steady(WallTime t) const { return steady_ + (t - wall_); }

 private:
  WallTime wall_ = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

/// Each connection of a client takes four descriptors here; the usual soft limit is 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 16384);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint16_t port_or_throw(const std::expected<std::uint16_t, std::string>& port, std::string_view what,
                            std::uint16_t wanted) {
  if (port) return *port;
  throw std::runtime_error(
      fmt::format("the demo's {} cannot listen on {}:{}: {}", what, kLocalhost, wanted, port.error()));
}

}  // namespace

class DemoCluster::Runtime {
 public:
  explicit Runtime(const DemoOptions& options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  void run();
  std::uint16_t api_port = 0;
  std::uint16_t service_port = 0;

 private:
  void arm();
  void step();
  void check_settled();

  SteadyWall clock_;
  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  EventQueue queue_;
  PodLog log_;
  LoopbackSubnet subnet_;
  LoadBalancer balancer_;
  PodRuntime pods_;
  ControlPlane control_;
  ApiServer api_;
  bool stepping_ = false;
  bool settled_ = false;
  std::promise<void> ready_;
  std::thread thread_;
};

DemoCluster::Runtime::Runtime(const DemoOptions& o)
    : queue_(clock_(), clock_),
      log_(clock_),
      subnet_(io_),
      balancer_(io_),
      pods_(io_, log_, o.crash_at_request),
      control_(o, queue_, clock_,
               {.runtime = pods_,
                .apply_backends = [this](std::vector<Backend> b) { balancer_.set_backends(std::move(b)); },
                .take_address = [this] { return subnet_.take(); },
                .give_address = [this](const std::string& a) { subnet_.give(a); },
                .container_port = subnet_.port()}),
      api_(io_, control_.store(),
           {.pod_log = [this](const LogQuery& q) { return log_.read(q); },
            .metrics_available = [this] { return control_.metrics_available(); }}) {
  service_port = port_or_throw(balancer_.reserve(kLocalhost, o.service_port), "service", o.service_port);
  api_port = port_or_throw(api_.listen(kLocalhost, o.api_port), "API server", o.api_port);
  control_.store().subscribe([this](const Change& change) {
    if (change.resource == &types::kPods && change.type == Change::Type::deleted) {
      log_.forget(std::string{text_at(*change.object, "metadata.namespace")},
                  std::string{text_at(*change.object, "metadata.name")});
    }
  });
  queue_.on_earlier([this] {
    if (!stepping_) arm();
  });
}

void DemoCluster::Runtime::run() {
  std::future<void> ready = ready_.get_future();
  arm();
  thread_ = std::thread([this] { io_.run(); });
  if (ready.wait_for(kStartLimit) != std::future_status::ready) {
    throw std::runtime_error("the demo cluster's first pods did not become Ready");
  }
}

DemoCluster::Runtime::~Runtime() {
  asio::post(io_, [this] {
    timer_.cancel();
    api_.stop();
    balancer_.stop();
    pods_.stop();
    io_.stop();
  });
  if (thread_.joinable()) thread_.join();
}

void DemoCluster::Runtime::arm() {
  const auto next = queue_.next();
  if (!next) return;
  timer_.expires_at(clock_.steady(*next));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) step();
  });
}

void DemoCluster::Runtime::step() {
  stepping_ = true;
  queue_.step_until(clock_());
  stepping_ = false;
  if (!settled_) check_settled();
  arm();
}

void DemoCluster::Runtime::check_settled() {
  if (!control_.settled() || !balancer_.listening()) return;
  settled_ = true;
  control_.set_warm();
  ready_.set_value();
}

DemoCluster::DemoCluster(DemoOptions options) : options_(std::move(options)) {}
DemoCluster::~DemoCluster() = default;

void DemoCluster::start() {
  raise_descriptor_limit();
  auto runtime = std::make_unique<Runtime>(options_);
  runtime->run();
  runtime_ = std::move(runtime);
}

void DemoCluster::stop() { runtime_.reset(); }

std::string DemoCluster::api_url() const { return fmt::format("http://{}:{}", kLocalhost, runtime_->api_port); }
std::string DemoCluster::service_url() const { return fmt::format("http://{}:{}", kLocalhost, runtime_->service_port); }
std::string DemoCluster::kubeconfig_text() const { return make_kubeconfig("surgeproof-demo", api_url(), options_.ns); }
const DemoOptions& DemoCluster::options() const { return options_; }

}  // namespace surgeproof::demo
