#include "operator/embedded/protobuf/wire.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "operator/embedded/protobuf/test_messages.hpp"

namespace ork::embedded {
namespace {

std::vector<WireField> fields_of(std::string_view message) {
  WireReader reader(message);
  std::vector<WireField> fields;
  for (WireField field; reader.next(field);) fields.push_back(field);
  EXPECT_EQ(reader.error(), "");
  return fields;
}

std::string error_of(std::string_view message) {
  WireReader reader(message);
  WireField field;
  while (reader.next(field)) {
  }
  EXPECT_FALSE(reader.next(field)) << "nothing comes after an error";
  return reader.error();
}

TEST(WireReader, GivesFieldsInTheOrderInWhichTheyCome) {
  const std::string message = number(3, 300) + bytes(1, "text") + number(536870911, -1);
  const auto fields = fields_of(message);
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields[0].number, 3u);
  EXPECT_EQ(fields[0].type, WireType::Varint);
  EXPECT_EQ(fields[0].varint, 300u);
  EXPECT_EQ(fields[1].type, WireType::Bytes);
  EXPECT_EQ(fields[1].bytes, "text");
  EXPECT_EQ(fields[2].number, 536870911u);
  EXPECT_EQ(fields[2].varint, std::numeric_limits<std::uint64_t>::max());
}

TEST(WireReader, AnEmptyMessageHasNoField) { EXPECT_EQ(fields_of("").size(), 0u); }

TEST(WireReader, PassesOverFixedNumbersAndGroups) {
  const std::string group = tag(5, 3) + number(1, 7) + tag(6, 3) + bytes(2, "x") + tag(6, 4) + tag(5, 4);
  const std::string message = tag(1, 1) + "12345678" + tag(2, 5) + "1234" + group + number(4, 1);
  const auto fields = fields_of(message);
  ASSERT_EQ(fields.size(), 4u);
  EXPECT_EQ(fields[2].type, WireType::StartGroup);
  EXPECT_EQ(fields[3].number, 4u);
}

TEST(WireReader, AGroupMayBeAsDeepAsTheBodyIsLong) {
  std::string message;
  for (int i = 0; i < 1'000'000; ++i) message += tag(1, 3);
  EXPECT_EQ(error_of(message), "unexpected EOF");
}

TEST(WireReader, SaysHowAMessageIsBroken) {
  EXPECT_EQ(error_of(tag(1, 0)), "unexpected EOF");
  EXPECT_EQ(error_of("\xff"), "unexpected EOF");
  EXPECT_EQ(error_of(tag(1, 1) + "1234567"), "unexpected EOF");
  EXPECT_EQ(error_of(tag(1, 5) + "123"), "unexpected EOF");
  EXPECT_EQ(error_of(tag(1, 2) + varint(5) + "four"), "unexpected EOF");
  EXPECT_EQ(error_of(tag(1, 2) + varint(std::numeric_limits<std::int64_t>::max())), "unexpected EOF");
  EXPECT_EQ(error_of(tag(1, 2) + varint(std::numeric_limits<std::uint64_t>::max())),
            "proto: negative length found during unmarshaling");
  EXPECT_EQ(error_of(tag(1, 0) + std::string(10, '\xff') + "\x01"), "proto: integer overflow");
  EXPECT_EQ(error_of(tag(0, 2) + varint(0)), "proto: illegal tag 0 (wire type 2)");
  EXPECT_EQ(error_of(varint(0x80000000ULL << 3U)), "proto: illegal tag -2147483648 (wire type 17179869184)");
  EXPECT_EQ(error_of(tag(1, 6)), "proto: illegal wireType 6");
  EXPECT_EQ(error_of(tag(1, 7)), "proto: illegal wireType 7");
  EXPECT_EQ(error_of(tag(1, 4)), "proto: wiretype end group for non-group");
  EXPECT_EQ(error_of(tag(1, 3) + tag(1, 2) + varint(9)), "unexpected EOF");
}

TEST(WireReader, ReadsPackedNumbersToTheirEnd) {
  const std::string list = varint(1) + varint(300) + varint(0);
  WireReader reader(list);
  std::vector<std::uint64_t> values;
  for (std::uint64_t value = 0; reader.next_packed(value);) values.push_back(value);
  EXPECT_EQ(values, (std::vector<std::uint64_t>{1, 300, 0}));
  EXPECT_EQ(reader.error(), "");
}

}  // namespace
}  // namespace ork::embedded
