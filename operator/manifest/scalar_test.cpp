#include "operator/manifest/scalar.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace ork::manifest {
namespace {

std::string value_of(std::string_view tag, std::string_view text) {
  const auto value = scalar_value(tag, text);
  return value ? value->dump() : "error: " + value.error();
}

std::string plain(std::string_view text) { return value_of("?", text); }

struct Case {
  std::string_view text;
  std::string_view json;
};

// What `kubectl create --dry-run=client -o json` shows of the same scalar.
TEST(Scalar, IsNullWhereNothingOrAWordForItIsWritten) {
  for (const std::string_view text : {"", "~", "null", "Null", "NULL"}) EXPECT_EQ(plain(text), "null") << text;
  EXPECT_EQ(plain("nUll"), R"("nUll")");
}

TEST(Scalar, IsABooleanByTheWordsOfYaml11) {
  for (const std::string_view text : {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}) {
    EXPECT_EQ(plain(text), "true") << text;
  }
  for (const std::string_view text : {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}) {
    EXPECT_EQ(plain(text), "false") << text;
  }
  for (const std::string_view text : {"oN", "tRue", "yeS", "nO", "yess"}) {
    EXPECT_EQ(plain(text), "\"" + std::string(text) + "\"");
  }
}

TEST(Scalar, IsAnIntegerInTheBasesOfGo) {
  constexpr std::array cases = {
      Case{"1", "1"},
      Case{"+1", "1"},
      Case{"-0", "0"},
      Case{"00", "0"},
      Case{"017", "15"},
      Case{"-017", "-15"},
      Case{"0o17", "15"},
      Case{"0O17", "15"},
      Case{"0x1F", "31"},
      Case{"0X1f", "31"},
      Case{"+0x10", "16"},
      Case{"0b101", "5"},
      Case{"-0b101", "-5"},
      Case{"1_000", "1000"},
      Case{"1__0_", "10"},
      Case{"0x_1", "1"},
      Case{"0_7", "7"},
      Case{"9223372036854775807", "9223372036854775807"},
      Case{"-9223372036854775808", "-9223372036854775808"},
      // No digits of that base: a decimal number with leading zeros, or no number at all.
      Case{"08", "8"},
      Case{"0888", "888"},
      Case{"0o8", R"("0o8")"},
      Case{"0o", R"("0o")"},
      Case{"0x", R"("0x")"},
      Case{"_1", R"("_1")"},
      Case{"+", R"("+")"},
      Case{"1:30", R"("1:30")"},
  };
  for (const Case& c : cases) EXPECT_EQ(plain(c.text), c.json) << c.text;
}

TEST(Scalar, IsAFloatWhereNoIntegerOf64BitsHoldsIt) {
  constexpr std::array cases = {
      Case{"1.5", "1.5"},
      Case{".5", "0.5"},
      Case{"-.5", "-0.5"},
      Case{"+.5", "0.5"},
      Case{".5_0", "0.5"},
      Case{"1_0.5_0", "10.5"},
      Case{"1e-7", "1e-07"},
      Case{"1.5e300", "1.5e+300"},
      Case{"1e-400", "0"},
      Case{"1e20", "1e+20"},
      Case{"9223372036854775808", "9.223372036854776e+18"},
      Case{"18446744073709551615", "1.8446744073709552e+19"},
      Case{"123456789012345678901234", "1.2345678901234569e+23"},
      Case{"0777777777777777777777777", "7.777777777777778e+23"},
      Case{"1e400", R"("1e400")"},
      Case{"1e", R"("1e")"},
      Case{".e1", R"(".e1")"},
      Case{".", R"(".")"},
      Case{"1.5.2", R"("1.5.2")"},
  };
  for (const Case& c : cases) EXPECT_EQ(plain(c.text), c.json) << c.text;
}

TEST(Scalar, IsAnIntegerWhereAFloatIsWhole) {
  constexpr std::array cases = {Case{"1.0", "1"},     Case{"1.", "1"},        Case{"1e3", "1000"},
                                Case{"1E+3", "1000"}, Case{"12e03", "12000"}, Case{"-0.0", "0"}};
  for (const Case& c : cases) EXPECT_EQ(plain(c.text), c.json) << c.text;
}

TEST(Scalar, StaysTextWhereItIsADate) {
  for (const std::string_view text : {"2026-01-01", "2026-01-01T00:00:00Z", "2026-1-1", "2026-01-01 10:00:00"}) {
    EXPECT_EQ(plain(text), "\"" + std::string(text) + "\"");
  }
}

TEST(Scalar, IsTextInQuotesWhateverItSays) {
  for (const std::string_view text : {"1", "true", "null", "", "2026-01-01", ".inf"}) {
    EXPECT_EQ(value_of("!", text), "\"" + std::string(text) + "\"");
  }
}

TEST(Scalar, IsWhatItsTagSays) {
  EXPECT_EQ(value_of("tag:yaml.org,2002:str", "123"), R"("123")");
  EXPECT_EQ(value_of("tag:yaml.org,2002:int", "3"), "3");
  EXPECT_EQ(value_of("tag:yaml.org,2002:float", "3"), "3");
  EXPECT_EQ(value_of("tag:yaml.org,2002:bool", "yes"), "true");
  EXPECT_EQ(value_of("tag:yaml.org,2002:null", ""), "null");
  EXPECT_EQ(value_of("!own", "123"), R"("123")");
  EXPECT_EQ(value_of("tag:yaml.org,2002:int", "abc"), R"(error: "abc" can't be read as !!int)");
  EXPECT_EQ(value_of("tag:yaml.org,2002:binary", "aGk="),
            "error: !!binary is not supported: write the base64 text as a string");
}

TEST(Scalar, IsRefusedWhereJsonHasNoSuchNumber) {
  EXPECT_EQ(plain(".inf"), R"(error: ".inf" is no number that JSON can hold: put it in quotes)");
  for (const std::string_view text : {"+.Inf", "-.INF", ".NaN"}) EXPECT_FALSE(scalar_value("?", text).ok()) << text;
}

TEST(ScalarKey, IsTheTextOfWhatIsWritten) {
  constexpr std::array cases = {Case{"name", "name"},
                                Case{"1", "1"},
                                Case{"0x10", "16"},
                                Case{"1.5", "1.5"},
                                Case{"1000000.0", "1e+06"},
                                Case{"4e47", ".inf"},
                                Case{"-4e47", "-.inf"},
                                Case{"yes", "true"},
                                Case{"2026-01-01", "2026-01-01"}};
  for (const Case& c : cases) {
    const auto key = scalar_key("?", c.text);
    ASSERT_TRUE(key.ok()) << c.text;
    EXPECT_EQ(*key, c.json);
  }
  EXPECT_EQ(*scalar_key("!", ""), "");
  EXPECT_FALSE(scalar_key("?", "~").ok());
  EXPECT_FALSE(scalar_key("?", "").ok());
}

}  // namespace
}  // namespace ork::manifest
