// Which requests an action makes, and what each answer means. The API server is a table of answers.
#include "k8s/actions/performer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace surgeproof::k8s {
namespace {

using State = ActionSample::State;
using Answer = ActionApi::Answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ApiFailure status(int code) { return {ApiFailure::Kind::status, code, "the server's words", {}}; }

struct FakeApi {
  std::map<std::string, std::string> objects = {};  ///< by the begin of the path; 404 without
  Answer change = "{\"spec\":{\"replicas\":5}}";
  std::vector<std::string> changes = {};

  ActionApi api() {
    return {[this](const std::string& path) -> Answer {
              const std::string* best = nullptr;
              std::size_t length = 0;
              for (const auto& [begin, body] : objects) {
                if (path.starts_with(begin) && begin.size() >= length) best = &body, length = begin.size();
              }
              if (best == nullptr) return std::unexpected(status(404));
              if (best->starts_with("HTTP ")) return std::unexpected(status(std::stoi(best->substr(5))));
              return *best;
            },
            [this](const std::string& path, const std::string& json, const std::string& type) {
              changes.push_back("PATCH " + path + " " + type + " " + json);
              return change;
            },
            [this](const std::string& path, const std::string& options) {
              changes.push_back("DELETE " + path + " " + options);
              return change;
            }};
  }
};

const WallTime kNow{std::chrono::seconds{1'750'000'000}};  // 2025-06-15T15:06:40Z

ActionRequest request(ActionRequest::Kind kind) {
  ActionRequest r;
  r.kind = kind;
  r.ns = "todo";
  r.object_kind = "Deployment";
  r.object = "backend";
  r.replicas = 5;
  return r;
}

const std::string kWorkload = "/apis/apps/v1/namespaces/todo/deployments/backend";

TEST(Performer, RestartsAsKubectlDoes) {
  FakeApi fake{.objects = {{kWorkload, "{}"}}};
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::restart), kNow);
  EXPECT_EQ(outcome.state, State::done) << outcome.error;
  EXPECT_EQ(outcome.object, (ObjectRef{"Deployment", "todo", "backend"}));
  EXPECT_THAT(fake.changes, ElementsAre("PATCH " + kWorkload +
                                        "?fieldManager=surgeproof application/strategic-merge-patch+json "
                                        R"({"spec":{"template":{"metadata":{"annotations":{)"
                                        R"("kubectl.kubernetes.io/restartedAt":"2025-06-15T15:06:40Z"}}}}})"));
}

TEST(Performer, APausedRolloutIsNotRestarted) {
  FakeApi fake{.objects = {{kWorkload, R"({"spec":{"paused":true}})"}}};
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::restart), kNow);
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_THAT(outcome.error, HasSubstr("paused"));
  EXPECT_THAT(fake.changes, IsEmpty());
}

TEST(Performer, Scales) {
  FakeApi fake{.objects = {{kWorkload + "/scale", R"({"spec":{"replicas":2}})"}}};
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::scale), kNow);
  EXPECT_EQ(outcome.state, State::done) << outcome.error;
  EXPECT_EQ(outcome.result, "2 → 5 replicas");
  EXPECT_THAT(fake.changes, ElementsAre("PATCH " + kWorkload +
                                        "/scale?fieldManager=surgeproof application/merge-patch+json "
                                        R"({"spec":{"replicas":5}})"));
}

FakeApi with_pods() {
  const auto pod = [](const std::string& name, const std::string& created, const std::string& ready) {
    return R"({"metadata":{"namespace":"todo","name":")" + name + R"(","uid":"uid-)" + name +
           R"(","creationTimestamp":")" + created +
           R"("},"status":{"phase":"Running","conditions":[{"type":"Ready","status":")" + ready + R"("}]}})";
  };
  return {
      .objects = {
          {"/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers",
           R"({"items":[{"metadata":{"namespace":"todo","name":"backend"},"spec":{"scaleTargetRef":)"
           R"({"apiVersion":"apps/v1","kind":"Deployment","name":"backend"}}}]})"},
          {kWorkload, R"({"metadata":{"namespace":"todo","name":"backend"},)"
                      R"("spec":{"selector":{"matchLabels":{"app":"b"}}}})"},
          {"/api/v1/namespaces/todo/pods?limit=500&labelSelector=app%3Db",
           R"({"items":[)" + pod("young", "2025-06-15T15:00:00Z", "True") + "," +
               pod("old", "2025-06-15T14:00:00Z", "True") + "," + pod("ill", "2025-06-15T13:00:00Z", "False") + "]}"},
      }};
}

