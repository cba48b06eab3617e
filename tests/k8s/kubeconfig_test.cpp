#include "k8s/kubeconfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;
using testing::Not;

// "-----BEGIN X-----\n" in base64.
constexpr const char* kCaPem = "LS0tLS1CRUdJTiBYLS0tLS0K";

const std::string kOrdinary = R"(apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: kind
  cluster:
    server: https://127.0.0.1:6443/
    certificate-authority-data: LS0tLS1CRUdJTiBYLS0tLS0K
- name: prod
  cluster: {server: "https://prod.test/k8s/clusters/c-1", tls-server-name: api.prod.test, certificate-authority: ca/prod.pem}
users:
- name: admin
  user: {client-certificate: admin.crt, client-key: /keys/admin.key}
- name: robot
  user: {token: robot-token, tokenFile: robot.token}
contexts:
- name: dev
  context: {cluster: kind, user: admin}
- name: live
  context: {cluster: prod, user: robot, namespace: todo}
)";

std::expected<ClusterConfig, Diagnostic> resolve(const std::string& text, const std::string& context = "") {
  const KubeconfigFile file{"/home/u/.kube/config", text};
  return resolve_kubeconfig({&file, 1}, context);
}

TEST(Kubeconfig, ResolvesTheCurrentContext) {
  const auto config = resolve(kOrdinary);
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->server, "https://127.0.0.1:6443");
  EXPECT_EQ(config->ns, "default");
  EXPECT_EQ(config->context, "dev");
  EXPECT_EQ(config->ca_pem, "-----BEGIN X-----\n");
  EXPECT_EQ(config->client_certificate_file, "/home/u/.kube/admin.crt");  // relative to the file
  EXPECT_EQ(config->client_key_file, "/keys/admin.key");
  EXPECT_TRUE(config->tls_verify);
  EXPECT_EQ(config->origin, "/home/u/.kube/config, context \"dev\"");
}

TEST(Kubeconfig, ResolvesANamedContext) {
  const auto config = resolve(kOrdinary, "live");
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->server, "https://prod.test/k8s/clusters/c-1");
  EXPECT_EQ(config->ns, "todo");
  EXPECT_EQ(config->ca_file, "/home/u/.kube/ca/prod.pem");
  EXPECT_EQ(config->tls_server_name, "api.prod.test");
  EXPECT_EQ(config->token.reveal(), "robot-token");
  EXPECT_EQ(config->token_file, "/home/u/.kube/robot.token");
}

TEST(Kubeconfig, MergesByNameAndTheFirstFileWins) {
  const std::vector<KubeconfigFile> files{
      {"/a/config",
       "current-context: \"\"\nclusters:\n- {name: one, cluster: {server: 'https://first', certificate-authority: "
       "ca.pem}}\n"},
      {"/b/config",
       "current-context: x\nclusters:\n- {name: one, cluster: {server: 'https://second', tls-server-name: n}}\n"
       "contexts:\n- {name: x, context: {cluster: one, user: u}}\nusers:\n- {name: u, user: {client-certificate: c, "
       "client-key: k}}\n"},
      {"/c/config", "current-context: y\n"}};
  const auto config = resolve_kubeconfig(files, "");
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->context, "x");
  EXPECT_EQ(config->server, "https://first");
  EXPECT_EQ(config->tls_server_name, "");  // whole entries, never mixed
  EXPECT_EQ(config->ca_file, "/a/ca.pem");
  EXPECT_EQ(config->client_certificate_file, "/b/c");
}

TEST(Kubeconfig, ReadsJsonToo) {
  const auto config = resolve(
      R"({"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"}}],"clusters":[{"name":"k","cluster":{"server":"http://127.0.0.1:8001"}}]})");
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->server, "http://127.0.0.1:8001");
  EXPECT_TRUE(config->token.empty());
}

/// A file with one context "c" of cluster "k" and user "u".
std::string with(const std::string& cluster, const std::string& user) {
  return "current-context: c\ncontexts:\n- {name: c, context: {cluster: k, user: u}}\nclusters:\n- name: k\n  cluster: "
         "{" +
         cluster + "}\nusers:\n- name: u\n  user: {" + user + "}\n";
}

