#include "k8s/demo/http_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace surgeproof::demo {
namespace {

TEST(HttpRequest, IsTakenWholeOrNotYet) {
  const std::string whole = "POST /api/tasks?x=1 HTTP/1.1\r\nHost: a\r\ncontent-length: 3\r\n\r\nabc";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string part = whole.substr(0, n);
    const auto request = take_request(part);
    ASSERT_TRUE(request.has_value()) << n;
    ASSERT_FALSE(request->has_value()) << n;
    ASSERT_EQ(part.size(), n);
  }
  std::string buffer = whole + "GET / HTTP/1.0\r\n\r\n";
  auto request = take_request(buffer);
  ASSERT_TRUE(request && *request);
  EXPECT_EQ((*request)->method, "POST");
  EXPECT_EQ((*request)->path, "/api/tasks");
  EXPECT_TRUE((*request)->keep_alive);
  request = take_request(buffer);
  ASSERT_TRUE(request && *request);
  EXPECT_FALSE((*request)->keep_alive);
  EXPECT_TRUE(buffer.empty());
}

TEST(HttpRequest, RefusesWhatItCannotRead) {
  const auto error_of = [](std::string text) {
    const auto request = take_request(text);
    return request ? 0 : request.error();
  };
  EXPECT_EQ(error_of("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / SPDY/3\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"), 400);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), 501);
  EXPECT_EQ(error_of(std::string(20'000, 'x')), 431);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 0);
}

}  // namespace
}  // namespace surgeproof::demo
