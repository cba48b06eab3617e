#include "k8s/cluster_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace surgeproof::k8s {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
const std::string kPem = "-----BEGIN CERTIFICATE-----\n";

struct World {
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> unreadable;  // path → message
  std::vector<std::string> warnings;

  Surroundings surroundings() {
    return {[this](const std::string& name) { return environment[name]; },
            [this](const std::string& path) -> std::expected<std::string, Surroundings::ReadError> {
              if (unreadable.contains(path)) return std::unexpected(Surroundings::ReadError{false, unreadable[path]});
              if (files.contains(path)) return files[path];
              return std::unexpected(Surroundings::ReadError{true, "No such file or directory"});
            },
            [](const std::string& path) { return path.starts_with('/') ? path : "/home/me/" + path; }};
  }

  std::expected<ClusterConfig, Diagnostic> find(const ClusterChoice& choice = {}) {
    return find_cluster_config(choice, surroundings(), &warnings);
  }
};

std::string config_for(const std::string& server, const std::string& user = "{}") {
  return "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u, namespace: shop}}]\n"
         "clusters: [{name: k, cluster: {server: '" +
         server + "'}}]\nusers: [{name: u, user: " + user + "}]\n";
}

TEST(ClusterConfig, AnExplicitPathIsTheOnlyOne) {
  World world;
  world.environment = {{"KUBECONFIG", "/other"}, {"HOME", "/home/u"}};
  world.files = {{"mine.yaml", config_for("https://mine", "{client-certificate: c.pem, client-key: k.pem}")},
                 {"/other", config_for("https://other")},
                 {"/home/me/c.pem", kPem},
                 {"/home/me/k.pem", kPem}};
  const auto config = world.find({.kubeconfig = "mine.yaml", .context = "", .ns = "todo"});
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->server, "https://mine");
  EXPECT_EQ(config->ns, "todo");
  EXPECT_EQ(config->client_key_pem.reveal(), kPem);  // read, relative to the kubeconfig's absolute place
}

TEST(ClusterConfig, KubeconfigVariableIsMergedAndMissingFilesAreSkipped) {
  World world;
  world.environment = {{"KUBECONFIG", "/gone::/a:/b"}, {"HOME", "/home/u"}};
  world.files = {{"/a", config_for("https://a")},
                 {"/b", config_for("https://b")},
                 {"/home/u/.kube/config", config_for("https://home")}};
  const auto config = world.find();
  ASSERT_TRUE(config);
  EXPECT_EQ(config->server, "https://a");
  EXPECT_EQ(config->ns, "shop");
  EXPECT_THAT(world.warnings, IsEmpty());
}