TEST(Performer, DeletesThePodThatWasPickedAndNoOther) {
  FakeApi fake = with_pods();
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::delete_pod), kNow);
  EXPECT_EQ(outcome.state, State::done) << outcome.error;
  EXPECT_EQ(outcome.object, (ObjectRef{"Pod", "todo", "old"}));
  EXPECT_THAT(fake.changes,
              ElementsAre("DELETE /api/v1/namespaces/todo/pods/old "
                          R"({"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"uid-old"}})"));
}

TEST(Performer, WithoutAReadyPodNothingIsDeleted) {
  FakeApi fake = with_pods();
  fake.objects["/api/v1/namespaces/todo/pods"] =
      fake.objects["/api/v1/namespaces/todo/pods?limit=500&labelSelector=app%3Db"] = R"({"items":[]})";
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::delete_pod), kNow);
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_THAT(outcome.error, HasSubstr("none of its pods is ready"));
  EXPECT_THAT(fake.changes, IsEmpty());
}

TEST(Performer, AnHpaThatIsNotThereIsSaid) {
  FakeApi fake{.objects = {{"/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers", R"({"items":[]})"}}};
  const auto outcome = perform(fake.api(), request(ActionRequest::Kind::delete_pod), kNow);
  EXPECT_EQ(outcome.state, State::failed);
  EXPECT_EQ(outcome.error, "there is no HPA todo/backend");
}

TEST(Performer, WhatEachAnswerToAChangeMeans) {
  using Kind = ApiFailure::Kind;
  struct Row {
    ApiFailure failure;
    State state;
  };
  // Only what surely did not arrive, or was surely turned down, counts as not carried out.
  const std::vector<Row> rows{
      {status(403), State::refused},
      {status(401), State::refused},
      {status(404), State::failed},
      {status(409), State::failed},
      {status(422), State::failed},
      {status(429), State::failed},
      {status(500), State::unknown},
      {status(504), State::unknown},
      {{Kind::connect, 0, "", {}}, State::failed},
      {{Kind::tls, 0, "", {}}, State::failed},
      {{Kind::cut, 0, "", {}}, State::unknown},
      {{Kind::silent, 0, "", {}}, State::unknown},
      {{Kind::malformed, 0, "", {}}, State::unknown},
  };
  for (const auto& row : rows) {
    FakeApi fake = with_pods();
    fake.objects[kWorkload + "/scale"] = R"({"spec":{"replicas":2}})";
    fake.change = std::unexpected(row.failure);
    for (const auto kind :
         {ActionRequest::Kind::restart, ActionRequest::Kind::scale, ActionRequest::Kind::delete_pod}) {
      EXPECT_EQ(perform(fake.api(), request(kind), kNow).state, row.state) << row.failure.status;
    }
    EXPECT_EQ(fake.changes.size(), 3u) << "each was asked for once";
  }
}

TEST(Performer, WhatCannotBeReadIsNotChanged) {
  struct Row {
    std::string answer;
    State state;
  };
  for (const auto& [answer, state] :
       {Row{"HTTP 403", State::refused}, Row{"HTTP 404", State::failed}, Row{"HTTP 500", State::failed}}) {
    FakeApi fake{.objects = {{"/", answer}}};
    for (const auto kind :
         {ActionRequest::Kind::restart, ActionRequest::Kind::scale, ActionRequest::Kind::delete_pod}) {
      EXPECT_EQ(perform(fake.api(), request(kind), kNow).state, state) << answer;
    }
    EXPECT_THAT(fake.changes, IsEmpty());
  }
}

}  // namespace
}  // namespace surgeproof::k8s
