// Does drop forensics tell the truth? Every cause alone and in pairs, in virtual time, against what is known.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <iostream>

#include "analyzers/causes/drops.h"
#include "analyzers/drop_report.h"
#include "analyzers/timeline.h"
#include "tests/analyzers/truth/world.h"

namespace surgeproof::truth {
namespace {

constexpr std::uint64_t kSeeds = 20;

std::size_t index_of(std::string_view code) {
  for (std::size_t i = 0; i < kInjected; ++i) {
    if (name_of(static_cast<Injected>(i)) == code) return i;
  }
  return kInjected;
}

struct Confusion {
  std::array<std::array<std::uint64_t, kInjected + 1>, kInjected> named{};  // truth, said
  std::uint64_t wrong_and_sure = 0;
  std::uint64_t lost_here = 0;
  std::string worst;  // one that was wrong and sure, in words

  // What the report says of the generator, and that it counts none of it among the drops.
  static std::uint64_t lost_in(const Timeline& t) {
    const DropReport report = report_drops(t);
    std::uint64_t lost = 0;
    for (const LostHere& l : report.lost) lost += l.count;
    EXPECT_EQ(report.total + lost, t.failures.size());
    return lost;
  }

  void look_at(const Told& told) {
    TimelineBuilder builder{told.scenario};
    for (const Record& r : told.records) builder.add(r);
    const Timeline& t = builder.build(told.end, true);
    const DropForensics forensics(t);
    lost_here += lost_in(t);
    for (const RequestFailure& f : t.failures) {
      const auto truth = static_cast<std::size_t>(told.truth.at(f.trace_id));
      if (!is_drop(f.outcome)) {
        ++named[truth][index_of("generator")];
        continue;
      }
      const DropCause said = forensics.explain(f);
      const std::size_t code = index_of(said.code);
      ++named[truth][code];
      if (code == truth || said.confidence != Confidence::high) continue;
      ++wrong_and_sure;
      worst = fmt::format("{} at {} ms was {}, said {} of {} ({})", name_of(f.outcome), f.ended.count() / 1'000'000,
                          name_of(static_cast<Injected>(truth)), said.code, said.pod, said.detail);
    }
  }

  std::uint64_t of(std::size_t truth) const {
    std::uint64_t n = 0;
    for (const std::uint64_t k : named[truth]) n += k;
    return n;
  }
  double right(std::size_t truth) const {
    return static_cast<double>(named[truth][truth]) / static_cast<double>(std::max<std::uint64_t>(1, of(truth)));
  }

  void print(std::string_view title) const {
    std::cout << fmt::format("\n{}: rows are what was done, columns what was said\n{:>18}", title, "");
    for (std::size_t i = 0; i < kInjected; ++i) std::cout << fmt::format(" {:>6.6}", name_of(static_cast<Injected>(i)));
    std::cout << "   right\n";
    for (std::size_t truth = 0; truth < kInjected; ++truth) {
      std::cout << fmt::format("{:>18}", name_of(static_cast<Injected>(truth)));
      for (std::size_t said = 0; said < kInjected; ++said) {
        const std::uint64_t n = named[truth][said];
        std::cout << (n == 0 ? fmt::format(" {:>6}", ".") : fmt::format(" {:>6}", n));
      }
      std::cout << fmt::format("  {:5.1f} %\n", 100 * right(truth));
    }
    std::cout << "wrong with high confidence: " << wrong_and_sure << (worst.empty() ? "" : "; e.g. " + worst) << '\n';
  }
};

TEST(Truth, EachCauseAloneIsNamed) {
  for (const bool pods_known : {true, false}) {
    Confusion confusion;
    for (std::size_t i = 0; i < kInjected; ++i) {
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        confusion.look_at(tell_run({static_cast<Injected>(i)}, seed, pods_known));
      }
    }
    confusion.print(pods_known ? "alone, pods known" : "alone, pods not known");
    for (std::size_t i = 0; i < kInjected; ++i) {
      EXPECT_GE(confusion.of(i), kSeeds) << name_of(static_cast<Injected>(i));
      EXPECT_GE(confusion.right(i), 0.95) << name_of(static_cast<Injected>(i));
    }
    EXPECT_EQ(confusion.wrong_and_sure, 0u) << confusion.worst;
    EXPECT_EQ(confusion.lost_here, confusion.of(index_of("generator")));
  }
}

TEST(Truth, InPairsNothingIsWrongWithHighConfidence) {
  Confusion confusion;
  for (std::size_t a = 0; a < kInjected; ++a) {
    for (std::size_t b = a + 1; b < kInjected; ++b) {
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const auto both = {static_cast<Injected>(a), static_cast<Injected>(b)};
        confusion.look_at(tell_run(both, seed * 100 + a * 10 + b, seed % 2 == 0));
      }
    }
  }
  confusion.print("in pairs, pods known in half of them");
  std::uint64_t right = 0;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < kInjected; ++i) {
    right += confusion.named[i][i];
    all += confusion.of(i);
  }
  EXPECT_GE(static_cast<double>(right), 0.85 * static_cast<double>(all));
  // Two ends of one pod within tens of milliseconds cannot be told apart by anybody who looks from outside.
  EXPECT_LE(confusion.wrong_and_sure * 10'000, all) << confusion.worst;
}

}  // namespace
}  // namespace surgeproof::truth
