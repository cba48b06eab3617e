// The small parts: base64, server URLs, request targets, credentials, failures in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "k8s/api_failure.h"
#include "k8s/base64.h"
#include "k8s/credentials.h"
#include "k8s/feed.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Base64, Decodes) {
  struct Row {
    const char* text;
    std::optional<std::string> expected;
  };
  for (const Row& row : {Row{"", ""}, Row{"Zg==", "f"}, Row{"Zm8=", "fo"}, Row{"Zm9v", "foo"},
                         Row{"Zm9vYmFy", "foobar"}, Row{"Zm9v\n YmFy\r\n", "foobar"}, Row{"+/+/", "\xfb\xff\xbf"},
                         Row{"Zg", std::nullopt}, Row{"Zg=", std::nullopt}, Row{"Z===", std::nullopt},
                         Row{"Zg==Zg==", std::nullopt}, Row{"====", std::nullopt}, Row{"Zm9v-", std::nullopt}}) {
    EXPECT_EQ(decode_base64(row.text), row.expected) << row.text;
  }
}

TEST(ServerUrl, ReadsAndWrites) {
  struct Row {
    const char* text;
    const char* shown;
    const char* host_header;
  };
  for (const Row& row :
       {Row{"https://h", "https://h", "h"}, Row{"https://h:443/", "https://h", "h"},
        Row{"https://h:6443/a/b//", "https://h:6443/a/b", "h:6443"}, Row{"http://h:80", "http://h", "h"},
        Row{"https://[::1]:6443", "https://[::1]:6443", "[::1]:6443"}}) {
    const auto url = parse_server_url(row.text, true);
    ASSERT_TRUE(url) << row.text << url.error();
    EXPECT_EQ(url->text(), row.shown);
    EXPECT_EQ(url->host_header(), row.host_header);
  }
  EXPECT_EQ(parse_server_url("https://[::1]:6443", true)->host, "::1");
}

TEST(ServerUrl, Refuses) {
  for (const char* text : {"", "https://", "https://h:99999", "https://h:0", "https://u@h", "https://h?x=1",
                           "https://h#x", "unix:///x", "a b"}) {
    EXPECT_FALSE(parse_server_url(text, true)) << text;
  }
}

TEST(Feed, RequestTargets) {
  const Feed pods = pods_feed("todo", 0, "app=todo,tier in (a,b)");
  EXPECT_EQ(list_target(pods, 0, ""),
            "/api/v1/namespaces/todo/pods?limit=500&labelSelector=app%3Dtodo%2Ctier%20in%20%28a%2Cb%29");
  EXPECT_EQ(watch_target(pods, 0, "17", 300),
            "/api/v1/namespaces/todo/pods?watch=true&allowWatchBookmarks=true&resourceVersion=17&timeoutSeconds=300"
            "&labelSelector=app%3Dtodo%2Ctier%20in%20%28a%2Cb%29");
  EXPECT_EQ(list_target(metrics_feed("todo", 0, "a=b"), 0, ""),
            "/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods?&labelSelector=a%3Db");
  EXPECT_EQ(list_target(hpas_feed("todo"), 2, "x/y"),
            "/apis/autoscaling/v1/namespaces/todo/horizontalpodautoscalers?limit=500&continue=x%2Fy");
}

TEST(Feed, ScaleTargetsOfEveryKind) {
  struct Row {
    const char* api_version;
    const char* kind;
    const char* path;
  };
  for (const Row& row : {Row{"apps/v1", "Deployment", "/apis/apps/v1/namespaces/n/deployments"},
                         Row{"extensions/v1beta1", "Deployment", "/apis/apps/v1/namespaces/n/deployments"},
                         Row{"", "StatefulSet", "/apis/apps/v1/namespaces/n/statefulsets"},
                         Row{"apps/v1", "ReplicaSet", "/apis/apps/v1/namespaces/n/replicasets"},
                         Row{"v1", "ReplicationController", "/api/v1/namespaces/n/replicationcontrollers"},
                         Row{"argoproj.io/v1alpha1", "Rollout", "/apis/argoproj.io/v1beta7/namespaces/n/rollouts"}}) {
    Feed feed = target_feed("n", 0, row.api_version, row.kind, "x");
    EXPECT_EQ(feed.lookup.has_value(), std::string_view(row.kind) == "Rollout");
    // Whatever version the HPA names: the one that the server serves.
    if (feed.lookup) resolve(feed, {"argoproj.io", "v1beta7", "rollouts", "Rollout", true, true});
    EXPECT_EQ(feed.paths[0], row.path);
  }
}

std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

