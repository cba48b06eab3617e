// Credential plugins: stand-ins that behave as kubelogin, doctl, aws and gke-gcloud-auth-plugin do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "k8s/api_client.h"
#include "k8s/watcher.h"
#include "tests/k8s/certificates.h"
#include "tests/k8s/fake_api.h"
#include "tests/k8s/objects.h"
#include "tests/k8s/recorded.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kV1 = "client.authentication.k8s.io/v1";
const std::string kV1beta1 = "client.authentication.k8s.io/v1beta1";

struct Plugin {
  const char* name;
  std::vector<std::string> arguments;
  std::string version;
  bool cluster_info = false;
  const char* failure = "";  // what it says when it fails
  int exit_code = 1;
};

const Plugin kKubelogin{"kubelogin",
                        {"get-token", "--login", "azurecli", "--server-id", "6dae42f8"},
                        kV1beta1,
                        false,
                        "Please run 'az login'",
                        1};
const Plugin kAws{"aws",
                  {"--region", "eu-central-1", "eks", "get-token", "--cluster-name", "prod"},
                  kV1beta1,
                  false,
                  "Unable to locate credentials",
                  253};
const Plugin kGke{"gke-gcloud-auth-plugin", {}, kV1, true, "Failed to retrieve access token", 1};
const Plugin kDoctl{"doctl",
                    {"kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1", "ID"},
                    kV1beta1,
                    false,
                    "access token is required",
                    1};

class ExecPluginTest : public testing::Test {
 protected:
  ExecPluginTest() : directory(testing::TempDir() + "surgeproof-plugin-" + std::to_string(::getpid()) + "-" + name()) {
    std::filesystem::create_directories(directory);
    give_tokens("marked-token-one\nmarked-token-two\n");
    std::ofstream(directory + "/cert") << user.certificate_pem();
    std::ofstream(directory + "/key") << user.key_pem();
  }
  ~ExecPluginTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }

  static std::string name() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
  void give_tokens(const std::string& lines) { std::ofstream(directory + "/tokens") << lines; }
  int runs() const {
    std::ifstream file(directory + "/count");
    int lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    return lines;
  }

  ServerTls tls(bool client_certificates = false) const {
    return {server.certificate_pem(), server.key_pem(), client_certificates ? ca.certificate_pem() : ""};
  }

  ClusterConfig config_for(const FakeApi& api, const Plugin& plugin, const std::string& mode, int life_s = 3600) const {
    ClusterConfig config;
    config.server = api.url();
    config.ca_pem = ca.certificate_pem();
    config.origin = "the test";
    ExecPlugin exec;
    exec.api_version = plugin.version;
    exec.command = std::string(PLUGIN_DIRECTORY) + "/" + plugin.name;
    exec.arguments = plugin.arguments;
    exec.environment = {{"STANDIN_COUNT", directory + "/count"},
                        {"STANDIN_TOKENS", directory + "/tokens"},
                        {"STANDIN_CERT", directory + "/cert"},
                        {"STANDIN_KEY", directory + "/key"},
                        {"STANDIN_MODE", mode},
                        {"STANDIN_LIFE", std::to_string(life_s)}};
    exec.install_hint = "Install it from https://example.test/plugin";
    exec.interactive = ExecPlugin::Interactive::never;
    exec.provide_cluster_info = plugin.cluster_info;
    config.exec = exec;
    return config;
  }

  std::string directory;
  Certificate ca{{.name = "test authority", .authority = true}};
  Certificate server{{.name = "api", .alternative_name = "IP:127.0.0.1"}, &ca};
  Certificate user{{.name = "plugin-user"}, &ca};
};

TEST_F(ExecPluginTest, TokensAreSentAndCached) {
  for (const Plugin* plugin : {&kKubelogin, &kAws, &kGke}) {
    std::filesystem::remove(directory + "/count");
    FakeApi api(tls());
    api.require("Bearer marked-token-one");
    auto client = ApiClient::connect(config_for(api, *plugin, "ok"));
    ASSERT_TRUE(client) << plugin->name << ": " << client.error().message;
    EXPECT_TRUE(client->version()) << plugin->name << ": " << client->version().error().message;
    EXPECT_TRUE(client->get("/version"));
    EXPECT_EQ(runs(), 1) << plugin->name;
  }
}

TEST_F(ExecPluginTest, ACertificateIsUsedInTheHandshake) {
  FakeApi api(tls(true));
  auto client = ApiClient::connect(config_for(api, kDoctl, "ok"));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_TRUE(client->version());
  EXPECT_EQ(api.requests().front().client, "plugin-user");
  EXPECT_EQ(runs(), 1);
}

TEST_F(ExecPluginTest, AnExpiredCredentialIsAskedForAgain) {
  FakeApi api(tls());
  auto config = config_for(api, kAws, "ok", 5);
  auto client = ApiClient::connect(config);
  ASSERT_TRUE(client) << client.error().message;
  const auto expired = std::chrono::steady_clock::now() + 90s;
  while (runs() < 2 && std::chrono::steady_clock::now() < expired) {
    ASSERT_TRUE(client->get("/version"));
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(api.requests().back().headers.at("authorization"), "Bearer marked-token-two");
}

TEST_F(ExecPluginTest, ARefusedTokenIsAskedForAgainOnce) {
  FakeApi api(tls());
  api.require("Bearer marked-token-two");
  auto client = ApiClient::connect(config_for(api, kKubelogin, "ok"));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_TRUE(client->version()) << client->version().error().message;
  EXPECT_EQ(runs(), 2);

  api.require("Bearer another");
  const auto refused = client->get("/version");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 401);
  EXPECT_EQ(runs(), 3);
}

