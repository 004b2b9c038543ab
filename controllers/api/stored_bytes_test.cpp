#include "controllers/api/stored_bytes.hpp"

#include <gtest/gtest.h>

namespace ork::api {
namespace {

using Json = nlohmann::json;

TEST(StoredBytes, AreNeverLessThanWhatIsWrittenAndLittleMore) {
  Json object = {{"name", "etl"}, {"list", Json::array({1, -1.7976931348623157e308, true, nullptr, ""})}};
  for (int i = 0; i < 200; ++i) object["tasks"].push_back({{"name", "t" + std::to_string(i)}, {"script", "echo done"}});
  const std::size_t written = object.dump().size();
  EXPECT_GE(stored_bytes(object), written);
  EXPECT_LE(stored_bytes(object), written + written / 10);
}

TEST(StoredBytes, CountWhatTheApiServerEscapes) {
  EXPECT_EQ(stored_bytes(std::string("a\"\\b")), 8U);
  EXPECT_EQ(stored_bytes(std::string("<&>\x01")), 26U);
  EXPECT_GE(stored_bytes(std::string("\xE2\x80\xA8")), 8U);
}

}  // namespace
}  // namespace ork::api
