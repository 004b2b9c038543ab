#include "operator/runtime/event_reader.hpp"

#include <gtest/gtest.h>

#include "operator/runtime/limits.hpp"
#include "operator/runtime/line_buffer.hpp"
#include "operator/runtime/test_object.hpp"

namespace ork::runtime {
namespace {

using testing::bookmark;
using testing::event;
using testing::json_of;
using testing::object;
using Kind = WatchLine::Kind;

class EventReaderTest : public ::testing::Test {
 protected:
  WatchLine read(const std::string& line) {
    lines_.clear();
    EXPECT_TRUE(lines_.append(line + "\n"));
    const auto whole = lines_.next();
    EXPECT_TRUE(whole.has_value());
    return reader_.read_line(*whole, sink_);
  }
  Result<ListPage, std::string> read_page(const std::string& body) { return reader_.read_page(body, sink_); }

  LineBuffer lines_{limits::watch_line_bytes};
  EventReader reader_;
  testing::StoreSink sink_;
};

TEST_F(EventReaderTest, HandsObjectsOnWithWhatBecameOfThem) {
  const auto added = read(event("ADDED", json_of(object("a", "u1", 5))));
  EXPECT_EQ(added.kind, Kind::Object);
  EXPECT_EQ(added.ns, "ns");
  EXPECT_EQ(added.name, "a");
  EXPECT_EQ(added.resource_version, "5");
  EXPECT_EQ(read(event("MODIFIED", json_of(object("a", "u1", 6, "Running")))).change, ChangeType::Applied);
  EXPECT_EQ(sink_.store.find({"ns", "a"})->phase, "Running");
  EXPECT_EQ(read(event("DELETED", json_of(object("a", "u1", 7)))).change, ChangeType::Deleted);
  EXPECT_EQ(sink_.log, "+a+a-a");
}

TEST_F(EventReaderTest, ReadsAnEventWhoseKeysComeInAnyOrder) {
  const auto read_back =
      read(R"({"extra":[1,{"type":"no"}],"object":)" + json_of(object("a", "u1", 5)) + R"(,"type":"ADDED"})");
  EXPECT_EQ(read_back.kind, Kind::Object);
  EXPECT_EQ(read_back.resource_version, "5");
}

TEST_F(EventReaderTest, ReadsBookmarksWithoutShowingThemToTheSink) {
  const auto line = read(bookmark(77));
  EXPECT_EQ(line.kind, Kind::Bookmark);
  EXPECT_EQ(line.resource_version, "77");
  EXPECT_EQ(sink_.log, "");
}

TEST_F(EventReaderTest, ReadsErrorsWithCodeAndTheServersWish) {
  const auto gone = read(testing::error_event(410, "Expired"));
  EXPECT_EQ(gone.kind, Kind::Error);
  EXPECT_EQ(gone.error_code, 410);
  EXPECT_NE(gone.message.find("it says so"), std::string::npos);
  EXPECT_EQ(read(R"({"type":"ERROR","object":{"reason":"Expired"}})").error_code, 410);
  const auto busy = read(R"({"type":"ERROR","object":{"code":429,"details":{"retryAfterSeconds":7}}})");
  EXPECT_EQ(busy.error_code, 429);
  EXPECT_EQ(busy.retry_after, std::chrono::seconds{7});
  EXPECT_EQ(read(R"({"type":"ERROR","object":{}})").kind, Kind::Error);
}

TEST_F(EventReaderTest, CallsALineThatIsNoEventMalformed) {
  const std::string lines[] = {
      "<html>502 Bad Gateway</html>",
      "{",
      "}",
      "[]",
      "null",
      "\"ADDED\"",
      "{}",
      R"({"type":"ADDED"})",
      R"({"type":5,"object":{}})",
      R"({"object":{}})",
      R"({"type":"ADDED","object":5})",
      R"({"type":"ADDED","object":null})",
      R"({"type":"SOMETHING","object":{}})",
      R"({"type":"BOOKMARK","object":{}})",
      R"({"type":"BOOKMARK","object":{"metadata":{}}})",
      R"({"type":"ADDED","object":{"metadata":{"name":"a")",
      "{\"type\":\"ADDED\xff\",\"object\":{}}",
      std::string("\0\0\0", 3),
  };
  for (const auto& line : lines) {
    const auto read_back = read(line);
    EXPECT_EQ(read_back.kind, Kind::Malformed) << line;
    EXPECT_FALSE(read_back.message.empty()) << line;
  }
  EXPECT_EQ(sink_.store.size(), 0U);
}

TEST_F(EventReaderTest, EveryPrefixOfAnEventIsMalformedAndNothingIsReadFromIt) {
  const std::string whole = event("ADDED", json_of(object("a", "u1", 5)));
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EXPECT_EQ(read(whole.substr(0, length)).kind, Kind::Malformed) << length;
  }
  EXPECT_EQ(sink_.store.size(), 0U);
  EXPECT_EQ(read(whole).kind, Kind::Object);
}

struct BadObject {
  const char* what;
  const char* json;
  const char* name;
};

// Each leaves the decoder at another place of the object, and none may harm the next one.
const BadObject bad_objects[] = {
    {"no metadata", R"({"status":{"phase":"x"}})", ""},
    {"empty", "{}", ""},
    {"metadata is a string", R"({"metadata":"x","status":{"phase":"x"}})", ""},
    {"metadata is null", R"({"metadata":null})", ""},
    {"no uid",
     R"({"metadata":{"name":"bad","namespace":"ns","resourceVersion":"9","labels":{"a":["b"]}},"status":{"phase":"x"}})",
     "bad"},
    {"uid is an object",
     R"({"metadata":{"name":"bad","namespace":"ns","uid":{"a":[1,2]},"resourceVersion":"9"},"status":{"phase":"x"}})",
     "bad"},
    {"name is a number",
     R"({"metadata":{"name":5,"namespace":"ns","uid":"u9","resourceVersion":"9"},"status":{"phase":"x"}})", ""},
    {"status is a list",
     R"({"metadata":{"name":"bad","namespace":"ns","uid":"u9","resourceVersion":"9"},"status":[{"phase":"x"}]})",
     "bad"},
    {"phase is null",
     R"({"metadata":{"name":"bad","namespace":"ns","uid":"u9","resourceVersion":"9"},"status":{"phase":null,"more":{}}})",
     "bad"},
    {"phase is a lone surrogate",
     R"({"metadata":{"name":"bad","namespace":"ns","uid":"u9","resourceVersion":"9"},"status":{"phase":"\ud800"}})",
     "bad"},
    {"phase makes the decoder throw",
     R"({"metadata":{"name":"bad","namespace":"ns","uid":"u9","resourceVersion":"9"},"status":{"phase":"Throw"}})",
     "bad"},
};

TEST_F(EventReaderTest, AnUnreadableObjectIsNamedAndItsReasonGiven) {
  for (const auto& bad : bad_objects) {
    const auto line = read(event("MODIFIED", bad.json));
    ASSERT_EQ(line.kind, Kind::Unreadable) << bad.what;
    EXPECT_EQ(line.unreadable->name, bad.name) << bad.what;
    EXPECT_FALSE(line.unreadable->reason.empty()) << bad.what;
    if (*bad.name != '\0') {
      EXPECT_EQ(line.resource_version, "9") << bad.what;
    }
  }
}

TEST_F(EventReaderTest, AnUnreadableObjectInAPageHarmsNoOther) {
  for (const auto& bad : bad_objects) {
    testing::StoreSink sink;
    const auto page = reader_.read_page(
        testing::list(50, {json_of(object("a", "u1", 5)), bad.json, json_of(object("b", "u2", 6))}), sink);
    ASSERT_TRUE(page) << bad.what;
    EXPECT_EQ(page->objects, 3U) << bad.what;
    ASSERT_EQ(page->unreadable.size(), 1U) << bad.what;
    EXPECT_EQ(page->unreadable[0].name, bad.name) << bad.what;
    EXPECT_EQ(sink.store.size(), 2U) << bad.what;
    EXPECT_NE(sink.store.find({"ns", "b"}), nullptr) << bad.what;
  }
}

TEST_F(EventReaderTest, ReadsAPageWithItsTokenAndVersion) {
  const auto page = read_page(testing::list(50, {json_of(object("a", "u1", 5))}, "more"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->resource_version, "50");
  EXPECT_EQ(page->continue_token, "more");
  EXPECT_EQ(sink_.store.size(), 1U);
}

TEST_F(EventReaderTest, ReadsAPageWhoseItemsAreEmptyNullOrBeforeTheMetadata) {
  EXPECT_TRUE(read_page(R"({"metadata":{"resourceVersion":"1"},"items":[]})"));
  EXPECT_TRUE(read_page(R"({"metadata":{"resourceVersion":"1"},"items":null})"));
  EXPECT_TRUE(read_page(R"({"items":[)" + json_of(object("a", "u1", 5)) + R"(],"metadata":{"resourceVersion":"1"}})"));
  EXPECT_EQ(sink_.store.size(), 1U);
}

TEST_F(EventReaderTest, RefusesABodyThatIsNoList) {
  const std::string bodies[] = {
      "",
      "{",
      "[]",
      "nothing",
      "{}",
      R"({"items":[]})",
      R"({"metadata":{},"items":[]})",
      R"({"metadata":{"resourceVersion":"1"}})",
      R"({"metadata":{"resourceVersion":"1"},"items":{}})",
      R"({"metadata":{"resourceVersion":5},"items":[]})",
      R"({"metadata":{"resourceVersion":"1"},"items":[{"a":1})",
  };
  for (const auto& body : bodies) {
    const auto page = read_page(body);
    EXPECT_FALSE(page) << body;
    if (!page) {
      EXPECT_NE(page.error().find("no list"), std::string::npos) << body;
    }
  }
}

TEST_F(EventReaderTest, CutsOfAPageNeverReadAsAWholeList) {
  const std::string whole = testing::list(50, {json_of(object("a", "u1", 5)), json_of(object("b", "u2", 6))});
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    EXPECT_FALSE(read_page(whole.substr(0, length))) << length;
  }
}

TEST_F(EventReaderTest, ItemsThatAreNoObjectsAreUnreadable) {
  const auto page = read_page(R"({"metadata":{"resourceVersion":"1"},"items":[5,"x",null,[{}],)" +
                              json_of(object("a", "u1", 5)) + "]}");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->unreadable.size(), 4U);
  EXPECT_EQ(sink_.store.size(), 1U);
}

TEST_F(EventReaderTest, ReadsALargeLineAndThenSmallOnesAgain) {
  auto large = object("large", "u1", 5);
  large.phase = std::string(3U << 20U, 'x');
  EXPECT_EQ(read(event("ADDED", json_of(large))).kind, Kind::Object);
  EXPECT_EQ(sink_.store.find({"ns", "large"})->phase.size(), 3U << 20U);
  EXPECT_EQ(read(event("ADDED", json_of(object("small", "u2", 6)))).kind, Kind::Object);
}

}  // namespace
}  // namespace ork::runtime
