#include "k8s/proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "k8s/base64.h"
#include "k8s/mask.h"
#include "k8s/server_url.h"
#include "k8s/tunnel.h"

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Proxy, UrlsAreRead) {
  const auto plain = parse_proxy("proxy.corp:3128");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->text(), "http://proxy.corp:3128");
  EXPECT_TRUE(plain->authorization().empty());
  const auto secured = parse_proxy("https://user%40corp:p%3Aw@[fd00::1]");
  ASSERT_TRUE(secured);
  EXPECT_EQ(secured->text(), "https://[fd00::1]:443");
  EXPECT_EQ(secured->authorization().reveal(), "Basic " + encode_base64("user@corp:p:w"));
  EXPECT_EQ(parse_proxy("socks5://h")->port, 1080);
  for (const char* bad : {"ftp://h", "http://", "http://h:0", "http://h:99999", "::", "http://a b"}) {
    const auto refused = parse_proxy(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_THAT(refused.error(), Not(HasSubstr("h:"))) << bad;
  }
}

TEST(Proxy, ExemptionsAreGos) {
  struct Row {
    const char* list;
    const char* host;
    std::uint16_t port;
    bool exempt;
  };
  for (const Row& row : {
           Row{"", "a.test", 443, false},
           Row{"*", "a.test", 443, true},
           Row{"a.test", "a.test", 443, true},
           Row{"a.test", "x.a.test", 443, true},
           Row{"a.test", "xa.test", 443, false},
           Row{".a.test", "a.test", 443, false},
           Row{".a.test", "x.a.test", 443, true},
           Row{"*.a.test", "x.a.test", 443, true},
           Row{"A.Test", "a.tesT", 443, true},
           Row{"b.test, a.test ,c", "a.test", 443, true},
           Row{"a.test:6443", "a.test", 443, false},
           Row{"a.test:6443", "a.test", 6443, true},
           Row{"10.0.0.1", "10.0.0.1", 443, true},
           Row{"10.0.0.1", "10.0.0.11", 443, false},
           Row{"10.0.0.1:443", "10.0.0.1", 443, true},
           Row{"10.0.0.0/8", "10.200.1.2", 443, true},
           Row{"10.0.0.0/8", "11.0.0.1", 443, false},
           Row{"10.0.0.0/33", "10.0.0.1", 443, false},
           Row{"10.0.0.0/x", "10.0.0.1", 443, false},
           Row{"10.0.0.0/8", "a.test", 443, false},
           Row{"fd00::/8", "fd00::12", 443, true},
           Row{"[fd00::12]:443", "fd00::12", 443, true},
           Row{"fd00::12", "fd00::12", 443, true},
           Row{",,", "a.test", 443, false},
       }) {
    EXPECT_EQ(exempt_from_proxy(row.list, row.host, row.port), row.exempt) << row.list << " " << row.host;
  }
}

TEST(Proxy, TheEnvironmentIsReadAsGoReadsIt) {
  std::map<std::string, std::string> variables;
  const auto chosen = [&](const char* server) {
    const auto url = parse_server_url(server, true);
    return proxy_from_environment(*url, [&](const std::string& name) { return variables[name]; });
  };
  EXPECT_EQ(chosen("https://api.test").value, "");
  variables = {{"HTTPS_PROXY", "http://s:1"}, {"http_proxy", "http://p:2"}, {"NO_PROXY", "in.test"}};
  EXPECT_EQ(chosen("https://api.test").value, "http://s:1");
  EXPECT_EQ(chosen("https://api.test").name, "HTTPS_PROXY");
  EXPECT_EQ(chosen("http://api.test").name, "http_proxy");
  EXPECT_EQ(chosen("https://x.in.test").value, "");
  for (const char* own : {"https://localhost:6443", "https://127.0.0.1:6443", "https://[::1]:6443"}) {
    EXPECT_EQ(chosen(own).value, "") << own;
  }
}

std::string talk(Tunnel& tunnel, std::string_view bytes) {
  std::string said;
  for (const char c : bytes) {  // one byte at a time: the split must not matter
    const auto next = tunnel.feed(std::string_view(&c, 1));
    if (!next) return "error: " + next.error();
    said += *next;
  }
  return said;
}

