#include "analyzers/doctor/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace surgeproof {
namespace {

using testing::HasSubstr;
using Level = Check::Level;
using std::chrono::milliseconds;

DoctorFacts fine() {
  DoctorFacts f;
  f.configuration = {true, "kubeconfig", ""};
  f.server = Attempt{true, "https://10.0.0.1, v1.34.0", ""};
  f.rights = {{"todo", "pods", "list", "pods are not seen", true, true, ""},
              {"todo", "pods", "watch", "pods are not seen", true, true, ""},
              {"todo", "events", "list", "less is explained", false, true, ""}};
  f.resource_metrics = Attempt{true, "served", ""};
  f.samples = Attempt{true, "fresh", ""};
  f.clock_ahead = milliseconds{300};
  f.target = Attempt{true, "connected", ""};
  f.machine = {.open_files = 1024,
               .open_files_hard = 65536,
               .local_ports = 28232,
               .cpus = 4,
               .connections = 256,
               .reuses_connections = true,
               .peak_per_second = 400};
  return f;
}

TEST(Doctor, AllIsWell) {
  const auto facts = fine();
  const auto checks = examine(facts);
  for (const auto& c : checks) EXPECT_EQ(c.level, Level::ok) << c.id << ": " << c.sentence;
  EXPECT_EQ(doctor_exit_code(facts, checks), 0);
  const auto pods = std::ranges::find(checks, "pods", &Check::id);
  ASSERT_NE(pods, checks.end());
  EXPECT_EQ(pods->sentence, "list, watch") << "one line a resource";
}

TEST(Doctor, AMissingRightComesWithTheCommandThatGrantsIt) {
  auto facts = fine();
  facts.rights[2].granted = false;
  const auto remedy = [&] {
    const auto checks = examine(facts);
    return std::ranges::find(checks, "events", &Check::id)->remedy;
  };
  EXPECT_EQ(remedy(), "surgeproof print-rbac SCENARIO prints the Role that is needed");
  facts.scenario = "surge.yaml";
  EXPECT_EQ(remedy(), "surgeproof print-rbac surge.yaml | kubectl apply -f -");
}

TEST(Doctor, EachTroubleIsNamed) {
  struct Row {
    const char* name;
    std::function<void(DoctorFacts&)> change;
    const char* id;
    Level level;
    const char* words;
    int exit_code;
  };
  const std::vector<Row> rows{
      {"no configuration", [](auto& f) { f.configuration = {false, "none found", "set KUBECONFIG"}, f.server.reset(); },
       "configuration", Level::failure, "none found", 3},
      {"no server", [](auto& f) { f.server = Attempt{false, "refused", ""}; }, "server", Level::failure, "refused", 3},
      {"no target", [](auto& f) { f.target = Attempt{false, "refused", ""}; }, "connection", Level::failure, "refused",
       3},
      {"an essential right", [](auto& f) { f.rights[1].granted = false; }, "pods", Level::failure,
       "not allowed to watch; without: pods are not seen", 4},
      {"a lesser right", [](auto& f) { f.rights[2].granted = false; }, "events", Level::warning,
       "not allowed to list; without: less is explained", 0},
      {"no answer about rights",
       [](auto& f) {
         for (auto& r : f.rights) r.granted.reset(), r.words = "HTTP 404";
       },
       "pods", Level::unseen, "could not be asked: HTTP 404", 4},
      {"no metrics API", [](auto& f) { f.resource_metrics = Attempt{false, "404", "install it"}; }, "metrics.k8s.io",
       Level::failure, "404", 4},
      {"old samples", [](auto& f) { f.samples = Attempt{false, "9m old", ""}; }, "samples", Level::warning, "9m old",
       0},
      {"clock", [](auto& f) { f.clock_ahead = milliseconds{-7200}; }, "clock", Level::warning, "7.2s behind", 0},
      // 1000 connections and 64 other files are more than 1024.
      {"open files", [](auto& f) { f.machine.connections = 1000; }, "open files", Level::failure, "may need 1064", 4},
      // 600/s × 60 s = 36000 ports in TIME_WAIT.
      {"ports of closed connections",
       [](auto& f) { f.machine.reuses_connections = false, f.machine.peak_per_second = 600; }, "local ports",
       Level::failure, "may need 36000", 4},
      {"CPUs", [](auto& f) { f.machine.peak_per_second = 100'000; }, "CPUs", Level::warning, "more than they surely",
       0},
  };
  for (const auto& row : rows) {
    auto facts = fine();
    row.change(facts);
    const auto checks = examine(facts);
    const auto check = std::ranges::find(checks, row.id, &Check::id);
    ASSERT_NE(check, checks.end()) << row.name;
    EXPECT_EQ(check->level, row.level) << row.name;
    EXPECT_THAT(check->sentence, HasSubstr(row.words)) << row.name;
    EXPECT_EQ(doctor_exit_code(facts, checks), row.exit_code) << row.name;
  }
}

}  // namespace
}  // namespace surgeproof
