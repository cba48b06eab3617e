#include "loadgen/http1_session.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace surgeproof::loadgen {
namespace {

using State = Http1Session::State;

struct Row {
  const char* name;
  std::string bytes;
  bool head = false;
  bool closes = false;  // the peer closes after the bytes
  State state = State::complete;
  int status = 200;
  bool reusable = true;
  std::string pod = {};
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {.name = "length", .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Pod: a\r\n\r\nhello", .pod = "a"},
      {.name = "no body", .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
      {.name = "chunked",
       .bytes = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\n",
       .status = 201},
      {.name = "chunked with a trailer",
       .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nChecksum: 1\r\n\r\n"},
      {.name = "204", .bytes = "HTTP/1.1 204 No Content\r\nX-POD: b\r\n\r\n", .status = 204, .pod = "b"},
      {.name = "304 with a length", .bytes = "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .status = 304},
      {.name = "HEAD", .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", .head = true},
      {.name = "100 first", .bytes = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
      {.name = "103 twice",
       .bytes = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
       .status = 503},
      {.name = "connection: close",
       .bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
       .reusable = false},
      {.name = "HTTP/1.0", .bytes = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", .reusable = false},
      {.name = "HTTP/1.0 keep-alive",
       .bytes = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"},
      {.name = "until the end", .bytes = "HTTP/1.1 200 OK\r\n\r\nanything", .closes = true, .reusable = false},
      {.name = "until an end that did not come", .bytes = "HTTP/1.1 200 OK\r\n\r\nanything", .state = State::reading},
      {.name = "cut within the body",
       .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
       .closes = true,
       .state = State::reading,
       .reusable = false},
      {.name = "cut within the header",
       .bytes = "HTTP/1.1 200 OK\r\nContent-Le",
       .closes = true,
       .state = State::reading,
       .status = 0,
       .reusable = false},
      {.name = "cut within a chunk",
       .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
       .closes = true,
       .state = State::reading,
       .reusable = false},
      {.name = "an end before any byte",
       .bytes = "",
       .closes = true,
       .state = State::waiting,
       .status = 0,
       .reusable = false},
      {.name = "101", .bytes = "HTTP/1.1 101 Switching Protocols\r\n\r\n", .status = 101, .reusable = false},
  };
  return kRows;
}

void expect_row(const Row& row, const Http1Session& session) {
  EXPECT_EQ(session.state(), row.state);
  EXPECT_EQ(session.status(), row.status);
  if (row.state == State::complete) {
    EXPECT_EQ(session.reusable(), row.reusable);
    EXPECT_EQ(session.pod(), row.pod);
  }
  EXPECT_EQ(session.bytes_received(), row.bytes.size());
}

TEST(Http1Session, TellsAnswersApartHoweverTheirBytesAreSplit) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    for (std::size_t i = 0; i <= row.bytes.size(); ++i) {
      for (const std::size_t j : {i, (i + row.bytes.size()) / 2, row.bytes.size()}) {
        Http1Session session{"x-pod"};
        session.expect_answer(row.head);
        const std::string_view bytes = row.bytes;
        session.receive(bytes.substr(0, i));
        session.receive(bytes.substr(i, j - i));
        session.receive(bytes.substr(j));
        if (row.closes) session.end_of_stream();
        expect_row(row, session);
        if (HasFailure()) FAIL() << "split at " << i << " and " << j;
      }
    }
  }
}

TEST(Http1Session, TakesSingleBytes) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    Http1Session session{"x-pod"};
    session.expect_answer(row.head);
    for (const char c : row.bytes) session.receive({&c, 1});
    if (row.closes) session.end_of_stream();
    expect_row(row, session);
  }
}

TEST(Http1Session, CarriesOneAnswerAfterTheOther) {
  Http1Session session{"x-pod"};
  for (const Row& row : rows()) {
    if (row.state != State::complete || !row.reusable) continue;
    SCOPED_TRACE(row.name);
    session.expect_answer(row.head);
    session.receive(row.bytes);
    expect_row(row, session);
  }
}

TEST(Http1Session, RefusesWhatIsNotHttp) {
  const std::string kGarbage[] = {
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
      "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",
      "<html></html>\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
      std::string("\0\0\0\0\r\n\r\n", 8),
  };
  for (const std::string& bytes : kGarbage) {
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
      Http1Session session{""};
      session.expect_answer(false);
      session.receive(bytes.substr(0, i));
      session.receive(bytes.substr(i));
      EXPECT_EQ(session.state(), State::malformed) << bytes << " split at " << i;
      EXPECT_FALSE(session.reusable());
      EXPECT_FALSE(session.error().empty());
    }
  }
}

TEST(Http1Session, BytesNobodyAskedForSpoilTheConnection) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  Http1Session together{""};
  together.expect_answer(false);
  EXPECT_EQ(together.receive(answer + answer), State::complete);
  EXPECT_FALSE(together.reusable());

  Http1Session later{""};
  later.expect_answer(false);
  EXPECT_EQ(later.receive(answer), State::complete);
  EXPECT_TRUE(later.reusable());
  later.receive("x");
  EXPECT_FALSE(later.reusable());
}

TEST(Http1Session, HeadersWithoutEndAreRefusedInBoundedMemory) {
  Http1Session session{""};
  session.expect_answer(false);
  session.receive("HTTP/1.1 200 OK\r\nX: ");
  const std::string more(1000, 'a');
  std::size_t sent = 0;
  while (session.state() != State::malformed && sent < 10'000'000) {
    session.receive(more);
    sent += more.size();
  }
  EXPECT_EQ(session.state(), State::malformed);
  EXPECT_LE(sent, Http1Session::kMaxHeld + 2 * more.size());
}

TEST(Http1Session, AChunkLineWithoutEndIsRefusedInBoundedMemory) {
  Http1Session session{""};
  session.expect_answer(false);
  session.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;");
  const std::string more(1000, 'a');
  std::size_t sent = 0;
  while (session.state() != State::malformed && sent < 10'000'000) {
    session.receive(more);
    sent += more.size();
  }
  EXPECT_EQ(session.state(), State::malformed);
  EXPECT_LE(sent, Http1Session::kMaxHeld + 2 * more.size());
}

TEST(Http1Session, ABodyOfEightGigabytesIsJustCounted) {
  Http1Session session{""};
  session.expect_answer(false);
  const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 8589934592\r\n\r\n";
  session.receive(header);
  const std::string piece(1 << 24, 'b');
  for (int i = 0; i < 511; ++i) ASSERT_EQ(session.receive(piece), State::reading);
  EXPECT_EQ(session.receive(piece), State::complete);
  EXPECT_EQ(session.bytes_received(), header.size() + (std::uint64_t{8} << 30));
  EXPECT_TRUE(session.reusable());
}

}  // namespace
}  // namespace surgeproof::loadgen
