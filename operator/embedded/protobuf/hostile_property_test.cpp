// Whatever bytes come: from_protobuf ends, with JSON that can be printed or with an error. Sanitizers watch
// that it reads nothing beyond them.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>

#include "operator/embedded/protobuf/from_protobuf.hpp"
#include "operator/embedded/protobuf/test_messages.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

const Kinds& kinds() {
  static const std::shared_ptr<const Kinds> all = *Kinds::load();
  return *all;
}

const std::vector<std::string>& bodies() {
  static const std::vector<std::string> all = [] {
    std::ifstream file(ORK_PROTOBUF_TESTDATA "/bodies.json");
    std::vector<std::string> out;
    for (const Json& recording : Json::parse(file))
      out.push_back(*kube::base64_decode(recording.at("body").get<std::string>()));
    return out;
  }();
  return all;
}

// In memory of its own, so that one byte too far is one byte outside.
bool survives(const std::string& body) {
  const std::vector<char> exact(body.begin(), body.end());
  const auto object = from_protobuf({exact.data(), exact.size()}, kinds());
  if (!object) return !object.error().empty();
  return object->is_object() && !object->dump().empty();
}

void damage(std::string& body) {
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, body.size());
  const auto some = *rc::gen::element<std::string>("", "\xff", std::string(1, '\0'), "\x80", "\x7f", "\x0b", "\x0c",
                                                   "\xff\xff\xff\xff\x07", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  switch (*rc::gen::inRange(0, 4)) {
    case 0: body.replace(at, 1, some); break;
    case 1: body.insert(at, some); break;
    case 2: body.resize(at); break;
    default: body.insert(at, body.substr(at, *rc::gen::inRange<std::size_t>(0, 40)));
  }
}

RC_GTEST_PROP(FromProtobuf, SurvivesDamagedBodies, ()) {
  std::string body = *rc::gen::elementOf(bodies());
  for (int times = *rc::gen::inRange(1, 5); times > 0 && !body.empty(); --times) damage(body);
  RC_ASSERT(survives(body));
}

RC_GTEST_PROP(FromProtobuf, SurvivesAnyMessageOfAnyKind, ()) {
  const auto& kind = **rc::gen::map(rc::gen::inRange<std::size_t>(0, kinds().all().size()),
                                    [](std::size_t i) { return kinds().all()[i].get(); });
  // Fields with small numbers and lengths: they are known ones, and reach far down.
  std::string message;
  const auto sizes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30));
  for (int size : sizes) {
    const std::string head = tag(*rc::gen::inRange<std::uint32_t>(1, 12),
                                 *rc::gen::weightedElement<unsigned>({{6, 2}, {2, 0}, {1, 3}, {1, 5}}));
    message = *rc::gen::arbitrary<bool>() ? head + varint(message.size()) + message
                                          : message + head + varint(static_cast<std::uint64_t>(size));
  }
  RC_ASSERT(survives(enveloped(kind.group_version(), kind.kind, message)));
}

TEST(FromProtobuf, SurvivesEveryTruncation) {
  for (const std::string& body : bodies()) {
    const std::size_t step = std::max<std::size_t>(1, body.size() / 500);
    for (std::size_t size = 0; size < body.size(); size += step) ASSERT_TRUE(survives(body.substr(0, size)));
  }
}

TEST(FromProtobuf, SurvivesEveryByteFlipped) {
  for (const std::string& body : bodies()) {
    const std::size_t step = std::max<std::size_t>(1, body.size() / 100);
    for (std::size_t at = 0; at < body.size(); at += step) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::string flipped = body;
        flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
        ASSERT_TRUE(survives(flipped));
      }
    }
  }
}

}  // namespace
}  // namespace ork::embedded
