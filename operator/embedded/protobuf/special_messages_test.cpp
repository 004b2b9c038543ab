#include "operator/embedded/protobuf/special_messages.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/protobuf/test_messages.hpp"

namespace ork::embedded {
namespace {

Json json_of(ProtoType type, std::string_view message) {
  auto json = special_message_json(type, message);
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error());
  return json.ok() ? *json : Json("error");
}

std::string error_of(ProtoType type, std::string_view message) {
  auto json = special_message_json(type, message);
  return json.ok() ? "no error: " + json->dump() : json.error();
}

constexpr std::int64_t zero_time = -62'135'596'800;

TEST(SpecialMessages, ATimeIsATextToTheSecond) {
  EXPECT_EQ(json_of(ProtoType::Time, number(1, 1)), "1970-01-01T00:00:01Z");
  EXPECT_EQ(json_of(ProtoType::Time, number(1, 1'700'000'000) + number(2, 999'999'999)), "2023-11-14T22:13:20Z");
  EXPECT_EQ(json_of(ProtoType::Time, number(1, -1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(json_of(ProtoType::Time, number(2, 0)), "1970-01-01T00:00:00Z") << "not empty, so it is the epoch";
}

TEST(SpecialMessages, GoZeroTimeIsNull) {
  EXPECT_EQ(json_of(ProtoType::Time, ""), nullptr);
  EXPECT_EQ(json_of(ProtoType::Time, number(1, zero_time)), nullptr);
  EXPECT_EQ(json_of(ProtoType::MicroTime, ""), nullptr);
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, zero_time)), nullptr);
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, zero_time) + number(2, 1000)), "0001-01-01T00:00:00.000001Z");
}

TEST(SpecialMessages, AMicroTimeHasSixDigitsAndCarriesNanosecondsBeyondASecond) {
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, 1)), "1970-01-01T00:00:01.000000Z");
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, 1) + number(2, 123'456'789)), "1970-01-01T00:00:01.123456Z");
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, 1) + number(2, 2'000'000'000)), "1970-01-01T00:00:03.000000Z");
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, 1) + number(2, -5000)), "1970-01-01T00:00:00.999995Z");
  EXPECT_EQ(json_of(ProtoType::MicroTime, number(1, 1) + number(2, -1'000'000'000)), "1970-01-01T00:00:00.000000Z");
}

TEST(SpecialMessages, ATimeBeyondTheYearsOfRfc3339IsAnError) {
  EXPECT_EQ(json_of(ProtoType::Time, number(1, zero_time - 1)), "0000-12-31T23:59:59Z");
  EXPECT_EQ(json_of(ProtoType::Time, number(1, 253'402'300'799)), "9999-12-31T23:59:59Z");
  const std::string wrong = "year outside of range [0,9999]";
  EXPECT_EQ(error_of(ProtoType::Time, number(1, 253'402'300'800)), wrong);
  EXPECT_EQ(error_of(ProtoType::Time, number(1, -62'167'219'201)), wrong);
  EXPECT_EQ(error_of(ProtoType::MicroTime, number(1, 253'402'300'799) + number(2, 1'000'000'000)), wrong);
  EXPECT_EQ(error_of(ProtoType::MicroTime, number(1, -62'167'219'200) + number(2, -1'000)), wrong);
  for (std::int64_t edge : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    for (std::int64_t nanos : {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
      EXPECT_EQ(error_of(ProtoType::MicroTime, number(1, edge) + number(2, nanos)), wrong);
    }
  }
}

TEST(SpecialMessages, ADurationIsWrittenAsGoWritesIt) {
  auto duration = [](std::int64_t nanos) { return json_of(ProtoType::Duration, number(1, nanos)); };
  EXPECT_EQ(json_of(ProtoType::Duration, ""), "0s");
  EXPECT_EQ(duration(1), "1ns");
  EXPECT_EQ(duration(1'100), "1.1µs");
  EXPECT_EQ(duration(2'200'000), "2.2ms");
  EXPECT_EQ(duration(3'300'000'000), "3.3s");
  EXPECT_EQ(duration(245'001'000'000), "4m5.001s");
  EXPECT_EQ(duration(3'600'000'000'000), "1h0m0s");
  EXPECT_EQ(duration(-90'000'000'000), "-1m30s");
  EXPECT_EQ(duration(std::numeric_limits<std::int64_t>::min()), "-2562047h47m16.854775808s");
  EXPECT_EQ(duration(std::numeric_limits<std::int64_t>::max()), "2562047h47m16.854775807s");
}

TEST(SpecialMessages, AQuantityIsTheTextThatWasSentAndZeroWithout) {
  EXPECT_EQ(json_of(ProtoType::Quantity, bytes(1, "1500m")), "1500m");
  EXPECT_EQ(json_of(ProtoType::Quantity, ""), "0");
  EXPECT_EQ(error_of(ProtoType::Quantity, bytes(1, "")),
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

TEST(SpecialMessages, AnIntOrStringIsWhatItsTypeSays) {
  EXPECT_EQ(json_of(ProtoType::IntOrString, ""), 0);
  EXPECT_EQ(json_of(ProtoType::IntOrString, number(1, 0) + number(2, 8080) + bytes(3, "not me")), 8080);
  EXPECT_EQ(json_of(ProtoType::IntOrString, number(2, -1)), -1);
  EXPECT_EQ(json_of(ProtoType::IntOrString, number(1, 1) + number(2, 8080) + bytes(3, "10%")), "10%");
  EXPECT_EQ(json_of(ProtoType::IntOrString, number(1, 1)), "");
  EXPECT_EQ(error_of(ProtoType::IntOrString, number(1, 2)), "impossible IntOrString.Type");
}

TEST(SpecialMessages, RawIsTheJsonInsideAndNullWithout) {
  EXPECT_EQ(json_of(ProtoType::Raw, bytes(1, R"({"a": [1, null]})")), (Json{{"a", {1, nullptr}}}));
  EXPECT_EQ(json_of(ProtoType::Raw, bytes(1, "null")), nullptr);
  EXPECT_EQ(json_of(ProtoType::Raw, ""), nullptr);
  EXPECT_EQ(error_of(ProtoType::Raw, bytes(1, "")), "raw is not JSON");
  EXPECT_EQ(error_of(ProtoType::Raw, bytes(1, R"({"a":)")), "raw is not JSON");
  EXPECT_EQ(error_of(ProtoType::Raw, bytes(1, R"({"a":1} 2)")), "raw is not JSON");
  EXPECT_EQ(error_of(ProtoType::Raw, bytes(1, "\"\xff\"")), "raw is not JSON");
}

TEST(SpecialMessages, RawIsNotNestedWithoutBound) {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(json_of(ProtoType::Raw, bytes(1, nested(limits::raw_depth))).is_array());
  for (std::size_t depth : {limits::raw_depth + 2, std::size_t{3'000'000}}) {
    EXPECT_EQ(error_of(ProtoType::Raw, bytes(1, nested(depth))), "raw is nested deeper than 128 levels");
  }
}

TEST(SpecialMessages, RefuseFieldsOfAnotherWireTypeAndPassOverUnknownOnes) {
  EXPECT_EQ(error_of(ProtoType::Time, bytes(1, "x")), "proto: wrong wireType = 2 for field seconds");
  EXPECT_EQ(error_of(ProtoType::Quantity, number(1, 1)), "proto: wrong wireType = 0 for field string");
  EXPECT_EQ(error_of(ProtoType::IntOrString, number(3, 1)), "proto: wrong wireType = 0 for field strVal");
  EXPECT_EQ(error_of(ProtoType::Duration, tag(1, 0)), "unexpected EOF");
  EXPECT_EQ(json_of(ProtoType::Quantity, number(9, 1) + bytes(1, "1")), "1");
  EXPECT_EQ(json_of(ProtoType::Quantity, bytes(1, "\xff")), "\uFFFD");
}

}  // namespace
}  // namespace ork::embedded
