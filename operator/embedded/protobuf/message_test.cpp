#include "operator/embedded/protobuf/message.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/protobuf/limits.hpp"
#include "operator/embedded/protobuf/test_messages.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {
namespace {

Json field(const char* proto, const char* go, Json schema = Json::object()) {
  schema["x-proto"] = proto;
  schema["x-go"] = go;
  return schema;
}

Schema schema_with(const Json& properties, const Json& definitions = Json::object()) {
  auto schema = Schema::parse({{"type", "object"}, {"properties", properties}}, definitions);
  EXPECT_TRUE(schema.ok()) << (schema.ok() ? "" : schema.error());
  return *schema;
}

Json json_of(const Schema& schema, std::string_view message) {
  auto json = message_json(message, schema.root());
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error());
  return json.ok() ? *json : Json("error");
}

std::string error_of(const Schema& schema, std::string_view message) {
  auto json = message_json(message, schema.root());
  return json.ok() ? "no error: " + json->dump() : json.error();
}

const Json ints = {{"type", "array"}, {"items", {{"type", "integer"}}}};

TEST(Message, LeavesOutEmptyValuesAsTheTagsOfGoSay) {
  const Schema schema = schema_with({{"always", field("1 int32", " int32")},
                                     {"filled", field("2 int32", "e int32")},
                                     {"pointer", field("3 int32", "ep int32")},
                                     {"bare", field("4 int32", "p int32")}});
  EXPECT_EQ(json_of(schema, ""), (Json{{"always", 0}, {"bare", nullptr}}));
  EXPECT_EQ(json_of(schema, number(1, 0) + number(2, 0) + number(3, 0) + number(4, 0)),
            (Json{{"always", 0}, {"pointer", 0}, {"bare", 0}}));
  EXPECT_EQ(json_of(schema, number(1, 1) + number(2, 2) + number(3, 3) + number(4, 4)),
            (Json{{"always", 1}, {"filled", 2}, {"pointer", 3}, {"bare", 4}}));
}

TEST(Message, WritesWhatIsAbsentAsGoDoesWhereItIsNotLeftOut) {
  const Schema schema = schema_with({{"text", field("1 string", " string")},
                                     {"flag", field("2 bool", " bool")},
                                     {"bytes", field("3 bytes", " []uint8")},
                                     {"list", field("4 []int32", " []int32", ints)},
                                     {"map", field("5 map string", " map[string]string")},
                                     {"time", field("6 time", "e v1.Time")},
                                     {"gone", field("7 time", "ez v1.Time")},
                                     {"quantity", field("8 quantity", "e resource.Quantity")},
                                     {"port", field("9 int-or-string", " intstr.IntOrString")},
                                     {"raw", field("10 raw", "e runtime.RawExtension")}});
  const Json absent = {{"text", ""},      {"flag", false},   {"bytes", nullptr}, {"list", nullptr}, {"map", nullptr},
                       {"time", nullptr}, {"quantity", "0"}, {"port", 0},        {"raw", nullptr}};
  EXPECT_EQ(json_of(schema, ""), absent);
  EXPECT_EQ(json_of(schema, bytes(4, "") + bytes(6, "") + bytes(7, "")), absent) << "an empty packed list is none";
}

TEST(Message, AStructIsWrittenWithItsOwnZeroValues) {
  const Json inner = {{"type", "object"}, {"properties", {{"name", field("1 string", " string")}}}};
  const Schema schema = schema_with(
      {{"struct", field("1 message", "e v1.Inner", inner)}, {"pointer", field("2 message", "ep v1.Inner", inner)}});
  EXPECT_EQ(json_of(schema, ""), (Json{{"struct", {{"name", ""}}}}));
  EXPECT_EQ(json_of(schema, bytes(2, "")), (Json{{"struct", {{"name", ""}}}, {"pointer", {{"name", ""}}}}));
}

TEST(Message, NumbersKeepTheirSignAndWrapAsGoDoes) {
  const Schema schema = schema_with({{"a", field("1 int32", " int32")}, {"b", field("2 int64", " int64")}});
  EXPECT_EQ(json_of(schema, number(1, -7) + number(2, -9'000'000'000)), (Json{{"a", -7}, {"b", -9'000'000'000}}));
  EXPECT_EQ(json_of(schema, number(1, (1LL << 32) + 5)), (Json{{"a", 5}, {"b", 0}}));
}

TEST(Message, AListComesPackedOrNot) {
  const Schema schema = schema_with({{"list", field("1 []int32", "e []int32", ints)}});
  EXPECT_EQ(json_of(schema, number(1, 4) + bytes(1, varint(5) + varint(0)) + number(1, 6)),
            (Json{{"list", {4, 5, 0, 6}}}));
  EXPECT_EQ(error_of(schema, bytes(1, "\x80")), "unexpected EOF");
}

