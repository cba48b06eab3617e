#include "app/run_directory/record_json.h"

#include <gtest/gtest.h>

#include <boost/mp11.hpp>

#include "app/run_directory/describe.h"

namespace surgeproof {
namespace {

namespace describe = boost::describe;

// Fills every described member, however deep, with a value that differs from its default. Two members of one struct
// never get the same number.
struct Filler {
  int next = 1;

  void fill(std::string& v) { v = "text \"" + std::to_string(next++) + "\" ä\n"; }
  void fill(bool& v) { v = !v; }
  void fill(WallTime& v) { v = WallTime{std::chrono::nanoseconds{1'750'000'000'123'456'789 + next++}}; }
  void fill(Outcome& v) { v = static_cast<Outcome>(1 + next++ % 15); }
  void fill(LoadMark::Kind& v) { v = LoadMark::Kind::interrupted; }
  void fill(ActionSample::State& v) { v = ActionSample::State::unknown; }
  void fill(WatchState::Kind& v) { v = WatchState::Kind::missing; }
  void fill(std::map<int, std::uint64_t>& v) { v = {{200, next++}, {503, next++}}; }
  void fill(std::map<int, SparseHistogram>& v) { fill(v[4]), fill(v[5]); }
  void fill(std::map<std::string, std::string>& v) { v = {{"host", "a"}, {"cpus", "2"}}; }
  void fill(std::pair<std::uint32_t, std::uint64_t>& v) { v = {next++, next++}; }
  void fill(std::array<std::uint64_t, kOutcomes>& v) {
    for (auto& n : v) n = next++;
  }
  template <class R, class P>
  void fill(std::chrono::duration<R, P>& v) {
    v = std::chrono::duration<R, P>{next++};
  }
  template <class T>
  void fill(std::optional<T>& v) {
    fill(v.emplace());
  }
  template <class T>
  void fill(std::vector<T>& v) {
    fill(v.emplace_back());
    fill(v.emplace_back());
  }
  template <class T>
  void fill(T& v) {
    if constexpr (std::is_arithmetic_v<T>) {
      v = static_cast<T>(next++);
    } else {
      using Members = describe::describe_members<T, describe::mod_public>;
      // A structured binding of each record would be the proof that no member is forgotten; its size is near enough:
      // the described members must account for the struct's size up to padding.
      std::size_t described = 0;
      boost::mp11::mp_for_each<Members>([&](auto member) {
        fill(v.*member.pointer);
        described += sizeof(v.*member.pointer);
      });
      EXPECT_GT(described + 8 * (1 + boost::mp11::mp_size<Members>::value / 2), sizeof(T))
          << "a member is not described";
    }
  }
};

template <std::size_t I>
Record filled() {
  std::variant_alternative_t<I, Record> r{};
  Filler filler;
  filler.fill(r);
  return r;
}

TEST(RecordJson, EveryMemberOfEveryRecordSurvives) {
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Record>>>([](auto i) {
    const Record record = filled<i>();
    const std::string line = record_to_json(record);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto back = record_from_json(line);
    ASSERT_TRUE(back) << line;
    EXPECT_TRUE(*back == record) << line;
  });
}

TEST(RecordJson, DefaultsSurviveToo) {
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Record>>>([](auto i) {
    const Record record = std::variant_alternative_t<i, Record>{};
    const auto back = record_from_json(record_to_json(record));
    ASSERT_TRUE(back) << record_to_json(record);
    EXPECT_TRUE(*back == record) << record_to_json(record);
  });
}

TEST(RecordJson, KeysCarryUnits) {
  const std::string line = record_to_json(Record{LoadMark{std::chrono::seconds{2}, LoadMark::Kind::finished}});
  EXPECT_EQ(line, R"({"record":"load_mark","at_ns":2000000000,"kind":"finished"})");
}

TEST(RecordJson, RefusesWhatIsNoRecord) {
  for (const char* line : {"", "{", "[]", "{}", R"({"record":"unheard_of"})", R"({"record":"load_mark","at_ns":"x"})",
                           R"({"record":"load_mark","kind":"half"})", R"({"record":"load_window","planned":-1})",
                           R"({"record":"load_window","latency":{"buckets":[[99999999,1]]}})", "\xff\xfe"}) {
    EXPECT_FALSE(record_from_json(line)) << line;
  }
}

TEST(RecordJson, IgnoresUnknownKeys) {
  EXPECT_TRUE(record_from_json(R"({"record":"load_mark","at_ns":1,"kind":"started","colour":"blue"})"));
}

TEST(RunInfoJson, RoundTrip) {
  RunInfo info;
  Filler{}.fill(info);
  const auto back = run_info_from_json(run_info_to_json(info));
  ASSERT_TRUE(back);
  EXPECT_EQ(run_info_to_json(*back), run_info_to_json(info));
  EXPECT_EQ(back->environment, info.environment);
  EXPECT_FALSE(run_info_from_json("not json"));
}

}  // namespace
}  // namespace surgeproof