TEST(Kubeconfig, ServersWithoutASchemeAreAsInClientGo) {
  struct Row {
    std::string cluster;
    std::string user;
    std::string server;
  };
  for (const Row& row : {Row{"server: 'h:1234'", "", "http://h:1234"},
                         Row{"server: 'h:1234', insecure-skip-tls-verify: true", "", "https://h:1234"},
                         Row{"server: 'h:1234', certificate-authority: ca", "", "https://h:1234"},
                         Row{"server: 'h:1234'", "client-certificate: a, client-key: b", "https://h:1234"},
                         Row{"server: 'https://[fd00::1]:6443'", "", "https://[fd00::1]:6443"}}) {
    const auto config = resolve(with(row.cluster, row.user));
    ASSERT_TRUE(config) << row.cluster << format_diagnostic(config.error());
    EXPECT_EQ(config->server, row.server);
  }
}

struct Wrong {
  std::string text;
  std::string place;  // start of the formatted diagnostic
  std::string words;
};

TEST(Kubeconfig, SaysWhereAndWhatIsWrong) {
  const std::string pem(kCaPem);
  const std::string server = "server: 'https://h'";
  const Wrong rows[] = {
      {"", "/home/u/.kube/config:", "no context is chosen"},
      {"just a text", "/home/u/.kube/config:1:1:", "not a kubeconfig"},
      {"a: [", "/home/u/.kube/config:1:", ""},
      {"contexts: 5", "/home/u/.kube/config:1:11: contexts:", "contexts must be a list"},
      {"users:\n- user: {}", "/home/u/.kube/config:2:3: users:", "has no name"},
      {"current-context: dvelop\ncontexts:\n- {name: develop, context: {}}",
       "/home/u/.kube/config:1:18: current-context:", "did you mean \"develop\"?"},
      {"current-context: c\ncontexts:\n- {name: c, context: {cluster: gone}}",
       "/home/u/.kube/config:3:32:", "there is no cluster \"gone\""},
      {"current-context: c\ncontexts:\n- {name: c, context: {user: gone}}",
       "/home/u/.kube/config:3:", "there is no user \"gone\""},
      {with("", ""), "/home/u/.kube/config:6:", "the cluster has no server"},
      {with("server: 'ftp://h'", ""),
       "/home/u/.kube/config:6:21: clusters[k].cluster.server:", "neither http:// nor https://"},
      {with("server: 'https://joe:hunter2@h'", ""), "/home/u/.kube/config:6:", "holds a user name or password"},
      {with("server: 'https://h h'", ""), "/home/u/.kube/config:6:", "is not a URL"},
      {with(server + ", proxy-url: 'ftp://joe:hunter2@p'", ""),
       "/home/u/.kube/config:6:", "the proxy is neither http://, https:// nor socks5://"},
      {with(server + ", certificate-authority-data: '%%%'", ""), "/home/u/.kube/config:6:", "not base64"},
      {with(server + ", certificate-authority-data: aGVsbG8=", ""), "/home/u/.kube/config:6:", "not of a PEM block"},
      {with(server + ", insecure-skip-tls-verify: perhaps", ""), "/home/u/.kube/config:6:", "true or false"},
      {with(server + ", insecure-skip-tls-verify: true, certificate-authority: x", ""),
       "/home/u/.kube/config:6:", "exclude each other"},
      {with(server, "exec: {command: kubelogin, apiVersion: client.authentication.k8s.io/v1alpha1}"),
       "/home/u/.kube/config:9:", "apiVersion must be v1 or v1beta1"},
      {with(server, "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1}"),
       "/home/u/.kube/config:9:16: users[u].user.exec:", "must say its interactiveMode"},
      {with(server, "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Often}"),
       "/home/u/.kube/config:9:", "this is no interactiveMode"},
      {with(server, "exec: {apiVersion: client.authentication.k8s.io/v1beta1}"),
       "/home/u/.kube/config:9:", "the credential plugin has no command"},
      {with(server, "exec: {command: a, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: x}]}"),
       "/home/u/.kube/config:9:", "a variable of the credential plugin has no name"},
      {with(server, "auth-provider: {name: gcp}"), "/home/u/.kube/config:9:", "the auth-provider gcp is gone"},
      {with(server, "token: t, username: a, password: b"), "/home/u/.kube/config:9:", "exclude each other"},
      {with(server, "as-groups: [admins]"), "/home/u/.kube/config:9:", "needs a user as well"},
      {with(server, "client-certificate-data: " + pem), "/home/u/.kube/config:9:", "the client certificate has no key"},
      {with(server, "client-key-data: " + pem), "/home/u/.kube/config:9:", "the client key has no certificate"},
  };
  for (const Wrong& row : rows) {
    const auto config = resolve(row.text);
    ASSERT_FALSE(config) << row.text;
    const std::string shown = format_diagnostic(config.error()) + config.error().hint;
    EXPECT_TRUE(shown.starts_with(row.place)) << row.text << "\n" << shown;
    EXPECT_THAT(shown, HasSubstr(row.words)) << row.text;
  }
}