TEST(Message, AMapTakesTheLastOfAKeyAndWhatIsAbsentIsEmpty) {
  const Json amounts = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  const Schema schema = schema_with({{"texts", field("1 map string", "e map[string]string", amounts)},
                                     {"bytes", field("2 map bytes", "e map[string][]uint8", amounts)},
                                     {"amounts", field("3 map quantity", "e v1.ResourceList", amounts)}});
  EXPECT_EQ(json_of(schema, bytes(1, bytes(1, "a") + bytes(2, "1")) + bytes(1, bytes(2, "2") + bytes(1, "a"))),
            (Json{{"texts", {{"a", "2"}}}}));
  EXPECT_EQ(json_of(schema, bytes(1, "") + bytes(2, bytes(1, "k")) + bytes(3, bytes(1, "cpu"))),
            (Json{{"texts", {{"", ""}}}, {"bytes", {{"k", ""}}}, {"amounts", {{"cpu", "0"}}}}));
  EXPECT_EQ(json_of(schema, bytes(2, bytes(1, "k") + bytes(2, std::string("\0\xff", 2)))),
            (Json{{"bytes", {{"k", "AP8="}}}}));
  EXPECT_EQ(error_of(schema, bytes(1, number(1, 1))), "proto: wrong wireType = 0 for field texts");
  EXPECT_EQ(error_of(schema, number(1, 1)), "proto: wrong wireType = 0 for field texts");
}

TEST(Message, AMessageThatJsonDoesNotHaveGivesItsFieldsToTheOneAround) {
  const Schema schema = schema_with({{"name", field("1 string", " string")},
                                     {"path", field("2.1 string", "e string")},
                                     {"size", field("2.2 int64", "e int64")}});
  EXPECT_EQ(json_of(schema, bytes(2, bytes(1, "/tmp") + number(2, 9)) + bytes(1, "v")),
            (Json{{"name", "v"}, {"path", "/tmp"}, {"size", 9}}));
  EXPECT_EQ(json_of(schema, bytes(2, "")), (Json{{"name", ""}}));
  EXPECT_EQ(error_of(schema, number(2, 1)), "proto: wrong wireType = 0 for field 2");
}

TEST(Message, AMessageThatComesTwiceIsTheSumOfBoth) {
  const Json inner = {{"type", "object"},
                      {"properties",
                       {{"a", field("1 int32", " int32")},
                        {"b", field("2 int32", "e int32")},
                        {"list", field("3 []int32", " []int32", ints)}}}};
  const Schema schema = schema_with({{"inner", field("1 message", "ep v1.Inner", inner)}});
  EXPECT_EQ(json_of(schema, bytes(1, number(1, 1) + number(2, 2)) + bytes(1, number(2, 0) + number(3, 7))),
            (Json{{"inner", {{"a", 1}, {"list", {7}}}}}));
}

TEST(Message, PassesOverFieldsThatAreUnknown) {
  const Schema schema = schema_with({{"a", field("1 int32", " int32")}});
  EXPECT_EQ(json_of(schema, number(9, 1) + bytes(10, "x") + tag(11, 3) + tag(11, 4) + number(1, 1)), (Json{{"a", 1}}));
}

TEST(Message, RefusesAFieldOfAnotherWireType) {
  const Schema schema = schema_with({{"a", field("1 int32", " int32")}, {"b", field("2 []string", "e []string")}});
  EXPECT_EQ(error_of(schema, bytes(1, "x")), "proto: wrong wireType = 2 for field a");
  EXPECT_EQ(error_of(schema, tag(1, 5) + "1234"), "proto: wrong wireType = 5 for field a");
  EXPECT_EQ(error_of(schema, number(2, 1)), "proto: wrong wireType = 0 for field b");
}

TEST(Message, WhatIsNoUtf8IsReplacedByteByByteInValuesAndKeys) {
  const Schema schema = schema_with({{"a", field("1 string", " string")}, {"m", field("2 map string", "e map[]")}});
  EXPECT_EQ(json_of(schema, bytes(1, "\xff\xe4x\xed\xa0\x80") + bytes(2, bytes(1, "\xc0") + bytes(2, "ü"))),
            (Json{{"a", "\uFFFD\uFFFDx\uFFFD\uFFFD\uFFFD"}, {"m", {{"\uFFFD", "ü"}}}}));
}

TEST(Message, IsNotNestedWithoutBound) {
  const Json child = {{"$ref", "#/components/schemas/Tree"}, {"x-proto", "1 message"}, {"x-go", "ep v1.Tree"}};
  const Json tree = {{"type", "object"}, {"properties", {{"child", child}}}};
  auto schema = Schema::parse({{"$ref", "#/components/schemas/Tree"}}, {{"Tree", tree}});
  ASSERT_TRUE(schema.ok());
  auto nested = [](std::size_t depth) {
    std::string message;
    for (std::size_t i = 0; i < depth; ++i) message = bytes(1, message);
    return message;
  };
  EXPECT_TRUE(json_of(*schema, nested(limits::message_depth)).is_object());
  for (std::size_t depth : {limits::message_depth + 1, std::size_t{1000}}) {
    EXPECT_EQ(error_of(*schema, nested(depth)), "messages are nested deeper than 32 levels");
  }
}

TEST(Message, DoesNotBecomeMoreThanCouldEverBeStored) {
  const Json item = {{"type", "object"}, {"properties", {{"name", field("1 string", " string")}}}};
  const Schema schema =
      schema_with({{"list", field("1 []message", "e []v1.Item", {{"type", "array"}, {"items", item}})},
                   {"numbers", field("2 []int32", "e []int32", ints)}});
  std::string empty_items;
  for (int i = 0; i < 1'000'000; ++i) empty_items += bytes(1, "");
  EXPECT_EQ(error_of(schema, empty_items), "the message holds more than 786432 values");
  EXPECT_EQ(error_of(schema, bytes(2, std::string(3'000'000, '\1'))), "the message holds more than 786432 values");
}

}  // namespace
}  // namespace ork::embedded
