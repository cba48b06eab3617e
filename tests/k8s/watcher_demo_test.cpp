// The watcher against the embedded cluster: a whole API server and controllers that somebody else wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <set>

#include "k8s/demo/demo_cluster.h"
#include "k8s/server_url.h"
#include "k8s/watcher.h"
#include "tests/k8s/recorded.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// One request to the API server; gives the whole answer.
std::string request(const std::string& server, const std::string& method, const std::string& path,
                    const std::string& content_type = "", const std::string& body = "") {
  namespace asio = boost::asio;
  const auto url = parse_server_url(server, false);
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address(url->host), url->port});
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: " + url->host_header() + "\r\nConnection: close\r\n";
  if (!body.empty()) text += "Content-Type: " + content_type + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  asio::write(socket, asio::buffer(text));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

class WatcherDemo : public testing::Test {
 protected:
  WatcherDemo() : cluster(demo::DemoOptions::quick()) {
    cluster.start();
    const KubeconfigFile file{"/demo/config", cluster.kubeconfig_text()};
    const auto config = resolve_kubeconfig({&file, 1}, "");
    EXPECT_TRUE(config) << format_diagnostic(config.error());
    const ClockAnchor anchor{std::chrono::steady_clock::now(),
                             std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now())};
    WatchOptions options;
    options.metrics_interval = 200ms;
    std::vector<WatchRequest> requests{{"", cluster.options().name}};
    watcher = std::make_unique<Watcher>(*config, requests, anchor, recorded.sink(), options);
    watcher->start();
    const auto synced = watcher->wait_synced(10s);
    EXPECT_TRUE(synced) << synced.error().message;
  }

  demo::DemoCluster cluster;
  Recorded recorded;
  std::unique_ptr<Watcher> watcher;
};

TEST_F(WatcherDemo, SeesTheClusterAsItIs) {
  const LiveState live = watcher->live();
  ASSERT_EQ(live.hpas.size(), 1u);
  EXPECT_TRUE(live.gaps.empty()) << live.gaps.front();
  EXPECT_EQ(live.hpas[0].ready, 2);
  EXPECT_EQ(live.hpas[0].max, 5);
  EXPECT_THAT(watcher->facts().version, StartsWith("v1."));
  ASSERT_TRUE(recorded.wait_for<PodMetricsSample>());
  const auto pods = recorded.all<PodSample>();
  ASSERT_GE(pods.size(), 2u);
  EXPECT_THAT(pods[0].owner, StartsWith("ReplicaSet/" + cluster.options().name));
  EXPECT_EQ(pods[0].containers.at(0).cpu_request_millicores, 200);
  EXPECT_TRUE(pods[0].containers[0].has_prestop);
  const auto slices = recorded.all<EndpointSliceSample>();
  ASSERT_FALSE(slices.empty());
  EXPECT_EQ(slices.back().endpoints.size(), 2u);
  EXPECT_EQ(slices.back().service, cluster.options().name);
}

TEST_F(WatcherDemo, SeesAPodGoAndAnotherCome) {
  const std::string victim = recorded.all<PodSample>().at(0).name;
  const std::string path = "/api/v1/namespaces/" + cluster.options().ns + "/pods/" + victim;
  EXPECT_THAT(request(cluster.api_url(), "DELETE", path), HasSubstr(" 200 "));
  const auto going = recorded.wait_for<PodSample>(
      [&](const PodSample& p) { return p.name == victim && p.deletion_requested.has_value(); });
  ASSERT_TRUE(going);
  EXPECT_EQ(going->deletion_grace, cluster.options().pod.termination_grace);
  EXPECT_TRUE(recorded.wait_for<EndpointSliceSample>([&](const EndpointSliceSample& s) {
    return std::ranges::any_of(s.endpoints,
                               [&](const Endpoint& e) { return e.pod == victim && e.terminating && !e.ready; });
  }));
  std::set<std::string> first;
  for (const auto& p : recorded.all<PodSample>()) {
    if (p.at.observed < going->at.observed) first.insert(p.name);
  }
  EXPECT_TRUE(recorded.wait_for<PodSample>([&](const PodSample& p) { return !first.contains(p.name) && p.ready; }));
  EXPECT_TRUE(recorded.wait_for<PodSample>([&](const PodSample& p) { return p.name == victim && p.deleted; }));
}

TEST_F(WatcherDemo, SeesTheHpaScale) {
  const std::string path =
      "/apis/autoscaling/v2/namespaces/" + cluster.options().ns + "/horizontalpodautoscalers/" + cluster.options().name;
  EXPECT_THAT(
      request(cluster.api_url(), "PATCH", path, "application/merge-patch+json", R"({"spec":{"minReplicas":3}})"),
      HasSubstr(" 200 "));
  EXPECT_TRUE(
      recorded.wait_for<HpaSample>([](const HpaSample& h) { return h.min_replicas == 3 && h.desired_replicas == 3; }));
  EXPECT_TRUE(recorded.wait_for<ScaleTargetSample>([](const ScaleTargetSample& t) { return t.ready_replicas == 3; }));
  EXPECT_TRUE(recorded.wait_for<ClusterEvent>([](const ClusterEvent& e) { return e.reason == "SuccessfulRescale"; }));
  EXPECT_TRUE(recorded.wait_for<EndpointSliceSample>([](const EndpointSliceSample& s) {
    return std::ranges::count_if(s.endpoints, [](const Endpoint& e) { return e.ready; }) == 3;
  }));
}

TEST_F(WatcherDemo, AServerThatGoesIsAGap) {
  cluster.stop();
  EXPECT_TRUE(recorded.wait_for<WatchState>(
      [](const WatchState& s) { return s.resource == "pods" && s.kind == WatchState::Kind::lost; }));
}

}  // namespace
}  // namespace surgeproof::k8s
