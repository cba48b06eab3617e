// Answers as servers send them, good and bad: for the scanner, the parser and the fuzzer alike.
#pragma once

#include <string>
#include <vector>

namespace surgeproof::loadgen {

inline std::vector<std::string> answer_corpus() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string no_body = "Content-Length: 0\r\n\r\n";
  return {
      "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nContent-Type: text/html\r\n"
      "Content-Length: 5\r\nLast-Modified: Sat, 21 Nov 2026 11:00:00 GMT\r\nConnection: keep-alive\r\nETag: \"6-5\"\r\n"
      "X-Pod: todo-1\r\nAccept-Ranges: bytes\r\n\r\nhello",
      ok + "content-length:3\r\nCONNECTION: Keep-Alive\r\nx-pod:   spaced   \r\n\r\nabc",
      ok + "Content-Length: 3\r\nConnection: close\r\n\r\nabc",
      ok + "Content-Length: 3\r\nConnection: keep-alive, Upgrade\r\n\r\nabc",
      ok + "Connection: keep-alive\r\nConnection: close\r\n" + no_body,
      ok + "Proxy-Connection: close\r\n" + no_body,
      ok + "Upgrade: h2c\r\n" + no_body,
      ok + no_body,
      ok + no_body + "more than asked",
      ok + "Content-Length: 3\r\n\r\nabcdef",
      ok + "Content-Length: 03\r\n\r\nabc",
      ok + "Content-Length: +3\r\n\r\nabc",
      ok + "Content-Length: 3 \r\n\r\nabc",
      ok + "Content-Length: 3,3\r\n\r\nabc",
      ok + "Content-Length: \r\n\r\n",
      ok + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
      ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      ok + "Content-Length: 18446744073709551616\r\n\r\nabc",
      ok + "Content-Length: 999999999999999999\r\n\r\nabc",
      ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
      ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      ok + "\r\nuntil the end",
      "HTTP/1.1 204 No Content\r\nX-Pod: b\r\n\r\n",
      "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nabcd",
      "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: \"1\"\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "HTTP/1.1 503 Service Temporarily Unavailable\r\nServer: a\r\nServer: b\r\nContent-Length: 2\r\n\r\nno",
      "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1  200 OK\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 099 Odd\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 600 Odd\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 \xe4\xf6\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 a\tb\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx",
      "HTTP/1.2 200 OK\r\n" + no_body,
      "HTTP/2 200\r\n" + no_body,
      "http/1.1 200 OK\r\n" + no_body,
      "ICY 200 OK\r\n" + no_body,
      "HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
      ok + "X: a\nContent-Length: 1\r\n\r\nx",
      ok + "X: a\r b\r\n" + no_body,
      ok +
          "X: a\x01"
          "b\r\n" +
          no_body,
      ok + "X: a\tb\r\n" + no_body,
      ok + "X-Pod: \tpod\t\r\n" + no_body,
      ok + "X: a\x7f\r\n" + no_body,
      ok + "X: \xc3\xa4\r\n" + no_body,
      ok + "X-Folded: a\r\n b\r\n" + no_body,
      ok + "X-Pod: a\r\n b\r\n" + no_body,
      ok + " X: leading\r\n" + no_body,
      ok + "X : spaced\r\n" + no_body,
      ok + ": no name\r\n" + no_body,
      ok + "no colon\r\n" + no_body,
      ok + "X:\r\n" + no_body,
      ok + "X-Pod:\r\n" + no_body,
      ok + "X(y): z\r\n" + no_body,
      ok + "X-Long: " + std::string(9000, 'l') + "\r\n" + no_body,
      ok + "X-Long: " + std::string(70'000, 'l') + "\r\n" + no_body,
      ok + "Content-Length: 400\r\n\r\n" + std::string(400, 'b'),
      "\r\n" + ok + no_body,
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
      std::string("\0\0\0\x12\x04\0", 6),
      "",
  };
}

}  // namespace surgeproof::loadgen
