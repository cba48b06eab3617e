// Pods' logs through the watcher: read, followed, taken up again, refused.
#include <gmock/gmock.h>

#include "tests/k8s/watcher_fixture.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using StateKind = WatchState::Kind;

class WatcherLogs : public WatcherTest {
 protected:
  static WatchOptions wanting(std::vector<LogPattern> patterns) {
    WatchOptions options = quick();
    options.logs = {{"", "", std::move(patterns)}};
    return options;
  }
  static std::string path(const std::string& pod) { return kPods + "/" + pod + "/log"; }
  /// Its log is followed on the stream that is returned.
  std::shared_ptr<Stream> follows(const std::string& pod) {
    ScriptedReply probe;
    ScriptedReply log;
    log.stream = std::make_shared<Stream>();
    api.order(path(pod), probe);
    api.order(path(pod), log);
    return log.stream;
  }
  bool saw(StateKind kind, const std::string& message) {
    return recorded
        .wait_for<WatchState>([&](const WatchState& s) {
          return s.resource == "pods/log" && s.kind == kind && s.ns == "todo" && s.message == message;
        })
        .has_value();
  }
};

TEST_F(WatcherLogs, AQuietLogIsReadAndALineIsRecorded) {
  const auto a = follows("backend-a");
  const auto b = follows("backend-b");
  const auto watcher = make("backend", wanting({"boom", {"hunter2", "${PW}", true}}));
  watcher->start();
  EXPECT_TRUE(saw(StateKind::synced, ""));  // though not one line has come
  a->push("2026-01-05T10:00:01Z all is well\n2026-01-05T10:00:02Z boom with hunter2\n");
  const auto line = recorded.wait_for<LogLine>([](const LogLine& l) { return l.pattern == "boom"; });
  ASSERT_TRUE(line);
  EXPECT_EQ(line->pod, "backend-a");
  EXPECT_EQ(line->container, "app");
  EXPECT_EQ(line->line, "boom with ***");
  EXPECT_TRUE(recorded.wait_for<LogLine>([](const LogLine& l) { return l.pattern == "${PW}"; }));
  watcher->stop();
  std::vector<std::string> queries;
  for (const auto& r : api.requests()) {
    if (r.path == path("backend-a")) queries.push_back(r.query);
  }
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0], "container=app&tailLines=1&limitBytes=1");
  EXPECT_EQ(queries[1], "container=app&follow=true&timestamps=true&sinceSeconds=1");
}

TEST_F(WatcherLogs, ABrokenOneIsAGapAndIsTakenUpWhereItBroke) {
  const auto a = follows("backend-a");
  follows("backend-b");
  const auto watcher = make("backend", wanting({"boom"}));
  watcher->start();
  ASSERT_TRUE(saw(StateKind::synced, ""));
  a->push("2026-01-05T10:00:02.5Z boom 1\n");
  ASSERT_TRUE(recorded.wait_for<LogLine>());
  const auto again = follows("backend-a");
  a->cut();
  const auto lost = recorded.wait_for<WatchState>(
      [](const WatchState& s) { return s.resource == "pods/log" && s.kind == StateKind::lost; });
  ASSERT_TRUE(lost);
  EXPECT_THAT(lost->message, HasSubstr("backend-a/app: "));
  again->push("2026-01-05T10:00:02.5Z boom 1\n2026-01-05T10:00:03Z boom 2\n");
  EXPECT_TRUE(recorded.wait_for<LogLine>([](const LogLine& l) { return l.line == "boom 2"; }));
  EXPECT_EQ(recorded.all<LogLine>().size(), 2u);  // the first one is no second time
  EXPECT_TRUE(recorded.wait_for<WatchState>(
      [&](const WatchState& s) { return s.resource == "pods/log" && s.kind == StateKind::synced && s.at > lost->at; }));
  watcher->stop();
  std::vector<std::string> queries;
  for (const auto& r : api.requests()) {
    if (r.path == path("backend-a")) queries.push_back(r.query);
  }
  EXPECT_THAT(queries.back(), HasSubstr("sinceTime=2026-01-05T10%3A00%3A02Z"));
}

TEST_F(WatcherLogs, AMissingRightIsTold) {
  ScriptedReply refused;
  refused.status = 403;
  refused.body = R"({"kind":"Status","message":"pods \"backend-a\" is forbidden: cannot get resource pods/log"})";
  api.order(path("backend-a"), refused, 100);
  api.order(path("backend-b"), refused, 100);
  const auto watcher = make("backend", wanting({"boom"}));
  watcher->start();
  const auto state = recorded.wait_for<WatchState>(
      [](const WatchState& s) { return s.resource == "pods/log" && s.kind == StateKind::forbidden; });
  ASSERT_TRUE(state);
  EXPECT_THAT(state->message, HasSubstr("cannot get resource pods/log"));
  EXPECT_TRUE(watcher->wait_synced(10s));  // the rest is watched all the same
  watcher->stop();
}

TEST_F(WatcherLogs, APodThatIsGoneIsNoGap) {
  follows("backend-b");  // and backend-a's log is answered with 404
  const auto watcher = make("backend", wanting({"boom"}));
  watcher->start();
  EXPECT_TRUE(saw(StateKind::synced, ""));
  watcher->stop();
  for (const auto& s : recorded.all<WatchState>()) {
    if (s.resource == "pods/log") EXPECT_EQ(s.kind, StateKind::synced) << s.message;
  }
}

}  // namespace
}  // namespace surgeproof::k8s
