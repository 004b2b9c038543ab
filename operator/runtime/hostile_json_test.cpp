// Whatever bytes a server (or something between us and it) sends, the reader must neither crash nor
// lose the next event. Every mutation of every byte of a real-looking event and page goes through
// two kinds of sinks; under the sanitizers this also shows any read beyond the buffers.

#include <gtest/gtest.h>

#include <string>

#include "operator/runtime/event_reader.hpp"
#include "operator/runtime/limits.hpp"
#include "operator/runtime/line_buffer.hpp"
#include "operator/runtime/test_object.hpp"

namespace ork::runtime {
namespace {

using testing::event;
using testing::json_of;
using testing::object;

// Walks through all of the object, every value, the way decoders with exceptions do.
class WalkingSink final : public Sink {
 public:
  void list_started() override {}
  void list_finished(std::string_view) override {}
  void object_unreadable(ChangeType, const Unreadable&) override {}
  Result<ObjectRef, DecodeError> object_seen(ChangeType, simdjson::ondemand::object& json) override {
    std::size_t seen = 0;
    walk(json, seen);
    return ObjectRef{"ns", "name", std::to_string(seen)};
  }

 private:
  static void walk(simdjson::ondemand::object json, std::size_t& seen) {
    for (auto field : json) {
      seen += std::string_view{field.unescaped_key()}.size();
      walk_value(field.value(), seen);
    }
  }
  static void walk_value(simdjson::ondemand::value value, std::size_t& seen) {
    switch (value.type()) {
      case simdjson::ondemand::json_type::object: return walk(value.get_object(), seen);
      case simdjson::ondemand::json_type::array:
        for (simdjson::ondemand::value item : value.get_array()) walk_value(item, seen);
        return;
      case simdjson::ondemand::json_type::string: seen += std::string_view{value.get_string()}.size(); return;
      case simdjson::ondemand::json_type::number:
        seen += static_cast<std::size_t>(double{value.get_double()} != 0);
        return;
      case simdjson::ondemand::json_type::boolean: seen += static_cast<std::size_t>(bool{value.get_bool()}); return;
      case simdjson::ondemand::json_type::null: seen += static_cast<std::size_t>(value.is_null()); return;
    }
  }
};

std::string rich_object() {
  return R"({"kind":"Thing","apiVersion":"v1","metadata":{"name":"a\"b","namespace":"ns","uid":"u1","resourceVersion":"5",)"
         R"("labels":{"x":"é\n","y":""},"ownerReferences":[{"uid":"o","controller":true},{}]},)"
         R"("spec":{"n":-1.5e3,"deep":[[[],[1,2]],{"k":null}]},"status":{"phase":"Running","flags":[true,false]}})";
}

// Calls check(mutation) with every byte dropped, doubled and replaced, and every cut of the text.
template <typename Check>
void mutate(const std::string& text, Check check) {
  static const std::string replacements = "{}[],:\"\\0tn \xff\xc3" + std::string(1, '\0');
  for (std::size_t at = 0; at < text.size(); ++at) {
    check(text.substr(0, at));
    check(text.substr(0, at) + text.substr(at + 1));
    check(text.substr(0, at) + text[at] + text.substr(at));
    for (const char c : replacements) {
      std::string changed = text;
      changed[at] = c;
      check(changed);
    }
  }
}

template <typename AnySink>
void expect_lines_survive() {
  EventReader reader;
  LineBuffer lines(limits::watch_line_bytes);
  const auto read = [&](const std::string& text, Sink& sink) {
    lines.clear();
    EXPECT_TRUE(lines.append(text + "\n"));
    WatchLine last;
    while (const auto line = lines.next()) last = reader.read_line(*line, sink);
    return last;
  };
  const std::string good = event("ADDED", json_of(object("good", "u9", 9)));
  int malformed = 0;
  for (const auto& text :
       {event("MODIFIED", rich_object()), testing::bookmark(7), testing::error_event(500, "InternalError")}) {
    mutate(text, [&](const std::string& mutation) {
      AnySink sink;
      malformed += read(mutation, sink).kind == WatchLine::Kind::Malformed ? 1 : 0;
      ASSERT_EQ(read(good, sink).kind, WatchLine::Kind::Object) << mutation;
    });
  }
  EXPECT_GT(malformed, 1'000);
}

template <typename AnySink>
void expect_pages_survive() {
  EventReader reader;
  const std::string good = testing::list(10, {json_of(object("good", "u9", 9))});
  int refused = 0;
  mutate(testing::list(10, {rich_object(), json_of(object("b", "u2", 6)), rich_object()}, "token"),
         [&](const std::string& mutation) {
           AnySink sink;
           refused += reader.read_page(mutation, sink) ? 0 : 1;
           ASSERT_TRUE(reader.read_page(good, sink)) << mutation;
         });
  EXPECT_GT(refused, 1'000);
}

TEST(HostileJson, NoMutationOfALineHarmsASinkThatReadsAFewFields) { expect_lines_survive<testing::StoreSink>(); }
TEST(HostileJson, NoMutationOfALineHarmsASinkThatReadsEverything) { expect_lines_survive<WalkingSink>(); }
TEST(HostileJson, NoMutationOfAPageHarmsASinkThatReadsAFewFields) { expect_pages_survive<testing::StoreSink>(); }
TEST(HostileJson, NoMutationOfAPageHarmsASinkThatReadsEverything) { expect_pages_survive<WalkingSink>(); }

TEST(HostileJson, DeepNestingIsNoDanger) {
  for (const std::size_t depth : {100U, 1'000U, 5'000U, 100'000U}) {
    EventReader reader;
    LineBuffer lines(limits::watch_line_bytes);
    testing::StoreSink sink;
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    const std::string metadata = R"({"name":"a","namespace":"ns","uid":"u1","resourceVersion":"5"})";
    EXPECT_TRUE(lines.append(
        event("ADDED", R"({"spec":)" + deep + R"(,"metadata":)" + metadata + R"(,"status":{"phase":"x"}})") + "\n"));
    EXPECT_EQ(reader.read_line(*lines.next(), sink).kind, WatchLine::Kind::Object) << depth;
  }
}

}  // namespace
}  // namespace ork::runtime