TEST(Credentials, ReadTheFileAgainAfterAMinuteAndKeepTheOldTokenIfItIsGone) {
  const auto file = std::filesystem::temp_directory_path() / ("surgeproof-credentials-" + std::to_string(::getpid()));
  ClusterConfig config;
  config.token = Secret("  configured\n");
  config.token_file = file.string();
  Credentials credentials(config);
  const Credentials::Clock::time_point start{1h};
  EXPECT_EQ(credentials.headers(start).reveal(), bearer("configured"));
  std::ofstream(file) << "first\n";
  EXPECT_EQ(credentials.headers(start + 59s).reveal(), bearer("configured"));
  EXPECT_EQ(credentials.headers(start + 60s).reveal(), bearer("first"));
  std::ofstream(file) << "second";
  EXPECT_EQ(credentials.headers(start + 70s).reveal(), bearer("first"));
  EXPECT_TRUE(credentials.refresh(start + 71s));
  EXPECT_EQ(credentials.headers(start + 72s).reveal(), bearer("second"));
  std::filesystem::remove(file);
  EXPECT_FALSE(credentials.refresh(start + 73s));
  EXPECT_EQ(credentials.headers(start + 600s).reveal(), bearer("second"));
  EXPECT_EQ(credentials.redacted("configured, first, second"), "***, ***, ***");
}

TEST(Credentials, AreCheckedAndRedacted) {
  ClusterConfig config;
  config.token = Secret("abc def");
  EXPECT_NE(Credentials(config).problem(), "");
  EXPECT_TRUE(Credentials(config).headers({}).empty());
  config.token = Secret("abcdef");
  EXPECT_EQ(Credentials(config).problem(), "");
  EXPECT_EQ(Credentials(config).redacted("xabcdefabcdefy"), "x******y");
  config.impersonation.user = "a\r\nEvil: header";
  EXPECT_NE(Credentials(config).problem(), "");
}

TEST(Credentials, PasswordsAndImpersonationAreHeaders) {
  ClusterConfig config;
  config.basic = Secret("joe:hunter2");
  config.impersonation = {"jane", "7", {"a", "b"}, {{"Scopes/x", "y"}}};
  Credentials credentials(config);
  EXPECT_FALSE(credentials.lacking());
  EXPECT_EQ(credentials.headers({}).reveal(),
            "Impersonate-User: jane\r\nImpersonate-Uid: 7\r\nImpersonate-Group: a\r\nImpersonate-Group: b\r\n"
            "Impersonate-Extra-scopes%2Fx: y\r\nAuthorization: Basic am9lOmh1bnRlcjI=\r\n");
  EXPECT_EQ(credentials.redacted("hunter2 am9lOmh1bnRlcjI="), "*** ***");
}

TEST(Credentials, APluginsTokenTakesThePlaceOfTheOneBefore) {
  Credentials credentials{ClusterConfig{}};
  EXPECT_TRUE(credentials.lacking());
  credentials.adopt(Secret("first"));
  credentials.adopt(Secret("second\n"));
  EXPECT_EQ(credentials.headers({}).reveal(), bearer("second"));
  credentials.adopt(Secret());  // a certificate instead
  EXPECT_TRUE(credentials.headers({}).empty());
  EXPECT_EQ(credentials.redacted("first second"), "*** ***");
}

TEST(StatusMessage, IsOneShortLine) {
  EXPECT_EQ(status_message(403, R"({"kind":"Status","message":"pods is forbidden.\nreally"})"),
            "pods is forbidden. really (HTTP 403)");
  EXPECT_EQ(status_message(404, "404 page not found\n"), "404 page not found (HTTP 404)");
  EXPECT_EQ(status_message(502, "<html>Bad Gateway</html>"), "HTTP status 502");
  EXPECT_EQ(status_message(500, ""), "HTTP status 500");
  EXPECT_LE(status_message(500, std::string(5000, 'x')).size(), 320u);
}

TEST(WatchErrors, TellApartWhatTheUserMustDo) {
  using A = ApiFailure::Kind;
  using W = WatchError::Kind;
  struct Row {
    ApiFailure failure;
    W kind;
    const char* words;
  };
  for (const Row& row :
       {Row{{A::configuration, 0, "bad key", {}}, W::configuration, "bad key"},
        Row{{A::resolve, 0, "unknown name", {}}, W::unreachable, "cannot reach the API server https://h: unknown name"},
        Row{{A::connect, 0, "refused", {}}, W::unreachable, "refused"},
        Row{{A::tls, 0, "certificate has expired", {}}, W::unreachable, "no TLS connection"},
        Row{{A::status, 401, "m", {}}, W::unauthorized, "does not accept the credentials"},
        Row{{A::status, 403, "m", {}}, W::forbidden, "forbids it"},
        Row{{A::status, 404, "m", {}}, W::api_missing, "does not serve HorizontalPodAutoscalers"},
        Row{{A::status, 500, "m", {}}, W::unreachable, "answers with an error"},
        Row{{A::malformed, 0, "m", {}}, W::unreachable, "is not a Kubernetes API server"}}) {
    const WatchError error = watch_error(row.failure, "https://h", "f");
    EXPECT_EQ(error.kind, row.kind) << error.message;
    EXPECT_THAT(error.message, HasSubstr(row.words));
  }
}

}  // namespace
}  // namespace surgeproof::k8s
