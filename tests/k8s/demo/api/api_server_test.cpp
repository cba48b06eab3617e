// The API server over loopback sockets, and with a real kubectl when there is one.
#include "k8s/demo/api/api_server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio.hpp>
#include <thread>

#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The server on its own thread. The store may be changed through `on_server` only.
struct ServerTest : ::testing::Test {
  asio::io_context io{1};
  Fixture cluster;
  std::unique_ptr<ApiServer> server;
  std::uint16_t port = 0;
  std::thread thread;

  void SetUp() override {
    cluster.with_cluster();
    server = std::make_unique<ApiServer>(io, cluster.store);
    const auto opened = server->listen("127.0.0.1", 0);
    ASSERT_TRUE(opened) << opened.error();
    port = *opened;
    thread = std::thread([this] { io.run(); });
  }
  void TearDown() override {
    if (!thread.joinable()) return;
    asio::post(io, [this] { server->stop(); });
    thread.join();
  }
  template <class F>
  void on_server(F f) {
    asio::post(io, asio::use_future(std::move(f))).get();
  }

  /// A blocking client that gives up after ten seconds.
  struct Client {
    asio::io_context own;
    tcp::socket socket{own};
    explicit Client(std::uint16_t to) {
      socket.connect({asio::ip::address_v4::loopback(), to});
      const timeval limit{.tv_sec = 10, .tv_usec = 0};
      ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    void send(const std::string& text) {
      boost::system::error_code ignored;  // the server may have hung up: what it said counts
      asio::write(socket, asio::buffer(text), ignored);
    }
    /// Until `mark` was read, or the end.
    std::string read_until(const std::string& mark) {
      std::string text;
      std::array<char, 4096> piece{};
      while (text.find(mark) == std::string::npos) {
        const auto n = ::recv(socket.native_handle(), piece.data(), piece.size(), 0);
        if (n <= 0) break;
        text.append(piece.data(), static_cast<std::size_t>(n));
      }
      return text;
    }
    std::string read_all() { return read_until("\x01 never sent"); }
  };
  std::string get(const std::string& path) {
    Client client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.read_all();
  }
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  Client client(port);
  for (int i = 0; i < 3; ++i) {
    client.send("GET /api/v1/namespaces/todo/pods/none HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.read_until("\"code\":404}");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_THAT(answer, HasSubstr("Date: Mon, 02 Jun 2025 09:10:00 GMT\r\n"));
  }
}

TEST_F(ServerTest, AHeadRequestHasNoBody) {
  Client client(port);
  client.send("HEAD /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(ServerTest, GarbageGetsAStatusAndTheServerLives) {
  for (const std::string& garbage : {std::string{"\r\n\r\nrubbish\r\n\r\n"}, std::string{"GET /\r\n\r\n"},
                                     std::string{"\x16\x03\x01\x02\x00\x01", 6}, std::string(100'000, 'A'),
                                     "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'b') + "\r\n\r\n",
                                     std::string{"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}}) {
    Client client(port);
    client.send(garbage);
    boost::system::error_code hung_up;  // the server may have answered and closed before we are done
    client.socket.shutdown(tcp::socket::shutdown_send, hung_up);
    const std::string answer = client.read_all();
    if (!answer.empty()) EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << garbage.substr(0, 20);
  }
  EXPECT_THAT(get("/healthz"), HasSubstr("ok"));
}

TEST_F(ServerTest, HugeBodiesAreRefused) {
  Client client(port);
  client.send("POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n{");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, AWatchIsWokenByChangesAndEndsInGoodOrder) {
  Client client(port);
  client.send("GET /api/v1/namespaces/todo/configmaps?watch=1&timeoutSeconds=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked"));
  on_server([this] {
    (void)cluster.store.create(types::kConfigMaps, object_from(R"({"metadata":{"namespace":"todo","name":"c"}})"));
  });
  EXPECT_THAT(client.read_until("\n"), HasSubstr(R"("type":"ADDED")"));
  EXPECT_THAT(client.read_all(), HasSubstr("0\r\n\r\n"));
}

TEST_F(ServerTest, AWatcherThatHangsUpIsForgotten) {
  {
    Client client(port);
    client.send("GET /api/v1/pods?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    client.read_until("ADDED");
  }
  // A later request is answered after the hang-up was seen: one thread, in order of arrival, so ask a few times.
  std::size_t left = 1;
  for (int i = 0; i < 200 && left > 0; ++i) {
    get("/healthz");
    on_server([&] { left = server->connections(); });
  }
  EXPECT_EQ(left, 0U);
}

TEST_F(ServerTest, RefusesWhenToldTo) {
  on_server([this] { server->refuse_with(503); });
  EXPECT_THAT(get("/api/v1/pods"), StartsWith("HTTP/1.1 503 "));
  on_server([this] { server->refuse_with(429); });
  EXPECT_THAT(get("/api/v1/pods"), HasSubstr("Retry-After: 1\r\n"));
  on_server([this] { server->refuse_with(0); });
  EXPECT_THAT(get("/api/v1/pods"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, StopEndsWatchesAndTheLoop) {
  Client client(port);
  client.send("GET /api/v1/pods?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_until("ADDED");
  asio::post(io, [this] { server->stop(); });
  client.read_all();
  thread.join();  // nothing is left to do
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(ServerTest, ATakenPortIsAnError) {
  asio::io_context other;
  ApiServer second(other, cluster.store);
  EXPECT_FALSE(second.listen("127.0.0.1", port));
  EXPECT_FALSE(second.listen("no address", 0));
}

}  // namespace
}  // namespace surgeproof::demo