TEST_F(ExecPluginTest, EachWayToFailIsSaid) {
  struct Row {
    const Plugin& plugin;
    const char* mode;
    std::string words;
  };
  const std::vector<Row> rows{
      {kKubelogin, "fail", "ended with exit code 1: Error: failed to get token"},
      {kDoctl, "fail", "ended with exit code 1: Error: access token is required"},
      {kAws, "fail", "ended with exit code 253: Unable to locate credentials"},
      {kGke, "fail", "ended with exit code 1: F1121"},
      {kKubelogin, "garbage", "did not print an ExecCredential"},
      {kKubelogin, "empty", "printed nothing"},
      {kAws, "wrong-version",
       "answered with apiVersion client.authentication.k8s.io/v1alpha1, but the kubeconfig asks"},
      {kDoctl, "half-certificate", "gave a client certificate without its key"},
      {kAws, "flood", "printed more than a credential can be"},
  };
  for (const Row& row : rows) {
    FakeApi api(tls());
    const auto client = ApiClient::connect(config_for(api, row.plugin, row.mode));
    ASSERT_FALSE(client) << row.plugin.name << " " << row.mode;
    EXPECT_EQ(client.error().kind, ApiFailure::Kind::credentials);
    EXPECT_THAT(client.error().message, HasSubstr(row.words)) << row.mode;
    EXPECT_THAT(client.error().message, HasSubstr(row.plugin.name));
    EXPECT_THAT(client.error().hint, AllOf(HasSubstr("PATH is "), HasSubstr("https://example.test/plugin")));
    EXPECT_THAT(client.error().message + client.error().hint, Not(HasSubstr("marked-token"))) << row.mode;
    EXPECT_TRUE(api.requests().empty());
  }
}

TEST_F(ExecPluginTest, AnAnswerThatHasExpiredIsAMistakeOfTheClock) {
  FakeApi api(tls());
  const auto client = ApiClient::connect(config_for(api, kAws, "ok", -60));
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message, HasSubstr("has expired already"));
}

TEST_F(ExecPluginTest, AMissingProgramNamesThePathAndTheRemedy) {
  FakeApi api(tls());
  auto config = config_for(api, kAws, "ok");
  config.exec->command = "surgeproof-no-such-plugin";
  const auto client = ApiClient::connect(config);
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message, HasSubstr("surgeproof-no-such-plugin cannot be run: No such file or directory"));
  EXPECT_THAT(client.error().hint, AllOf(HasSubstr("PATH is "), HasSubstr("https://example.test/plugin")));
}

TEST_F(ExecPluginTest, OneThatMustAskNeedsATerminal) {
  FakeApi api(tls());
  auto config = config_for(api, kAws, "ok");
  config.exec->interactive = ExecPlugin::Interactive::always;
  if (::isatty(STDIN_FILENO) == 1) GTEST_SKIP() << "this test has a terminal";
  const auto client = ApiClient::connect(config);
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message, HasSubstr("there is no terminal"));
  EXPECT_EQ(runs(), 0);
}

TEST_F(ExecPluginTest, ATokenOfOnesOwnStandsAboveThePlugin) {
  FakeApi api(tls());
  api.require("Bearer own");
  auto config = config_for(api, kAws, "ok");
  config.token = Secret("own");
  auto client = ApiClient::connect(config);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_TRUE(client->version());
  EXPECT_EQ(runs(), 0);
}

TEST_F(ExecPluginTest, NothingRunsForAPlainHttpServer) {
  FakeApi api;
  auto client = ApiClient::connect(config_for(api, kAws, "ok"));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_EQ(runs(), 0);
  EXPECT_FALSE(api.requests().front().headers.contains("authorization"));
}

// All of a watcher's connections wait for one run.
TEST_F(ExecPluginTest, AWatcherRunsItOnce) {
  FakeApi api(tls());
  api.require("Bearer marked-token-one");
  api.set_list("/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers", hpa_json("backend", 2, 2));
  api.set_list("/apis/apps/v1/namespaces/todo/deployments", deployment_json("backend", 2, 2));
  api.set_list("/api/v1/namespaces/todo/pods", pod_json({.name = "backend-a"}));
  Recorded recorded;
  Watcher watcher(config_for(api, kGke, "ok"), {{"todo", "backend"}}, {std::chrono::steady_clock::now(), WallTime{}},
                  recorded.sink());
  watcher.start();
  const auto synced = watcher.wait_synced(60s);
  ASSERT_TRUE(synced) << synced.error().message;
  EXPECT_EQ(runs(), 1);
}

// stop() must not wait for a program that hangs, and must not leave it behind.
TEST_F(ExecPluginTest, AHangingOneIsKilledWithTheWatcher) {
  FakeApi api(tls());
  auto config = config_for(api, kKubelogin, "hang");
  Recorded recorded;
  {
    Watcher watcher(config, {{"todo", "backend"}}, {std::chrono::steady_clock::now(), WallTime{}}, recorded.sink());
    watcher.start();
    const auto started = std::chrono::steady_clock::now() + 60s;
    while (runs() == 0 && std::chrono::steady_clock::now() < started) EXPECT_FALSE(watcher.wait_synced(20ms));
  }
  EXPECT_EQ(runs(), 1);
}

}  // namespace
}  // namespace surgeproof::k8s
