// Whatever is written is read back as it was.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "operator/manifest/yaml_reader.hpp"
#include "operator/manifest/yaml_writer.hpp"

namespace ork::manifest {
namespace {

std::string odd_text() {
  const auto part = rc::gen::element<std::string>(
      "a", "Z", "0", "7", " ", "  ", ":", "-", "#", "\n", ".", "_", "'", "\"", "\\", "é", "😀", "\t", "[", "{", ",",
      "?", "!", "&", "*", "|", ">", "%", "@", "`", "=", "~", "+", "yes", "1:3", "word and word ", "\r", "\x1b");
  const auto parts = *rc::gen::container<std::vector<std::string>>(part);
  std::string text;
  for (const std::string& each : parts) text += each;
  return text;
}

Json odd_value(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 3 ? 5 : 8);
  switch (kind) {
    case 0: return nullptr;
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return *rc::gen::arbitrary<std::int64_t>();
    case 3: return *rc::gen::inRange(-1000000, 1000000) + 0.25;
    case 4:
    case 5: return odd_text();
    case 6: {
      Json list = Json::array();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) list.push_back(odd_value(depth + 1));
      return list;
    }
    default: {
      Json object = Json::object();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) object[odd_text()] = odd_value(depth + 1);
      return object;
    }
  }
}

RC_GTEST_PROP(Yaml, ReadsBackWhatItWrote, ()) {
  const Json value = {{"value", odd_value(0)}};
  const std::string yaml = to_yaml(value);
  const auto documents = read_yaml(yaml);
  RC_LOG() << yaml;
  RC_ASSERT(documents.ok());
  RC_ASSERT(documents->size() == 1U);
  RC_ASSERT(documents->front().value == value);
}

}  // namespace
}  // namespace ork::manifest
