// Writes a run directory whose histograms reach into every corner of the layout: the first and the last bucket, each
// doubling, one value alone, many, counts beyond 32 bits, values over the top, names that a tag cannot hold as they
// are.
#include <cstdio>
#include <random>

#include "app/run_directory/writer.h"
#include "base/histogram.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

LoadWindow window(int second, std::string request, const Histogram& latency) {
  LoadWindow w;
  w.begin = 500ms + second * 1s;
  w.length = 1s;
  w.request = std::move(request);
  w.planned = w.sent = latency.count();
  w.latency = latency.sparse();
  return w;
}

Histogram corners() {
  Histogram h;
  for (int bits = 0; bits <= 30; ++bits) {
    const auto value = std::chrono::microseconds{std::int64_t{1} << bits};
    h.record(value - 1us);
    h.record(value, 3);
    h.record(value + 1us);
  }
  h.record(2h, 2);                        // over the top
  h.record(7ms, 5'000'000'000ULL);        // LEB128 of more than four bytes
  h.record(8ms, std::uint64_t{1} << 40);  // and of more than five
  return h;
}

Histogram random(std::mt19937_64& numbers, int count) {
  std::lognormal_distribution<double> latency{8, 2};
  Histogram h;
  for (int i = 0; i < count; ++i) h.record(std::chrono::microseconds{static_cast<std::int64_t>(latency(numbers))});
  return h;
}

int run(const char* directory) {
  RunInfo info;
  info.name = "corners";
  info.tool_version = "test";
  info.started = WallTime{1'750'000'000'250ms};
  auto writer = RunDirectoryWriter::create(directory, info, "target: http://127.0.0.1:1\n");
  if (!writer) {
    std::fprintf(stderr, "%s\n", writer.error().c_str());
    return 1;
  }
  std::mt19937_64 numbers{7};
  Histogram one;
  one.record(1ms);
  for (int second = 0; second < 20; ++second) {
    writer->write(window(second, "GET /", random(numbers, 1000)));
    writer->write(window(second, "post, 100% odd\tname", second == 7 ? corners() : random(numbers, 10)));
    if (second > 2) writer->write(window(second - 2, "GET /", random(numbers, 3)));  // late answers
    if (second == 10) writer->write(window(second, "once", one));
    writer->write(window(second, "never answered", Histogram{}));
    writer->flush();
  }
  writer->finish(21s);
  return writer->error().empty() ? 0 : 1;
}

}  // namespace
}  // namespace surgeproof

int main(int argc, char** argv) { return argc == 2 ? surgeproof::run(argv[1]) : 2; }
