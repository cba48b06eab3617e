#include "k8s/signal_poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/k8s/certificates.h"
#include "tests/k8s/recorded.h"
#include "tests/k8s/scripted_server.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kOne = R"({"status":"success","data":{"resultType":"scalar","result":[1700000000,"1"]}})";
const std::string kNone = R"({"status":"success","data":{"resultType":"vector","result":[]}})";

ScriptedReply reply(int status, std::string body) {
  ScriptedReply out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

ClusterConfig config_for(const ScriptedServer& server) {
  ClusterConfig out;
  out.server = server.url() + "/prom";
  return out;
}

std::vector<SignalRequest> one(std::chrono::nanoseconds every = 10ms) { return {{"errors", "sum(errors)", every}}; }

const ClockAnchor kAnchor{std::chrono::steady_clock::now(), WallTime{}};

TEST(SignalPoller, RecordsValuesAndGaps) {
  std::atomic<int> phase = 0;  // 0: a value, 1: no series, 2: the server is in trouble
  ScriptedServer server([&](const ScriptedRequest& request) {
    EXPECT_EQ(request.path, "/prom/api/v1/query");
    return phase == 0 ? reply(200, kOne) : phase == 1 ? reply(200, kNone) : reply(503, "starting");
  });
  Recorded recorded;
  SignalPoller poller(config_for(server), one(), kAnchor, recorded.sink());
  ASSERT_TRUE(poller.check());
  EXPECT_TRUE(recorded.everything().empty());
  poller.start();
  EXPECT_TRUE(
      recorded.wait_for<SignalSample>([](const SignalSample& s) { return s.name == "errors" && s.value == 1; }));
  const auto state = [&](WatchState::Kind kind) {
    return recorded.wait_for<WatchState>(
        [&](const WatchState& s) { return s.resource == "signals/errors" && s.kind == kind; });
  };
  EXPECT_TRUE(state(WatchState::Kind::synced));
  phase = 1;
  const auto missing = state(WatchState::Kind::missing);
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->message, "the query gives no series");
  phase = 2;
  EXPECT_TRUE(state(WatchState::Kind::lost));
  poller.stop();
  const auto count = recorded.everything().size();
  EXPECT_EQ(recorded.everything().size(), count);
}

TEST(SignalPoller, WhatNoWaitingCuresIsToldBefore) {
  struct Row {
    ScriptedReply reply;
    WatchError::Kind kind;
    const char* words;
  };
  for (const Row& row : {Row{reply(400, R"({"status":"error","errorType":"bad_data","error":"parse error: unclosed"})"),
                             WatchError::Kind::configuration, "signal \"errors\": parse error: unclosed"},
                         Row{reply(200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})"),
                             WatchError::Kind::configuration, "gives a range of values"},
                         Row{reply(401, "no"), WatchError::Kind::unreachable, "no (HTTP 401)"},
                         Row{reply(200, "<html>"), WatchError::Kind::configuration, "not a Prometheus server"}}) {
    ScriptedServer server([&](const ScriptedRequest&) { return row.reply; });
    SignalPoller poller(config_for(server), one(), kAnchor, [](const Record&) {});
    const auto checked = poller.check();
    ASSERT_FALSE(checked) << row.words;
    EXPECT_EQ(checked.error().kind, row.kind);
    EXPECT_THAT(checked.error().message, HasSubstr(row.words));
  }
  ClusterConfig nobody;
  nobody.server = "http://127.0.0.1:1";
  const auto checked = SignalPoller(nobody, one(), kAnchor, [](const Record&) {}).check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("cannot ask http://127.0.0.1:1: Connection refused"));
}

TEST(SignalPoller, ALookTellsOfEverySignal) {
  const std::string nan = R"({"status":"success","data":{"resultType":"scalar","result":[1700000000,"NaN"]}})";
  ScriptedServer server([&](const ScriptedRequest& request) {
    const auto asks = [&](const char* query) { return request.query.contains(query); };
    if (asks("some")) return reply(200, kOne);
    if (asks("nothing")) return reply(200, kNone);
    return asks("quotient") ? reply(200, nan) : reply(400, "parse error");
  });
  const std::vector<SignalRequest> requests{{"a", "some"}, {"b", "nothing"}, {"c", "bad("}, {"d", "quotient"}};
  const auto answers = SignalPoller(config_for(server), requests, kAnchor, [](const Record&) {}).look();
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers->size(), 4u) << "a wrong query does not hide those after it";
  EXPECT_EQ(answers->at(0).value, 1);
  EXPECT_EQ(answers->at(0).message, "");
  EXPECT_TRUE(answers->at(1).no_series && !answers->at(1).query_is_wrong);
  EXPECT_TRUE(answers->at(2).query_is_wrong && !answers->at(2).no_series);
  EXPECT_THAT(answers->at(2).message, HasSubstr("parse error"));
  EXPECT_FALSE(answers->at(3).value || answers->at(3).no_series || answers->at(3).query_is_wrong);
  EXPECT_THAT(answers->at(3).message, HasSubstr("NaN"));
}

TEST(SignalPoller, HeadersGoWithEveryQuestionAndSamplesTellWhenTheyWereAsked) {
  std::string tenant;
  ScriptedServer server([&](const ScriptedRequest& request) {
    tenant = request.headers.contains("x-scope-orgid") ? request.headers.at("x-scope-orgid") : "";
    return reply(200, kOne);
  });
  ClusterConfig config = config_for(server);
  config.headers.emplace_back("X-Scope-OrgID", Secret("todo"));
  Recorded recorded;
  SignalPoller poller(config, one(), kAnchor, recorded.sink());
  ASSERT_TRUE(poller.check());
  EXPECT_EQ(tenant, "todo");
  poller.start();
  const auto sample = recorded.wait_for<SignalSample>();
  poller.stop();
  ASSERT_TRUE(sample);
  EXPECT_GT(sample->asked, RunTime{});
  EXPECT_GE(sample->observed, sample->asked);
}

TEST(SignalPoller, TheTokenGoesOverTls) {
  Certificate ca({.name = "test authority", .authority = true});
  Certificate own({.name = "prom", .alternative_name = "DNS:prom.test"}, &ca);
  std::string authorization;
  ScriptedServer server(
      [&](const ScriptedRequest& request) {
        authorization = request.headers.contains("authorization") ? request.headers.at("authorization") : "";
        return reply(200, kOne);
      },
      ServerTls{own.certificate_pem(), own.key_pem(), ""});
  ClusterConfig config = config_for(server);
  config.ca_pem = ca.certificate_pem();
  config.tls_server_name = "prom.test";
  config.token = Secret("prom-token");
  const auto checked = SignalPoller(config, one(), kAnchor, [](const Record&) {}).check();
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(authorization, "Bearer prom-token");
}

}  // namespace
}  // namespace surgeproof::k8s