TEST(ClusterConfig, OnlyIfAllFilesAreMissingThatIsWarnedOf) {
  World world;
  world.environment = {
      {"KUBECONFIG", "/gone:/lost"}, {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  world.files = {{kAccount + "/token", "jwt\n"}};
  const auto config = world.find();
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->origin, "the service account of this pod");
  EXPECT_THAT(world.warnings, ElementsAre(HasSubstr("/gone, /lost")));
}

TEST(ClusterConfig, AKubeconfigThatConfiguresNothingCountsAsNone) {
  World world;
  world.environment = {{"HOME", "/root"}, {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  world.files = {{kAccount + "/token", "jwt\n"},
                 {"/root/.kube/config", "apiVersion: v1\nkind: Config\nclusters: []\nusers: null\n"}};
  ASSERT_TRUE(world.find());
  EXPECT_EQ(world.find()->origin, "the service account of this pod");
  world.files["/root/.kube/config"] = config_for("https://home");
  EXPECT_EQ(world.find()->server, "https://home");
}

TEST(ClusterConfig, TheEnvironmentsProxyIsUsedUnlessTheKubeconfigNamesOne) {
  World world;
  world.environment = {{"KUBECONFIG", "/a"}, {"HTTPS_PROXY", "http://user:hunter2@proxy"}, {"NO_PROXY", "no.test"}};
  world.files = {{"/a", config_for("https://h")}};
  EXPECT_EQ(world.find()->proxy_origin, "HTTPS_PROXY");
  EXPECT_EQ(world.find()->proxy.reveal(), "http://user:hunter2@proxy");
  world.files = {{"/a", config_for("https://x.no.test")}};
  EXPECT_TRUE(world.find()->proxy.empty());
  world.files = {{"/a", config_for("https://h', proxy-url: 'http://own:1")}};
  EXPECT_EQ(world.find()->proxy_origin, "proxy-url");
  EXPECT_EQ(world.find()->proxy.reveal(), "http://own:1");
}

TEST(ClusterConfig, HomeComesNext) {
  World world;
  world.environment = {
      {"HOME", "/home/u"}, {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  world.files = {{"/home/u/.kube/config", config_for("https://home")}};
  ASSERT_TRUE(world.find());
  EXPECT_EQ(world.find()->server, "https://home");
  EXPECT_THAT(world.warnings, IsEmpty());
}

TEST(ClusterConfig, ThePodsServiceAccountComesLast) {
  struct Row {
    std::string host;
    std::string server;
  };
  for (const Row& row : {Row{"10.0.0.1", "https://10.0.0.1"}, Row{"fd00::1", "https://[fd00::1]"}}) {
    World world;
    world.environment = {{"HOME", "/root"}, {"KUBERNETES_SERVICE_HOST", row.host}, {"KUBERNETES_SERVICE_PORT", "443"}};
    world.files = {{kAccount + "/token", "jwt\n"},
                   {kAccount + "/ca.crt", kPem},
                   {kAccount + "/namespace", "todo\n"},
                   {"/root/.kube/config", "\n"}};
    const auto config = world.find();
    ASSERT_TRUE(config) << format_diagnostic(config.error());
    EXPECT_EQ(config->server, row.server);
    EXPECT_EQ(config->ns, "todo");
    EXPECT_EQ(config->token_file, kAccount + "/token");
    EXPECT_EQ(config->ca_pem, kPem);
    EXPECT_EQ(config->context, "");
  }
}

TEST(ClusterConfig, WarnsOfUnverifiedTls) {
  World world;
  world.environment = {{"KUBECONFIG", "/a"}};
  world.files = {{"/a",
                  "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
                  "clusters: [{name: k, cluster: {server: 'https://h', insecure-skip-tls-verify: true}}]\n"}};
  ASSERT_TRUE(world.find());
  EXPECT_THAT(world.warnings, ElementsAre(HasSubstr("not checked")));
}

TEST(ClusterConfig, EveryDeadEndIsExplained) {
  struct Row {
    const char* what;
    World world;
    ClusterChoice choice;
    const char* file;
    const char* words;
  };
  const std::string with_token = config_for("https://h", "{tokenFile: /t}");
  const std::string with_ca =
      "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
      "clusters: [{name: k, cluster: {server: 'https://h', certificate-authority: /ca}}]\n";
  Row rows[] = {
      {"explicit and missing", {}, {.kubeconfig = "/nope", .context = "", .ns = ""}, "/nope", "No such file"},
      {"nothing set", {}, {}, "", "KUBECONFIG and HOME are not set"},
      {"no home file",
       {.environment = {{"HOME", "/h"}}, .files = {}, .unreadable = {}, .warnings = {}},
       {},
       "",
       "/h/.kube/config does not exist"},
      {"all missing",
       {.environment = {{"KUBECONFIG", "/x:/y"}}, .files = {}, .unreadable = {}, .warnings = {}},
       {},
       "",
       "no file named in KUBECONFIG exists"},
      {"not readable",
       {.environment = {{"KUBECONFIG", "/x"}},
        .files = {},
        .unreadable = {{"/x", "Permission denied"}},
        .warnings = {}},
       {},
       "/x",
       "Permission denied"},
      {"pod without a token",
       {.environment = {{"KUBERNETES_SERVICE_HOST", "h"}, {"KUBERNETES_SERVICE_PORT", "1"}},
        .files = {},
        .unreadable = {},
        .warnings = {}},
       {},
       (kAccount.c_str()),
       "cannot read this pod's service account token"},
      {"token file gone",
       {.environment = {{"KUBECONFIG", "/x"}}, .files = {{"/x", with_token}}, .unreadable = {}, .warnings = {}},
       {},
       "/t",
       "cannot read the tokenFile"},
      {"ca is no PEM",
       {.environment = {{"KUBECONFIG", "/x"}},
        .files = {{"/x", with_ca}, {"/ca", "hello"}},
        .unreadable = {},
        .warnings = {}},
       {},
       "/ca",
       "holds no PEM block"},
  };
  for (Row& row : rows) {
    const auto config = row.world.find(row.choice);
    ASSERT_FALSE(config) << row.what;
    EXPECT_TRUE(config.error().file.starts_with(row.file)) << row.what << ": " << config.error().file;
    EXPECT_THAT(config.error().message, HasSubstr(row.words)) << row.what;
    EXPECT_FALSE(config.error().hint.empty()) << row.what;
  }
}

}  // namespace
}  // namespace surgeproof::k8s
