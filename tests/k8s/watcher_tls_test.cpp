// The watcher over TLS: verification, tokens, client certificates. Certificates are made here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "k8s/watcher.h"
#include "tests/k8s/certificates.h"
#include "tests/k8s/fake_api.h"
#include "tests/k8s/objects.h"
#include "tests/k8s/recorded.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const std::string kToken = "s3cret-token-0123456789";

void fill(FakeApi& api) {
  api.set_list("/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers", hpa_json("backend", 2, 2));
  api.set_list("/apis/apps/v1/namespaces/todo/deployments", deployment_json("backend", 2, 2));
  api.set_list("/api/v1/namespaces/todo/pods", pod_json({.name = "backend-a"}));
}

class WatcherTls : public testing::Test {
 protected:
  ServerTls server_tls(const Certificate& certificate) const {
    return {certificate.certificate_pem(), certificate.key_pem(), ""};
  }

  std::expected<void, WatchError> sync(ClusterConfig config, FakeApi& api) {
    config.server = api.url();
    WatchOptions options;
    options.backoff_first = 20ms;
    options.backoff_last = 100ms;
    Watcher watcher(config, {{"todo", "backend"}}, {std::chrono::steady_clock::now(), WallTime{}}, recorded.sink(),
                    options);
    watcher.start();
    return watcher.wait_synced(10s);
  }

  ClusterConfig trusting(const Certificate& authority) const {
    ClusterConfig config;
    config.ca_pem = authority.certificate_pem();
    config.token = Secret(kToken);
    config.origin = "the test";
    return config;
  }

  Certificate ca{{.name = "test authority", .authority = true}};
  Certificate server{{.name = "api", .alternative_name = "IP:127.0.0.1"}, &ca};
  Recorded recorded;
};

TEST_F(WatcherTls, TokenIsSentAndAccepted) {
  FakeApi api(server_tls(server));
  fill(api);
  api.require("Bearer " + kToken);
  const auto synced = sync(trusting(ca), api);
  ASSERT_TRUE(synced) << synced.error().message;
  EXPECT_EQ(recorded.all<PodSample>().size(), 1u);
}

TEST_F(WatcherTls, ARefusedTokenIsSaidButNotShown) {
  FakeApi api(server_tls(server));
  fill(api);
  api.require("Bearer another");
  const auto synced = sync(trusting(ca), api);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::unauthorized);
  EXPECT_THAT(synced.error().message + synced.error().hint, Not(HasSubstr(kToken)));
}

TEST_F(WatcherTls, AServerThatEchoesTheTokenDoesNotGetItIntoAMessage) {
  FakeApi api(server_tls(server));
  ScriptedReply echo;
  echo.status = 401;
  echo.body = R"({"message":"bad token )" + kToken + R"( refused"})";
  api.order("/version", echo, 1000);
  const auto synced = sync(trusting(ca), api);
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().message, HasSubstr("bad token *** refused"));
}

TEST_F(WatcherTls, ARenewedTokenFileIsReadAfterA401) {
  FakeApi api(server_tls(server));
  fill(api);
  api.require("Bearer " + kToken);
  const auto directory = std::filesystem::temp_directory_path() / ("surgeproof-token-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  ClusterConfig config = trusting(ca);
  config.token_file = (directory / "token").string();
  std::ofstream(config.token_file) << "an-old-token\n";
  config.server = api.url();
  WatchOptions options;
  options.backoff_first = 20ms;
  options.backoff_last = 100ms;
  Watcher watcher(config, {{"todo", "backend"}}, {std::chrono::steady_clock::now(), WallTime{}}, recorded.sink(),
                  options);
  watcher.start();
  const auto refused = watcher.wait_synced(10s);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WatchError::Kind::unauthorized);
  std::ofstream(config.token_file) << kToken << "\n";
  EXPECT_TRUE(recorded.wait_for<PodSample>());
  watcher.stop();
  std::filesystem::remove_all(directory);
}

