#include "loadgen/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace surgeproof::loadgen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Target, IsTakenApart) {
  struct Row {
    const char* url;
    bool tls;
    const char* host;
    const char* port;
    const char* authority;
    const char* base_path;
  };
  const Row rows[] = {
      {"http://127.0.0.1:8080", false, "127.0.0.1", "8080", "127.0.0.1:8080", ""},
      {"http://todo.example.com/", false, "todo.example.com", "80", "todo.example.com", ""},
      {"https://todo.example.com/base/", true, "todo.example.com", "443", "todo.example.com", "/base"},
      {"https://todo.example.com:443/a/b", true, "todo.example.com", "443", "todo.example.com", "/a/b"},
      {"http://[::1]:8080", false, "::1", "8080", "[::1]:8080", ""},
      {"HTTP://localhost:80", false, "localhost", "80", "localhost", ""},
  };
  for (const Row& row : rows) {
    const auto target = parse_target(row.url);
    ASSERT_TRUE(target) << row.url << ": " << target.error();
    EXPECT_EQ(target->tls, row.tls) << row.url;
    EXPECT_EQ(target->host, row.host) << row.url;
    EXPECT_EQ(target->port, row.port) << row.url;
    EXPECT_EQ(target->authority, row.authority) << row.url;
    EXPECT_EQ(target->base_path, row.base_path) << row.url;
  }
}

TEST(Target, RefusesWhatCannotBeLoaded) {
  for (const char* url : {"", "localhost:8080", "ftp://host", "http://", "http://host:0", "http://host:65536",
                          "http://host:99999999999", "http://host/?q=1", "http://host/#top", "http://a b"}) {
    EXPECT_FALSE(parse_target(url)) << url;
  }
}

TEST(Target, NeverRepeatsAPassword) {
  for (const char* url : {"http://user:hunter2@host", "ftp://user:hunter2@host/", "http://user:hunter2@host:99999/"}) {
    const auto target = parse_target(url);
    ASSERT_FALSE(target) << url;
    EXPECT_THAT(target.error(), Not(HasSubstr("hunter2")));
  }
}

TEST(Plan, WorkersFollowTheRateTheCpusAndTheConnections) {
  struct Row {
    int asked;
    int connections;
    double peak;
    std::uint32_t cpus;
    std::uint32_t workers;
  };
  const Row rows[] = {
      {0, 256, 400, 8, 1}, {0, 256, 5001, 8, 2}, {0, 256, 1e9, 8, 8}, {0, 256, 1e9, 0, 1},
      {0, 3, 1e9, 8, 3},   {5, 256, 10, 2, 5},   {5, 2, 10, 2, 2},
  };
  for (const Row& row : rows) {
    Scenario s;
    s.client.workers = row.asked;
    s.connections.max = row.connections;
    EXPECT_EQ(workers_for(s, {row.peak}, row.cpus), row.workers);
  }
}

TEST(Plan, SharesOfConnectionsAddUp) {
  for (const int max : {1, 7, 256}) {
    for (std::uint32_t workers = 1; workers <= static_cast<std::uint32_t>(std::min(max, 5)); ++workers) {
      std::uint32_t sum = 0;
      for (std::uint32_t i = 0; i < workers; ++i) sum += connections_of_worker(max, i, workers);
      EXPECT_EQ(sum, static_cast<std::uint32_t>(max));
    }
  }
}

TEST(Plan, SaysWhatIsMissing) {
  Scenario s;
  s.target = "http://127.0.0.1:1";
  EXPECT_FALSE(make_plan(s, 2));  // no request
  s.requests.push_back({});
  EXPECT_TRUE(make_plan(s, 2));
  s.target = "nowhere";
  EXPECT_FALSE(make_plan(s, 2));
}

}  // namespace
}  // namespace surgeproof::loadgen
