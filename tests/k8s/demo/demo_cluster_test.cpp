// The real thing for a few seconds: thread, sockets, API, and a client that keeps asking.
#include "k8s/demo/demo_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cerrno>
#include <set>
#include <thread>

#include "tests/k8s/demo/loopback_client.h"

namespace surgeproof::demo {
namespace {

using namespace std::chrono_literals;

DemoOptions tiny() {
  DemoOptions o = DemoOptions::quick();
  o.app.start_delay = 100ms;
  o.pod.start_time = 100ms;
  o.pod.schedule_delay = 10ms;
  o.pod.prestop_sleep = 1s;
  o.pod.termination_grace = 5s;
  o.proxy_lag = 100ms;
  return o;
}

// New connections one after the other for a while; how many failed, and which pods answered.
struct Seen {
  int answered = 0;
  int failed = 0;
  std::set<std::string> pods;
};
Seen ask_for(std::chrono::milliseconds d, std::uint16_t port) {
  Seen seen;
  const auto end = std::chrono::steady_clock::now() + d;
  while (std::chrono::steady_clock::now() < end) {
    LoopbackClient client;
    LoopbackClient::Answer answer;
    if (client.connect("127.0.0.1", port) == 0) answer = client.ask();
    if (answer.status == 200) {
      ++seen.answered;
      seen.pods.insert(answer.pod);
    } else {
      ++seen.failed;
    }
  }
  return seen;
}

int api(const DemoCluster& cluster, const std::string& method, const std::string& path, const std::string& body = "") {
  LoopbackClient client;
  if (client.connect("127.0.0.1", port_of(cluster.api_url())) != 0) return 0;
  return client.ask(method, path, body).status;
}

TEST(DemoCluster, ServesScalesAndReplacesWithoutADrop) {
  DemoCluster cluster(tiny());
  cluster.start();
  const std::uint16_t port = port_of(cluster.service_url());
  Seen before = ask_for(500ms, port);
  EXPECT_EQ(before.failed, 0);
  EXPECT_EQ(before.pods.size(), 2U);
  // A pod is deleted under traffic: another takes its place, and nobody notices.
  ASSERT_EQ(api(cluster, "DELETE", "/api/v1/namespaces/todo/pods/" + *before.pods.begin()), 200);
  const Seen after = ask_for(4s, port);
  EXPECT_EQ(after.failed, 0);
  EXPECT_GT(after.answered, 50);
  EXPECT_GE(after.pods.size(), 3U);
  const Seen last = ask_for(300ms, port);
  EXPECT_FALSE(last.pods.contains(*before.pods.begin()));
  EXPECT_THAT(cluster.kubeconfig_text(), testing::HasSubstr(cluster.api_url()));
}

TEST(DemoCluster, NoPrestopDropsRequests) {
  DemoOptions o = tiny();
  apply_break(o, Break::no_prestop);
  DemoCluster cluster(o);
  cluster.start();
  const std::uint16_t port = port_of(cluster.service_url());
  const Seen before = ask_for(300ms, port);
  ASSERT_EQ(api(cluster, "DELETE", "/api/v1/namespaces/todo/pods/" + *before.pods.begin()), 200);
  EXPECT_GT(ask_for(2s, port).failed, 0);
}

TEST(DemoCluster, CrashesAtTheGivenRequestAndComesBack) {
  DemoOptions o = tiny();
  o.crash_at_request = 20;
  DemoCluster cluster(o);
  cluster.start();
  const std::uint16_t port = port_of(cluster.service_url());
  EXPECT_GT(ask_for(2s, port).failed, 0);
  const auto end = std::chrono::steady_clock::now() + 10s;
  Seen now = ask_for(500ms, port);
  while ((now.failed > 0 || now.pods.size() < 2) && std::chrono::steady_clock::now() < end) now = ask_for(500ms, port);
  EXPECT_EQ(now.failed, 0);
  EXPECT_EQ(now.pods.size(), 2U);
}

TEST(DemoCluster, SeveralRunAtOnceAndLeaveNothingBehind) {
  DemoCluster a(tiny());
  DemoCluster b(tiny());
  a.start();
  b.start();
  const std::uint16_t port = port_of(a.service_url());
  EXPECT_EQ(ask_for(200ms, port).failed, 0);
  EXPECT_EQ(ask_for(200ms, port_of(b.service_url())).failed, 0);
  a.stop();
  a.stop();
  LoopbackClient client;
  EXPECT_EQ(client.connect("127.0.0.1", port), ECONNREFUSED);
  EXPECT_EQ(ask_for(200ms, port_of(b.service_url())).failed, 0);
}

TEST(DemoCluster, SaysWhenAPortIsTaken) {
  DemoCluster a(tiny());
  a.start();
  DemoOptions o = tiny();
  o.service_port = port_of(a.service_url());
  DemoCluster b(o);
  try {
    b.start();
    FAIL() << "started on a taken port";
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("service cannot listen on 127.0.0.1:"));
  }
}

}  // namespace
}  // namespace surgeproof::demo
