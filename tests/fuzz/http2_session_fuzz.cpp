// Fuzzes Http2Session: the input is a server's bytes, cut into pieces, with our own doings between them. Whatever
// comes, each request ends exactly once, was given up, or is still in flight, and what is held stays within bounds.
//
// The input is a row of operations, one octet each: 0…189 receive that many of the octets that follow, 190…199
// 64, 128, … 640 of them, 200…219 send a request, 220…229 one with a body, 230…239 give one up, 240…255 write output.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/http2_session.h"

namespace {

using namespace surgeproof;
using namespace surgeproof::loadgen;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

struct Run final : SessionEvents {
  static constexpr std::uint32_t kStreams = 8;
  Http2Session session{{.pod_header = "x-pod", .max_streams = kStreams}, {}};
  std::set<std::uint32_t> in_flight;
  const std::string body = std::string(100'000, 'b');

  void answer_began(std::uint32_t stream) override { require(in_flight.contains(stream), "began in flight"); }
  void answer_ended(std::uint32_t stream, const Answer& answer) override {
    require(in_flight.erase(stream) == 1, "an answer in flight");
    require(answer.status >= 200 && answer.status < 1000, "a final status");
  }
  void stream_failed(std::uint32_t stream, const StreamFailure& failure) override {
    require(in_flight.erase(stream) == 1, "a failure in flight");
    require(!failure.error.empty(), "a reason");
  }

  void send(bool with_body) {
    std::uint32_t stream = 0;
    while (in_flight.contains(stream)) ++stream;
    if (session.room() == 0 || stream >= kStreams) return;
    const std::vector<Http2Field> fields{
        {":method", with_body ? "POST" : "GET"}, {":scheme", "http"}, {":authority", "test"}, {":path", "/"}};
    in_flight.insert(stream);
    session.submit(stream, fields, with_body ? std::string_view{body} : std::string_view{});
  }
  void give_up() {
    if (in_flight.empty()) return;
    const std::uint32_t stream = *in_flight.begin();
    in_flight.erase(stream);
    session.abandon(stream);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Run run;
  std::string_view input{reinterpret_cast<const char*>(data), size};
  while (!input.empty()) {
    const auto op = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    if (op < 200) {
      const std::size_t count = std::min<std::size_t>(input.size(), op < 190 ? op : (op - 189) * std::size_t{64});
      if (!run.session.receive(input.substr(0, count), run)) {
        require(!run.session.error().empty(), "a broken connection says why");
        require(run.session.room() == 0 && run.session.closing(), "a broken connection takes no request");
      }
      input.remove_prefix(count);
    } else if (op < 230) {
      run.send(op >= 220);
    } else if (op < 240) {
      run.give_up();
    } else {
      run.session.wrote(run.session.output().size() / (op < 248 ? 1 : 2));
    }
    require(run.session.output().size() < 1'000'000, "the output is bounded");
    for (const std::uint32_t stream : run.in_flight) {
      require(run.session.bytes_sent(stream) <= 200'000 && run.session.partial(stream).status < 1000, "sane counts");
    }
  }
  run.session.receive({}, run);
  require(run.session.streams_in_flight() == run.in_flight.size(), "no stream is forgotten");
  return 0;
}