TEST_F(WatcherTls, ClientCertificateIsSent) {
  Certificate client({.name = "release-engineer"}, &ca);
  ServerTls tls = server_tls(server);
  tls.client_ca_pem = ca.certificate_pem();
  FakeApi api(tls);
  fill(api);
  ClusterConfig config = trusting(ca);
  config.client_certificate_pem = client.certificate_pem();
  config.client_key_pem = Secret(client.key_pem());
  const auto synced = sync(config, api);
  ASSERT_TRUE(synced) << synced.error().message;
  EXPECT_EQ(api.requests().front().client, "release-engineer");
}

TEST_F(WatcherTls, WithoutTheClientCertificateItSaysWhy) {
  ServerTls tls = server_tls(server);
  tls.client_ca_pem = ca.certificate_pem();
  FakeApi api(tls);
  const auto synced = sync(trusting(ca), api);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::unreachable);
  EXPECT_THAT(synced.error().message, HasSubstr("certificate required"));
}

TEST_F(WatcherTls, BadCertificatesAreNamed) {
  Certificate stranger({.name = "stranger", .authority = true});
  Certificate expired(
      {.name = "api", .alternative_name = "IP:127.0.0.1", .valid_from_s = -7200, .valid_until_s = -3600}, &ca);
  Certificate elsewhere({.name = "api", .alternative_name = "DNS:elsewhere.test"}, &ca);
  struct Row {
    const char* what;
    const Certificate& server;
    const Certificate& trusted;
    const char* words;
  };
  for (const Row& row : {Row{"unknown authority", server, stranger, "unable to get local issuer certificate"},
                         Row{"expired", expired, ca, "certificate has expired"},
                         Row{"another name", elsewhere, ca, "the server's certificate is for another name"}}) {
    FakeApi api(server_tls(row.server));
    const auto synced = sync(trusting(row.trusted), api);
    ASSERT_FALSE(synced) << row.what;
    EXPECT_EQ(synced.error().kind, WatchError::Kind::unreachable) << row.what;
    EXPECT_THAT(synced.error().message, HasSubstr(row.words)) << row.what;
    EXPECT_TRUE(api.requests().empty()) << row.what;
  }
}

TEST_F(WatcherTls, TlsServerNameAndInsecureAreObeyed) {
  Certificate elsewhere({.name = "api", .alternative_name = "DNS:elsewhere.test"}, &ca);
  FakeApi api(server_tls(elsewhere));
  fill(api);
  ClusterConfig named = trusting(ca);
  named.tls_server_name = "elsewhere.test";
  EXPECT_TRUE(sync(named, api));
  ClusterConfig insecure;
  insecure.tls_verify = false;
  EXPECT_TRUE(sync(insecure, api));
}

TEST_F(WatcherTls, PlainHttpServerBehindHttpsIsNamed) {
  FakeApi api;
  ClusterConfig config = trusting(ca);
  config.server = "https" + api.url().substr(4);
  Watcher watcher(config, {{"todo", "backend"}}, {}, recorded.sink());
  watcher.start();
  const auto synced = watcher.wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().hint, HasSubstr("does not speak TLS")) << synced.error().message;
}

TEST_F(WatcherTls, UnusableKeysAreConfigurationErrors) {
  Certificate client({.name = "a"}, &ca);
  Certificate other({.name = "b"}, &ca);
  struct Row {
    const char* what;
    ClusterConfig config;
    const char* words;
  };
  std::vector<Row> rows{{"foreign key", trusting(ca), "does not belong"},
                        {"no key at all", trusting(ca), "client key cannot be used"},
                        {"token with a line break", trusting(ca), "the token has characters"}};
  rows[0].config.client_certificate_pem = client.certificate_pem();
  rows[0].config.client_key_pem = Secret(other.key_pem());
  rows[1].config.client_certificate_pem = client.certificate_pem();
  rows[1].config.client_key_pem = Secret("-----BEGIN NOTHING-----");
  rows[2].config.token = Secret("one\r\nEvil: header");
  FakeApi api(server_tls(server));
  for (const Row& row : rows) {
    const auto synced = sync(row.config, api);
    ASSERT_FALSE(synced) << row.what;
    EXPECT_EQ(synced.error().kind, WatchError::Kind::configuration) << row.what;
    EXPECT_THAT(synced.error().message, HasSubstr(row.words)) << row.what;
    EXPECT_THAT(synced.error().message, Not(HasSubstr("Evil"))) << row.what;
  }
}

}  // namespace
}  // namespace surgeproof::k8s
