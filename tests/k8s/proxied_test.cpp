// The API server behind proxies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/api_client.h"
#include "tests/k8s/certificates.h"
#include "tests/k8s/fake_api.h"
#include "tests/k8s/test_proxy.h"

namespace surgeproof::k8s {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Proxied : public testing::Test {
 protected:
  ServerTls tls() const { return {server.certificate_pem(), server.key_pem(), ""}; }
  ClusterConfig config_for(const FakeApi& api, const std::string& proxy) const {
    ClusterConfig config;
    config.server = api.url();
    config.ca_pem = ca.certificate_pem();
    config.token = Secret("the-token");
    config.proxy = Secret(proxy);
    config.proxy_origin = "proxy-url";
    return config;
  }
  static std::string at(const TestProxy& proxy, const std::string& scheme, const std::string& user = "") {
    return scheme + "://" + user + "127.0.0.1:" + std::to_string(proxy.port());
  }
  static std::string where(const FakeApi& api) { return api.url().substr(api.url().find("://") + 3); }

  Certificate ca{{.name = "test authority", .authority = true}};
  Certificate server{{.name = "api", .alternative_name = "IP:127.0.0.1"}, &ca};
};

TEST_F(Proxied, HttpsThroughEachKindOfProxy) {
  struct Row {
    const char* scheme;
    TestProxyOptions options;
    const char* user;
  };
  for (const Row& row :
       {Row{"http", {}, ""}, Row{"http", {.user_and_password = "u:pass"}, "u:pass@"}, Row{"https", {.tls = tls()}, ""},
        Row{"https", {.tls = tls(), .user_and_password = "u:p"}, "u:p@"}, Row{"socks5", {.socks5 = true}, ""},
        Row{"socks5", {.socks5 = true, .user_and_password = "u:pass"}, "u:pass@"}}) {
    FakeApi api(tls());
    api.require("Bearer the-token");
    TestProxy proxy(row.options);
    auto client = ApiClient::connect(config_for(api, at(proxy, row.scheme, row.user)));
    ASSERT_TRUE(client) << row.scheme << ": " << client.error().message;
    EXPECT_TRUE(client->version()) << row.scheme;
    EXPECT_TRUE(client->get("/version")) << row.scheme;
    EXPECT_THAT(proxy.asked(), ElementsAre(where(api))) << row.scheme;
    EXPECT_FALSE(api.requests().front().headers.contains("proxy-authorization")) << row.scheme;
  }
}

TEST_F(Proxied, PlainHttpIsForwarded) {
  FakeApi api;
  TestProxy proxy({.user_and_password = "u:pass"});
  auto client = ApiClient::connect(config_for(api, at(proxy, "http", "u:pass@")));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_TRUE(client->version());
  EXPECT_THAT(proxy.asked(), ElementsAre("GET " + api.url() + "/version HTTP/1.1"));
  EXPECT_FALSE(api.requests().front().headers.contains("authorization"));
}

TEST_F(Proxied, WhatGoesWrongNamesTheProxyAndNoPassword) {
  FakeApi api(tls());
  TestProxy locked({.user_and_password = "u:right"});
  TestProxy strict({.refuse_with = 403});
  TestProxy socks({.socks5 = true, .user_and_password = "u:right"});
  TestProxy secured({.tls = tls()});
  struct Row {
    std::string proxy;
    const char* words;
  };
  for (const Row& row : {Row{at(locked, "http", "u:wrong-one@"), "wants a user and password (407)"},
                         Row{at(strict, "http", "u:wrong-one@"), "refused a connection to 127.0.0.1:"},
                         Row{at(socks, "socks5", "u:wrong-one@"), "does not accept the user and password"},
                         Row{at(socks, "socks5"), "wants a user and password"},
                         Row{at(secured, "http", "u:wrong-one@"), "the proxy http://127.0.0.1:"},
                         Row{"http://u:wrong-one@127.0.0.1:1", "(from proxy-url): Connection refused"},
                         Row{"http://proxy.invalid:3128", "\"proxy.invalid\" cannot be resolved"}}) {
    const auto client = ApiClient::connect(config_for(api, row.proxy));
    ASSERT_FALSE(client) << row.words;
    EXPECT_THAT(client.error().message, HasSubstr(row.words));
    EXPECT_THAT(client.error().message, Not(HasSubstr("wrong-one")));
  }
  EXPECT_TRUE(api.requests().empty());
}

TEST_F(Proxied, TheProxysOwnCertificateIsChecked) {
  Certificate stranger({.name = "stranger", .authority = true});
  Certificate other({.name = "proxy", .alternative_name = "IP:127.0.0.1"}, &stranger);
  FakeApi api(tls());
  TestProxy proxy({.tls = ServerTls{other.certificate_pem(), other.key_pem(), ""}});
  const auto client = ApiClient::connect(config_for(api, at(proxy, "https")));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ApiFailure::Kind::tls);
  EXPECT_THAT(client.error().message, HasSubstr("the proxy https://127.0.0.1:"));
  EXPECT_TRUE(proxy.asked().empty());
}

}  // namespace
}  // namespace surgeproof::k8s
