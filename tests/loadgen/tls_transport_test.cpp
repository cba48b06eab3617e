#include "loadgen/tls_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/loadgen/tls_peer.h"

namespace surgeproof::loadgen {
namespace {

using ::testing::HasSubstr;
using Kind = IoResult::Kind;
using Shaken = Transport::Handshake;

// An authority, and a server's and a client's certificate from it.
struct Certificates {
  Certificate authority{{.name = "authority", .authority = true}};
  Certificate server{{.name = "server", .alternative_name = "DNS:todo.test"}, &authority};
  Certificate client{{.name = "client"}, &authority};
  Certificate by_address{{.name = "server", .alternative_name = "IP:127.0.0.1"}, &authority};
  Certificate expired{
      {.name = "server", .alternative_name = "DNS:todo.test", .valid_from_s = -7200, .valid_until_s = -3600},
      &authority};
  PemFile ca_file{authority.certificate_pem()};
  PemFile client_file{client.certificate_pem() + client.key_pem()};
  PemFile client_certificate_only{client.certificate_pem()};
  PemFile client_key_only{client.key_pem()};
};

const Certificates& certificates() {
  static const Certificates all;
  return all;
}

net::TlsContext::Settings settings(std::vector<std::string> protocols = {"h2", "http/1.1"}) {
  return {.server_name = "todo.test",
          .ca_file = certificates().ca_file.path(),
          .cert_file = {},
          .key_file = {},
          .protocols = std::move(protocols)};
}

std::unique_ptr<net::TlsContext> context(net::TlsContext::Settings wanted) {
  auto made = net::TlsContext::make(std::move(wanted));
  if (!made) throw std::runtime_error(made.error());
  return std::move(*made);
}

Shaken shake(TlsTransport& client, TlsPeer& server) {
  Shaken shaken = Shaken::pending;
  for (int i = 0; i < 10 && shaken == Shaken::pending; ++i) {
    shaken = client.handshake();
    server.step();
  }
  server.step();
  return shaken;
}

// All that can be read now.
std::string read_all(TlsTransport& client, IoResult* last = nullptr) {
  std::string all;
  std::string buffer(1000, '\0');
  while (true) {
    const IoResult got = client.read(buffer);
    if (last != nullptr) *last = got;
    if (got.kind != Kind::done) return all;
    all.append(buffer, 0, got.bytes);
  }
}

TEST(TlsTransport, BytesPassBothWaysAndNothingLeftIsSaid) {
  const TlsServerContext server_context{certificates().server, {.protocols = "h2 http/1.1"}};
  const auto client_context = context(settings());
  TlsPeer server{server_context};
  TlsTransport client{*client_context, server.client_fd()};
  ASSERT_EQ(shake(client, server), Shaken::done) << client.error();
  EXPECT_EQ(client.protocol(), "h2");
  EXPECT_EQ(server.name_asked_for(), "todo.test");
  EXPECT_EQ(client.write("hello").bytes, 5u);
  EXPECT_EQ(server.read(), "hello");
  std::string buffer(1000, '\0');
  EXPECT_EQ(client.read(buffer).kind, Kind::would_block);  // takes the tickets in
  server.write("one");
  server.write(std::string(1500, '2'));
  IoResult got = client.read(buffer);
  EXPECT_EQ(got.bytes, 3u);
  EXPECT_FALSE(got.drained);  // the other record is in OpenSSL's hands: no event of the socket would tell of it
  got = client.read(buffer);
  EXPECT_EQ(got.bytes, 1000u);
  EXPECT_FALSE(got.drained);
  got = client.read(buffer);
  EXPECT_EQ(got.bytes, 500u);
  EXPECT_TRUE(got.drained);
  server.say_goodbye();
  EXPECT_EQ(client.read(buffer).kind, Kind::end);
}

TEST(TlsTransport, ALargeBodyIsReadToItsEnd) {
  const TlsServerContext server_context{certificates().server, {}};
  const auto client_context = context(settings());
  TlsPeer server{server_context};
  TlsTransport client{*client_context, server.client_fd()};
  ASSERT_EQ(shake(client, server), Shaken::done);
  server.write(std::string(100'000, 'x'));
  EXPECT_EQ(read_all(client).size(), 100'000u);
}

TEST(TlsTransport, ThePeersEndIsToldFromAFailure) {
  const TlsServerContext server_context{certificates().server, {}};
  const auto client_context = context(settings());
  std::string buffer(1000, '\0');
  {
    TlsPeer server{server_context};
    TlsTransport client{*client_context, server.client_fd()};
    ASSERT_EQ(shake(client, server), Shaken::done);
    read_all(client);
    server.read();
    server.hang_up();  // without a goodbye
    EXPECT_EQ(client.read(buffer).kind, Kind::end) << client.error();
    const IoResult written = client.write("too late");  // no SIGPIPE
    EXPECT_EQ(written.kind, Kind::failed);
    EXPECT_EQ(written.error_number, EPIPE);
    EXPECT_EQ(client.error_number(), EPIPE);
  }
  TlsPeer server{server_context};
  TlsTransport client{*client_context, server.client_fd()};
  ASSERT_EQ(shake(client, server), Shaken::done);
  read_all(client);
  ASSERT_EQ(::send(server.server_fd(), "this is not TLS at all", 22, MSG_NOSIGNAL), 22);
  EXPECT_EQ(client.read(buffer).kind, Kind::failed);
  EXPECT_EQ(client.error_number(), 0);
  EXPECT_NE(client.error(), "");
}

TEST(TlsTransport, WhatIsWrongWithTheServerIsSaid) {
  const Certificate stranger{{.name = "stranger", .alternative_name = "DNS:todo.test"}};
  struct Row {
    const char* name;
    const Certificate* identity;
    std::string expected_name;
    bool insecure;
    const char* words;  // empty: all is well
  };
  const Row rows[] = {
      {"as expected", &certificates().server, "todo.test", false, ""},
      {"an address", &certificates().by_address, "127.0.0.1", false, ""},
      {"unknown authority", &stranger, "todo.test", false, "certificate verify failed (self-signed certificate)"},
      {"another's name", &certificates().server, "other.test", false, "certificate verify failed (hostname mismatch)"},
      {"another's address", &certificates().by_address, "127.0.0.2", false, "(IP address mismatch)"},
      {"expired", &certificates().expired, "todo.test", false, "(certificate has expired)"},
      {"not checked", &stranger, "other.test", true, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const TlsServerContext server_context{*row.identity, {}};
    auto wanted = settings();
    wanted.server_name = row.expected_name;
    wanted.insecure = row.insecure;
    const auto client_context = context(wanted);
    TlsPeer server{server_context};
    TlsTransport client{*client_context, server.client_fd()};
    const Shaken shaken = shake(client, server);
    EXPECT_EQ(shaken, *row.words == '\0' ? Shaken::done : Shaken::failed);
    EXPECT_THAT(client.error(), HasSubstr(row.words));
    EXPECT_EQ(client.error_number(), 0);
    EXPECT_EQ(server.name_asked_for(), row.expected_name.starts_with("127.") ? "" : row.expected_name);
  }
}

TEST(TlsTransport, ProtocolsAreAgreedUponOrNot) {
  struct Row {
    const char* server;
    bool refuses;
    std::vector<std::string> offered;
    bool must_agree;
    const char* chosen;
    const char* words;
  };
  const Row rows[] = {
      {"h2 http/1.1", false, {"h2", "http/1.1"}, false, "h2", ""},
      {"http/1.1", false, {"h2", "http/1.1"}, false, "http/1.1", ""},
      {"", false, {"h2", "http/1.1"}, false, "", ""},
      {"", false, {"h2"}, true, "", "the server did not agree to h2 (ALPN)"},
      {"http/1.1", true, {"h2"}, true, "", "no application protocol (the server does not speak h2)"},
  };
  for (const Row& row : rows) {
    const TlsServerContext server_context{certificates().server,
                                          {.protocols = row.server, .refuse_others = row.refuses}};
    auto wanted = settings(row.offered);
    wanted.must_agree = row.must_agree;
    const auto client_context = context(wanted);
    TlsPeer server{server_context};
    TlsTransport client{*client_context, server.client_fd()};
    EXPECT_EQ(shake(client, server), *row.words == '\0' ? Shaken::done : Shaken::failed);
    EXPECT_EQ(client.protocol(), row.chosen);
    EXPECT_THAT(client.error(), HasSubstr(row.words));
  }
}

TEST(TlsTransport, AServerWithoutTlsIsRecognised) {
  const TlsServerContext server_context{certificates().server, {}};
  const auto client_context = context(settings());
  TlsPeer server{server_context};
  TlsTransport client{*client_context, server.client_fd()};
  EXPECT_EQ(client.handshake(), Shaken::pending);
  const std::string_view words = "HTTP/1.1 400 Bad Request\r\n\r\n";
  ASSERT_GT(::send(server.server_fd(), words.data(), words.size(), MSG_NOSIGNAL), 0);
  EXPECT_EQ(client.handshake(), Shaken::failed);
  EXPECT_THAT(client.error(), HasSubstr("what answers there does not speak TLS"));
}

TEST(TlsTransport, AHandshakeThatThePeerCutsShortSaysSo) {
  const TlsServerContext server_context{certificates().server, {}};
  const auto client_context = context(settings());
  TlsPeer server{server_context};
  TlsTransport client{*client_context, server.client_fd()};
  EXPECT_EQ(client.handshake(), Shaken::pending);
  server.hang_up();
  EXPECT_EQ(client.handshake(), Shaken::failed);
  EXPECT_NE(client.error(), "");
}

TEST(TlsTransport, AClientsCertificateIsShownWhenItIsDemanded) {
  struct Row {
    std::string cert_file;
    std::string key_file;
    bool accepted;
  };
  const Certificates& c = certificates();
  const Row rows[] = {{c.client_file.path(), "", true},
                      {c.client_certificate_only.path(), c.client_key_only.path(), true},
                      {"", "", false}};
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const Row& row : rows) {
      const TlsServerContext server_context{c.server,
                                            {.protocols = {}, .clients_from = &c.authority, .max_version = version}};
      auto wanted = settings();
      wanted.cert_file = row.cert_file;
      wanted.key_file = row.key_file;
      const auto client_context = context(wanted);
      TlsPeer server{server_context};
      TlsTransport client{*client_context, server.client_fd()};
      const Shaken shaken = shake(client, server);
      if (row.accepted) {
        EXPECT_EQ(shaken, Shaken::done) << client.error();
        EXPECT_EQ(client.write("hi").bytes, 2u);
        EXPECT_EQ(server.read(), "hi");
        continue;
      }
      // TLS 1.2 refuses within the handshake, 1.3 after the client holds it for done.
      IoResult last;
      if (shaken == Shaken::done) read_all(client, &last);
      EXPECT_TRUE(shaken == Shaken::failed || last.kind == Kind::failed);
      EXPECT_EQ(client.error_number(), 0);
      EXPECT_THAT(client.error(), HasSubstr("alert"));
    }
  }
}

TEST(TlsTransport, SessionsAreResumed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsServerContext server_context{certificates().server, {.protocols = "h2", .max_version = version}};
    const auto client_context = context(settings());
    int resumed = 0;
    for (int i = 0; i < 6; ++i) {
      TlsPeer server{server_context};
      TlsTransport client{*client_context, server.client_fd()};
      ASSERT_EQ(shake(client, server), Shaken::done);
      EXPECT_EQ(client.protocol(), "h2");
      read_all(client);
      resumed += client.resumed() ? 1 : 0;
      client.shut_down();
    }
    EXPECT_EQ(resumed, 5);
    EXPECT_GE(client_context->sessions(), 1u);
  }
}

TEST(TlsContext, SaysWhichFileCannotBeUsed) {
  const PemFile garbage{"this is no PEM"};
  const Certificates& c = certificates();
  const Certificate other{{.name = "other"}};
  const PemFile other_key{other.key_pem()};
  const PemFile encrypted{
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n-----END ENCRYPTED PRIVATE KEY-----\n"};
  struct Row {
    std::string ca, cert, key;
    const char* words;
  };
  const Row rows[] = {
      {"/nonexistent/ca.pem", "", "", "CA file \"/nonexistent/ca.pem\" could not be used: No such file or directory"},
      {garbage.path(), "", "", "could not be used: "},
      {c.ca_file.path(), "/nonexistent/c.pem", "",
       "client certificate \"/nonexistent/c.pem\" could not be used: No such"},
      {c.ca_file.path(), garbage.path(), "", "client certificate"},
      {c.ca_file.path(), c.client_certificate_only.path(), "", "private key"},
      {c.ca_file.path(), c.client_certificate_only.path(), other_key.path(), "key values mismatch"},
      {c.ca_file.path(), c.client_certificate_only.path(), encrypted.path(), "private key"},
  };
  for (const Row& row : rows) {
    auto wanted = settings();
    wanted.ca_file = row.ca;
    wanted.cert_file = row.cert;
    wanted.key_file = row.key;
    const auto made = net::TlsContext::make(wanted);
    ASSERT_FALSE(made) << row.words;
    EXPECT_THAT(made.error(), HasSubstr(row.words));
  }
}

}  // namespace
}  // namespace surgeproof::loadgen
