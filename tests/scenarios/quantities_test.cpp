#include "scenarios/reading/quantities.h"

#include <gtest/gtest.h>

namespace surgeproof::reading {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string outcome(const std::expected<T, Complaint>& result) {
  if (result) return "ok";
  return result.error().hint.empty() ? result.error().message : result.error().message + "; " + result.error().hint;
}

TEST(Quantities, Rates) {
  struct Row {
    const char* text;
    double per_second;
  };
  for (const auto& [text, per_second] :
       {Row{"400/s", 400}, Row{"24000/min", 400}, Row{"60/m", 1}, Row{"3600/h", 1}, Row{"0.5/s", 0.5},
        Row{".5/sec", 0.5}, Row{"0/s", 0}, Row{"10000000/s", 1e7}, Row{"600000000/min", 1e7}}) {
    const auto rate = read_rate(text);
    ASSERT_TRUE(rate) << text << ": " << rate.error().message;
    EXPECT_DOUBLE_EQ(rate->per_second, per_second) << text;
  }
  struct Bad {
    const char* text;
    const char* why;
  };
  constexpr const char* kForm = "write a number with /s, /min or /h, as in 400/s";
  for (const auto& [text, why] :
       {Bad{"400", "a rate needs a unit; write 400/s or 400/min"}, Bad{"0", "a rate needs a unit; write 0/s or 0/min"},
        Bad{"400 /s", "a rate has no space in it; write 400/s"}, Bad{"-1/s", "a rate may not be negative"},
        Bad{"10000001/s", "is more than 10000000/s, the highest rate that can be planned"},
        Bad{"99999999999999999999999999999999999999999/s",
            "is more than 10000000/s, the highest rate that can be planned"}}) {
    EXPECT_EQ(outcome(read_rate(text)), why) << text;
  }
  for (const std::string text :
       {"", "fast", "/s", "nan/s", "inf/s", "1e3/s", "400/d", "400rps", "4/0/s", "--1/s", "+1/s", "1.2.3/s"}) {
    EXPECT_EQ(outcome(read_rate(text)), "\"" + text + "\" is no rate; " + kForm) << text;
  }
}

TEST(Quantities, Durations) {
  EXPECT_EQ(read_duration("1m30s", Zero::refused), 90s);
  EXPECT_EQ(read_duration("0s", Zero::allowed), 0s);
  EXPECT_EQ(read_duration("168h", Zero::refused), 168h);
  struct Bad {
    const char* text;
    const char* why;
  };
  for (const auto& [text, why] :
       {Bad{"30", "a duration needs a unit; write 30s, 30m or 30h"},
        Bad{"30 s", "a duration has no space in it; write 30s"}, Bad{"-1s", "a duration may not be negative"},
        Bad{"0s", "must be longer than 0"}, Bad{"0", "must be longer than 0"}, Bad{"169h", "is longer than 7 days"},
        Bad{"8d", "is longer than 7 days"}, Bad{"99999999999999999999999999d", "is longer than 7 days"},
        Bad{"soon", "\"soon\" is no duration; write a number with ms, s, m or h, as in 30s or 1m30s"}}) {
    EXPECT_EQ(outcome(read_duration(text, Zero::refused)), why) << text;
  }
}

TEST(Quantities, Shares) {
  EXPECT_DOUBLE_EQ(read_percent("0.1%")->value, 0.001);
  EXPECT_DOUBLE_EQ(read_percent("100%")->value, 1);
  EXPECT_EQ(outcome(read_percent("0.1")), "a share needs a percent sign; write 0.1%");
  EXPECT_EQ(outcome(read_percent("1 %")), "a share has no space in it; write 1%");
  EXPECT_EQ(outcome(read_percent("101%")), "must lie between 0% and 100%");
  EXPECT_EQ(outcome(read_percent("-1%")), "must lie between 0% and 100%");
  EXPECT_EQ(outcome(read_percent("few")), "\"few\" is no share; write a number with %, as in 0.1%");
}

TEST(Quantities, Numbers) {
  EXPECT_EQ(read_integer("5", 1, 10), 5);
  EXPECT_EQ(outcome(read_integer("0", 1, 10)), "must lie between 1 and 10");
  EXPECT_EQ(outcome(read_integer("99999999999999999999", 1, 10)), "must lie between 1 and 10");
  for (const char* text : {"", "5.0", "five", "5 pods", "0x5", "+5"}) {
    EXPECT_EQ(outcome(read_integer(text, 1, 10)), "\"" + std::string{text} + "\" is no whole number");
  }
  EXPECT_EQ(read_number("0.1", 10), 0.1);
  EXPECT_EQ(outcome(read_number("-1", 10)), "may not be negative");
  EXPECT_EQ(outcome(read_number("11", 10)), "is more than 10");
  EXPECT_EQ(outcome(read_number("nan", 10)), "\"nan\" is no number");
  EXPECT_EQ(read_boolean("true"), true);
  EXPECT_EQ(read_boolean("FALSE"), false);
  EXPECT_EQ(outcome(read_boolean("yes")), "\"yes\" is neither true nor false; write true or false");
}

TEST(Quantities, ValuesOfSignals) {
  struct Good {
    const char* text;
    SignalValue value;
    const char* shown;
  };
  for (const auto& [text, value, shown] :
       {Good{"0", {0, ValueUnit::none}, "0"}, Good{"-3.5", {-3.5, ValueUnit::none}, "-3.5"},
        Good{"1s", {1, ValueUnit::seconds}, "1s"}, Good{"250ms", {0.25, ValueUnit::seconds}, "250ms"},
        Good{"5m", {300, ValueUnit::seconds}, "5m"}, Good{"5%", {0.05, ValueUnit::ratio}, "5%"},
        Good{"120%", {1.2, ValueUnit::ratio}, "120%"}, Good{"24000/min", {400, ValueUnit::per_second}, "400/s"},
        Good{"128Mi", {134217728, ValueUnit::bytes}, "128Mi"}, Good{"1.5GB", {1.5e9, ValueUnit::bytes}, "1.397Gi"},
        Good{"10B", {10, ValueUnit::bytes}, "10 bytes"}}) {
    const auto read = read_signal_value(text);
    ASSERT_TRUE(read) << text << ": " << read.error().message;
    EXPECT_DOUBLE_EQ(read->value, value.value) << text;
    EXPECT_EQ(read->unit, value.unit) << text;
    EXPECT_EQ(format_value(*read), shown) << text;
  }
  for (const std::string text : {"", "fast", "%", "1e3", "nan", "5%%", "1/d", "1Xi", "s"}) {
    EXPECT_EQ(outcome(read_signal_value(text)),
              "\"" + text + "\" is no value; write a number, alone or with a unit: 1s, 250ms, 5%, 400/s, 128Mi, 1.5GB")
        << text;
  }
}

}  // namespace
}  // namespace surgeproof::reading
