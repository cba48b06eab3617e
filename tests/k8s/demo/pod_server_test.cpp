// Pod servers behind the load balancer, on loopback: refused, pinned, drained, abrupt.
#include "k8s/demo/pod_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio.hpp>
#include <cerrno>
#include <future>
#include <thread>

#include "k8s/demo/load_balancer.h"
#include "k8s/demo/loopback.h"
#include "k8s/demo/probe_client.h"
#include "tests/k8s/demo/loopback_client.h"

namespace surgeproof::demo {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class Servers : public testing::Test {
 protected:
  Servers() {
    service_port_ = *balancer_.reserve("127.0.0.1", 0);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Servers() override {
    on_loop([this] {
      balancer_.stop();
      for (const auto& s : servers_) s->kill();
    });
    io_.stop();
    thread_.join();
  }

  void on_loop(std::function<void()> f) {
    std::promise<void> done;
    asio::post(io_, [&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  std::shared_ptr<PodServer> start(const std::string& name, ContainerSpec spec = {}) {
    spec.pod = name;
    spec.ip = subnet_.take();
    spec.port = subnet_.port();
    if (spec.cpu_per_request == 0ns) spec.cpu_per_request = 1ms;
    std::shared_ptr<PodServer> server;
    on_loop([&] {
      server = std::make_shared<PodServer>(
          io_, spec,
          PodServer::Callbacks{.may_answer = {},
                               .exited = [this](const ContainerExit& e) { exit_code_ = e.code; },
                               .log = [](const std::string&) {}});
      servers_.push_back(server);
      server->start();
    });
    return server;
  }

  void set_backends(const std::vector<std::shared_ptr<PodServer>>& servers) {
    std::vector<Backend> backends;
    for (const auto& s : servers) backends.push_back({s->spec().ip, s->spec().port});
    on_loop([&] { balancer_.set_backends(backends); });
  }

  int connect(LoopbackClient& client) { return client.connect("127.0.0.1", service_port_); }

  bool exited_within(std::chrono::milliseconds limit, int code) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (exit_code_ != code && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return exit_code_ == code;
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  LoopbackSubnet subnet_{io_};
  LoadBalancer balancer_{io_};
  std::vector<std::shared_ptr<PodServer>> servers_;
  std::uint16_t service_port_ = 0;
  std::atomic<int> exit_code_{-1};
  std::thread thread_;
};

TEST_F(Servers, AnswerAndKeepTheConnection) {
  set_backends({start("a")});
  LoopbackClient client;
  ASSERT_EQ(connect(client), 0);
  EXPECT_EQ(client.ask().status, 200);
  EXPECT_EQ(client.ask("POST", "/api/tasks", "{\"title\":\"x\"}").status, 201);
  const auto answer = client.ask("GET", "/api/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.pod, "a");
  EXPECT_TRUE(answer.keeps);
}

TEST_F(Servers, ConnectsAreRefusedWithoutBackends) {
  LoopbackClient client;
  EXPECT_EQ(connect(client), ECONNREFUSED);
  set_backends({start("a")});
  EXPECT_EQ(connect(client), 0);
  EXPECT_EQ(client.ask().status, 200);
  set_backends({});
  LoopbackClient late;
  EXPECT_EQ(connect(late), ECONNREFUSED);
  EXPECT_EQ(client.ask().status, 200);  // established connections stay
}

TEST_F(Servers, NewConnectionsTakeTurnsAndStayPinned) {
  const auto a = start("a");
  set_backends({a, start("b")});
  LoopbackClient first, second;
  ASSERT_EQ(connect(first), 0);
  ASSERT_EQ(connect(second), 0);
  const std::string pod = first.ask().pod;
  EXPECT_NE(pod, second.ask().pod);
  set_backends({start("c")});  // the endpoints change: the connections do not
  EXPECT_EQ(first.ask().pod, pod);
  LoopbackClient third;
  ASSERT_EQ(connect(third), 0);
  EXPECT_EQ(third.ask().pod, "c");
}

TEST_F(Servers, ABackendThatRefusesResetsTheClient) {
  on_loop([&] { balancer_.set_backends({{subnet_.take(), subnet_.port()}}); });
  LoopbackClient client;
  ASSERT_EQ(connect(client), 0);
  EXPECT_EQ(client.receive().error, ECONNRESET);
}

TEST_F(Servers, ABackendWithoutAnAddressResetsTheClient) {
  on_loop([&] { balancer_.set_backends({{"nowhere", 80}}); });
  LoopbackClient client;
  ASSERT_EQ(connect(client), 0);
  EXPECT_EQ(client.receive().error, ECONNRESET);
}

TEST_F(Servers, DrainFinishesWhatIsInFlightAndSaysClose) {
  ContainerSpec slow;
  slow.wait_per_request = 300ms;
  const auto a = start("a", slow);
  set_backends({a});
  LoopbackClient busy, idle;
  ASSERT_EQ(connect(busy), 0);
  ASSERT_EQ(connect(idle), 0);
  EXPECT_EQ(idle.ask("GET", "/api/health").status, 200);
  ASSERT_EQ(busy.send("GET", "/"), 0);
  // The health check is answered after the request has arrived, for both come over the same loop in order.
  EXPECT_EQ(idle.ask("GET", "/api/health").status, 200);
  on_loop([&] { a->terminate(); });
  LoopbackClient late;
  ASSERT_EQ(connect(late), 0);
  EXPECT_EQ(late.receive().error, ECONNRESET);
  const auto answer = busy.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.keeps);
  const auto end = idle.receive();  // closed in good order
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.error, 0);
  EXPECT_TRUE(exited_within(2s, 0));
}

TEST_F(Servers, AbruptDropsEverything) {
  ContainerSpec slow;
  slow.wait_per_request = 2s;
  slow.drains = false;
  const auto a = start("a", slow);
  set_backends({a});
  LoopbackClient busy, idle;
  ASSERT_EQ(connect(busy), 0);
  ASSERT_EQ(connect(idle), 0);
  ASSERT_EQ(busy.send("GET", "/"), 0);
  EXPECT_EQ(idle.ask("GET", "/api/health").status, 200);
  on_loop([&] { a->terminate(); });
  EXPECT_EQ(busy.receive().error, ECONNRESET);
  EXPECT_EQ(idle.receive().error, ECONNRESET);
  EXPECT_TRUE(exited_within(2s, 143));
}

TEST_F(Servers, OverloadRaisesLatencyAndCountsCpu) {
  ContainerSpec narrow;
  narrow.cpu_per_request = 10ms;
  narrow.cpu_limit = Millicores{100};  // alone: 100 ms
  const auto a = start("a", narrow);
  set_backends({a});
  LoopbackClient one, two;
  ASSERT_EQ(connect(one), 0);
  ASSERT_EQ(connect(two), 0);
  const auto begin = std::chrono::steady_clock::now();
  one.send("GET", "/");
  two.send("GET", "/");
  EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(two.receive().status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 190ms);
  std::chrono::nanoseconds used{};
  on_loop([&] { used = a->cpu_used(); });
  EXPECT_NEAR(static_cast<double>(used.count()) / 1e6, 20, 1);
}

TEST_F(Servers, ProbesTellWhatIsWrong) {
  ContainerSpec late;
  late.start_delay = 300ms;
  const auto a = start("a", late);
  const auto probe = [&](HttpProbe p) {
    std::promise<ProbeAnswer> answer;
    p.port = subnet_.port();
    on_loop([&] { probe_http(io_, a->spec().ip, p, [&](const ProbeAnswer& x) { answer.set_value(x); }); });
    return answer.get_future().get();
  };
  const auto refused = probe({.path = "/api/health"});
  EXPECT_FALSE(refused.success);
  EXPECT_THAT(refused.message, testing::HasSubstr("connect: connection refused"));
  const auto end = std::chrono::steady_clock::now() + 5s;
  bool success = false;
  while (!success && std::chrono::steady_clock::now() < end) success = probe({.path = "/api/health"}).success;
  EXPECT_TRUE(success);
  ContainerSpec stuck;
  stuck.wait_per_request = 5s;
  const auto b = start("b", stuck);
  std::promise<ProbeAnswer> answer;
  on_loop([&] {
    probe_http(io_, b->spec().ip, {.path = "/", .port = subnet_.port(), .timeout = 100ms},
               [&](const ProbeAnswer& x) { answer.set_value(x); });
  });
  EXPECT_THAT(answer.get_future().get().message, testing::HasSubstr("context deadline exceeded"));
}

}  // namespace
}  // namespace surgeproof::demo
