#include "app/live/live_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace surgeproof {
namespace {

using boost::asio::ip::tcp;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

TEST(ListenAddress, IsReadAsWritten) {
  struct Row {
    const char* text;
    const char* address;  // null: refused
    std::uint16_t port;
  };
  for (const Row& row :
       {Row{":8080", "127.0.0.1", 8080}, Row{"8080", "127.0.0.1", 8080}, Row{":0", "127.0.0.1", 0},
        Row{"0.0.0.0:80", "0.0.0.0", 80}, Row{"[::1]:9000", "::1", 9000}, Row{"", nullptr, 0}, Row{":", nullptr, 0},
        Row{":99999", nullptr, 0}, Row{"localhost:80", nullptr, 0}, Row{":80x", nullptr, 0}, Row{"-1", nullptr, 0}}) {
    const auto at = parse_listen_address(row.text);
    ASSERT_EQ(at.has_value(), row.address != nullptr) << row.text;
    if (!at) continue;
    EXPECT_EQ(at->address, row.address) << row.text;
    EXPECT_EQ(at->port, row.port) << row.text;
  }
}

/// A blocking client that gives up after half a minute.
class Client {
 public:
  explicit Client(const LiveServer& server) {
    const std::string url = server.url();  // http://127.0.0.1:PORT/
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    boost::system::error_code error;
    socket_.connect({boost::asio::ip::address_v4::loopback(), port}, error);
    EXPECT_FALSE(error) << error.message();
    const timeval limit{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  void send(const std::string& text) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(text), error);
    EXPECT_FALSE(error) << error.message();
  }
  /// Until `mark` was read, or the end; empty mark: until the end.
  std::string read_until(const std::string& mark) {
    while (mark.empty() || read_.find(mark) == std::string::npos) {
      char piece[4096];
      const auto n = ::recv(socket_.native_handle(), piece, sizeof piece, 0);
      if (n <= 0) break;
      read_.append(piece, static_cast<std::size_t>(n));
    }
    return read_;
  }

 private:
  boost::asio::io_context io_;
  tcp::socket socket_{io_};
  std::string read_;
};

std::string ask(const LiveServer& server, const std::string& method, const std::string& path,
                const std::string& host = "127.0.0.1") {
  Client client{server};
  client.send(method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  return client.read_until("");
}

LiveServer started() {
  auto server = LiveServer::start({});
  EXPECT_TRUE(server.has_value()) << server.error();
  server->publish("/", "text/html; charset=utf-8", "<p>page</p>");
  server->publish("/metrics", "text/plain", "up 1\n");
  return std::move(*server);
}

TEST(LiveServer, AnswersWhatWasPublishedLast) {
  LiveServer server = started();
  EXPECT_THAT(ask(server, "GET", "/"), HasSubstr("<p>page</p>"));
  server.publish("/", "text/html; charset=utf-8", "<p>new</p>");
  const std::string answer = ask(server, "GET", "/?again=1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(answer, HasSubstr("<p>new</p>"));
  EXPECT_THAT(ask(server, "HEAD", "/"), Not(HasSubstr("<p>")));
  EXPECT_THAT(ask(server, "GET", "/metrics"), HasSubstr("up 1"));
  EXPECT_THAT(ask(server, "GET", "/etc/passwd"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(ask(server, "POST", "/"), StartsWith("HTTP/1.1 405"));
}

TEST(LiveServer, OnLoopbackRefusesNamesThatAreNotOfThisMachine) {
  const LiveServer server = started();
  for (const char* host : {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[", "[::2]:80"}) {
    const std::string answer = ask(server, "GET", "/", host);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 403")) << host;
    EXPECT_THAT(ask(server, "GET", "/events", host), StartsWith("HTTP/1.1 403")) << host;
  }
  for (const char* host : {"localhost:1", "127.0.0.1", "[::1]:80"}) {
    EXPECT_THAT(ask(server, "GET", "/", host), StartsWith("HTTP/1.1 200")) << host;
  }
}

TEST(LiveServer, TellsListenersAndThoseWhoComeLate) {
  LiveServer server = started();
  Client early{server};
  early.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(early.read_until("retry:"), HasSubstr("text/event-stream"));
  EXPECT_EQ(server.listeners(), 1u);
  server.announce("changed", "12");
  EXPECT_THAT(early.read_until("data: 12\n\n"), HasSubstr("event: changed\ndata: 12\n\n"));
  server.announce("over", "0", true);
  EXPECT_THAT(early.read_until("event: over"), HasSubstr("event: over"));
  Client late{server};
  late.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string told = late.read_until("event: over");
  EXPECT_THAT(told, HasSubstr("event: over"));
  EXPECT_THAT(told, Not(HasSubstr("changed")));
}

TEST(LiveServer, AListenerWhoDoesNotReadHoldsNobodyUp) {
  LiveServer server = started();
  Client deaf{server};
  deaf.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  deaf.read_until("retry:");
  for (int i = 0; i < 200'000; ++i) {
    if (i % 100 == 0) server.settle(0ms);
    server.announce("changed", std::to_string(i));
  }
  EXPECT_THAT(ask(server, "GET", "/"), HasSubstr("<p>page</p>"));
}

TEST(LiveServer, SurvivesRubbish) {
  const LiveServer server = started();
  for (const std::string& rubbish : {std::string(100'000, 'A'), std::string{"\r\n\r\n\0\1\2", 7},
                                     std::string{"GET / HTTP/1.1\r\nContent-Length: 99\r\nHost: localhost\r\n\r\n"}}) {
    Client client{server};
    client.send(rubbish);
  }
  EXPECT_THAT(ask(server, "GET", "/"), HasSubstr("<p>page</p>"));
}

TEST(LiveServer, ATakenPortIsAnError) {
  const LiveServer server = started();
  const std::string url = server.url();
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const auto second = LiveServer::start({"127.0.0.1", port});
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error(), HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace surgeproof