TEST(Kubeconfig, ReadsCredentialPlugins) {
  const auto config = resolve(R"(current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters:
- name: k
  cluster:
    server: https://h
    proxy-url: http://joe:hunter2@proxy:3128
    extensions:
    - {name: other, extension: {a: 1}}
    - {name: client.authentication.k8s.io/exec, extension: {audience: x, n: 3, list: [true, "1"], none: null}}
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/plugin
      args: [eks, get-token]
      env: [{name: AWS_PROFILE, value: prod}]
      installHint: get it somewhere
      interactiveMode: IfAvailable
      provideClusterInfo: true
)");
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  ASSERT_TRUE(config->exec);
  EXPECT_EQ(config->exec->command, "/home/u/.kube/./bin/plugin");
  EXPECT_EQ(config->exec->arguments, (std::vector<std::string>{"eks", "get-token"}));
  EXPECT_EQ(config->exec->environment, (std::vector<std::pair<std::string, std::string>>{{"AWS_PROFILE", "prod"}}));
  EXPECT_EQ(config->exec->install_hint, "get it somewhere");
  EXPECT_TRUE(config->exec->provide_cluster_info);
  EXPECT_EQ(config->exec->cluster_config_json, R"({"audience":"x","n":3,"list":[true,"1"],"none":null})");
  EXPECT_EQ(config->proxy.reveal(), "http://joe:hunter2@proxy:3128");
  EXPECT_EQ(config->proxy_origin, "proxy-url");
}

TEST(Kubeconfig, APlainPluginNameIsLeftToThePath) {
  const auto config =
      resolve(with("server: 'https://h'", "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1beta1}"));
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->exec->command, "aws");
  EXPECT_EQ(config->exec->interactive, ExecPlugin::Interactive::if_available);
}

TEST(Kubeconfig, ReadsPasswordsAndImpersonation) {
  const auto config = resolve(with("server: 'https://h'",
                                   "username: joe, password: hunter2, as: jane, as-uid: '7', as-groups: [a, b], "
                                   "as-user-extra: {scopes: [x, y]}"));
  ASSERT_TRUE(config) << format_diagnostic(config.error());
  EXPECT_EQ(config->basic.reveal(), "joe:hunter2");
  EXPECT_EQ(config->impersonation.user, "jane");
  EXPECT_EQ(config->impersonation.uid, "7");
  EXPECT_EQ(config->impersonation.groups, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config->impersonation.extra,
            (std::vector<std::pair<std::string, std::string>>{{"scopes", "x"}, {"scopes", "y"}}));
}

TEST(Kubeconfig, AnUnknownContextOnTheCommandLineListsThoseThatExist) {
  const auto config = resolve(kOrdinary, "something else");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("there is no context \"something else\""));
  EXPECT_THAT(config.error().hint, HasSubstr("\"dev\", \"live\""));
}

TEST(Kubeconfig, ErrorsNeverQuoteCredentials) {
  for (const std::string& text :
       {with("server: 'https://joe:hunter2@h'", ""),
        with("server: 'https://h'", "token: hunter2, username: joe, password: hunter2"),
        with("server: 'https://h', proxy-url: 'ftp://joe:hunter2@p'", ""),
        with("server: 'https://h'", "client-key-data: hunter2"), with("server: ''", "token: hunter2"),
        with("server: 'https://h'", "auth-provider: {name: oidc, config: {id-token: hunter2}}")}) {
    const auto config = resolve(text);
    ASSERT_FALSE(config) << text;
    EXPECT_THAT(format_diagnostic(config.error()) + config.error().hint, Not(HasSubstr("hunter2")));
  }
}

TEST(Kubeconfig, SurvivesMutations) {
  std::mt19937 random(7);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = kOrdinary;
    for (int change = 0; change < 1 + round % 6; ++change) {
      const auto at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(at, random() % 20);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
          break;
      }
    }
    const auto config = resolve(text, round % 2 ? "live" : "");
    if (config) {
      EXPECT_FALSE(config->server.empty());
    } else {
      EXPECT_FALSE(config.error().message.empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace surgeproof::k8s
