#include "controllers/api/index_set.hpp"

#include <gtest/gtest.h>

namespace ork::api {
namespace {

TEST(IndexSet, ReadsWhatKubernetesWrites) {
  const struct {
    const char* text;
    std::int64_t size;
    const char* written;
  } cases[] = {{"", 0, ""},
               {"0", 1, "0"},
               {"0-4,7", 6, "0-4,7"},
               {"3,4", 2, "3,4"},
               {"0,1,2", 3, "0-2"},
               {"3-4", 2, "3,4"},
               {"5-5", 1, "5"},
               {"0-99999", 100'000, "0-99999"},
               {"1,3,5,7-9", 6, "1,3,5,7-9"}};
  for (const auto& c : cases) {
    const auto set = IndexSet::parse(c.text);
    ASSERT_TRUE(set) << c.text;
    EXPECT_EQ(set->size(), c.size) << c.text;
    EXPECT_EQ(set->format(), c.written);
  }
}

TEST(IndexSet, RefusesWhatIsNoListOfRisingRanges) {
  for (const char* text : {"-", "-1", "a", "1,", ",1", "1-", "4-1", "3,1", "1,1", "0-4,3", "1;2", "1-2-3", " 1", "1 ",
                           "0-99999999999999999999", "0-9223372036854775807", "2147483648", "0x1", "1,,2"}) {
    EXPECT_EQ(IndexSet::parse(text), std::nullopt) << text;
  }
}

TEST(IndexSet, AllIsOneRange) {
  EXPECT_EQ(IndexSet::all(5).format(), "0-4");
  EXPECT_EQ(IndexSet::all(100'000).ranges().size(), 1u);
  EXPECT_TRUE(IndexSet::all(0).empty());
  EXPECT_TRUE(IndexSet::all(-1).empty());
}

TEST(IndexSet, InsertJoinsNeighbours) {
  IndexSet set;
  for (const std::int64_t index : {2, 0, 4, 1, 1, 3}) set.insert(index);
  EXPECT_EQ(set.format(), "0-4");
  EXPECT_EQ(set.ranges().size(), 1u);
}

TEST(IndexSet, BelowCutsAtTheBound) {
  const IndexSet set = *IndexSet::parse("0-4,7,9-12");
  EXPECT_EQ(set.below(10).format(), "0-4,7,9");
  EXPECT_EQ(set.below(8).format(), "0-4,7");
  EXPECT_EQ(set.below(0).format(), "");
  EXPECT_EQ(set.below(100), set);
}

}  // namespace
}  // namespace ork::api