TEST(Tunnel, ConnectsThroughHttp) {
  Tunnel tunnel(*parse_proxy("http://u:pw@proxy:3128"), "api.test", 6443, false);
  EXPECT_THAT(tunnel.start(), HasSubstr("CONNECT api.test:6443 HTTP/1.1\r\nHost: api.test:6443\r\n"));
  EXPECT_THAT(tunnel.start(), HasSubstr("Proxy-Authorization: Basic dTpwdw==\r\n"));
  EXPECT_EQ(talk(tunnel, "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"), "");
  EXPECT_TRUE(tunnel.done());
  Tunnel v6(*parse_proxy("http://proxy"), "fd00::1", 443, true);
  EXPECT_THAT(v6.start(), HasSubstr("CONNECT [fd00::1]:443 HTTP/1.1\r\n"));
}

TEST(Tunnel, HttpRefusalsAreTold) {
  struct Row {
    const char* answer;
    const char* words;
  };
  for (const Row& row : {Row{"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a user and password"},
                         Row{"HTTP/1.0 403 Forbidden\r\n\r\n", "refused a connection to api.test:443 (403 Forbidden)"},
                         Row{"SSH-2.0-OpenSSH\r\n\r\n", "does not answer as an HTTP proxy"}}) {
    Tunnel tunnel(*parse_proxy("http://u:secret@proxy:3128"), "api.test", 443, false);
    const std::string said = talk(tunnel, row.answer);
    EXPECT_THAT(said, HasSubstr(std::string("error: the proxy http://proxy:3128 ") + row.words));
    EXPECT_THAT(said, Not(HasSubstr("secret")));
  }
}

TEST(Tunnel, ConnectsThroughSocks5) {
  using namespace std::string_literals;
  Tunnel open(*parse_proxy("socks5://proxy"), "api.test", 443, false);
  EXPECT_EQ(open.start(), "\x05\x01\x00"s);
  EXPECT_EQ(talk(open, "\x05\x00"s), "\x05\x01\x00\x03\x08"s + "api.test" + "\x01\xbb"s);
  EXPECT_EQ(talk(open, "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50"s), "");
  EXPECT_TRUE(open.done());

  Tunnel locked(*parse_proxy("socks5://u:pw@proxy"), "10.1.2.3", 6443, false);
  EXPECT_EQ(locked.start(), "\x05\x02\x00\x02"s);
  EXPECT_EQ(talk(locked, "\x05\x02"s), "\x01\x01u\x02pw"s);
  EXPECT_EQ(talk(locked, "\x01\x00"s), "\x05\x01\x00\x01\x0a\x01\x02\x03\x19\x2b"s);
  EXPECT_THAT(talk(locked, "\x05\x05\x00\x01"s), HasSubstr("cannot connect to 10.1.2.3:6443 (connection refused)"));
}

TEST(Mask, TakesCredentialsOut) {
  struct Row {
    const char* text;
    const char* masked;
  };
  for (const Row& row : {
           Row{"plain words stay", "plain words stay"},
           Row{"pod backend-5d8f6c9b7-x2x4z on node-1, 9f2c4a7e-3b1d-4c6e-8a5f-0d1e2f3a4b5c", nullptr},
           Row{"trace 4bf92f3577b34da6a3ce929d0e0e4736 failed", nullptr},
           Row{"Authorization: Bearer abcdef123456", "Authorization: Bearer ***"},
           Row{"got token eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl today",
               "got token *** today"},
           Row{"password=hunter2&x=1", "password=***&x=1"},
           Row{R"({"client_secret": "s3", "a": 1})", R"({"client_secret": "***", "a": 1})"},
           Row{"api_key: 'k', next", "api_key: '***', next"},
           Row{"failed to get token: expected an answer", nullptr},
           Row{"AzureCLICredential: ERROR: log in", nullptr},
           Row{"token: abc123", "token: ***"},
           Row{"password: correct horse", "password: *** horse"},
           Row{"https://u:pw@host/x", "https://u:***@host/x"},
           Row{"-----BEGIN KEY-----\nabc\n-----END KEY----- after", "*** after"},
           Row{"ya29.A0ARrdaM8abcdefGHIJKL0123456789", "***"},
       }) {
    EXPECT_EQ(mask_credentials(row.text), row.masked ? row.masked : row.text);
  }
  EXPECT_EQ(safe_line("a\tb\x1b[31m", 100), "a b [31m");
  EXPECT_EQ(safe_line("äöü", 3), "ä…");
}

}  // namespace
}  // namespace surgeproof::k8s
