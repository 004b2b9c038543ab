#include "operator/embedded/node/agent/messages.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

TEST(Messages, AreReadAsTheyWereWritten) {
  const std::vector<Request> requests = {
      StartContainer{"u/c/0", {"a", "b c"}, {"X=1\n2"}, "/w", "/l", 16, 500},
      StartContainer{"u/c/0", {"a"}, {}, "", "", 0, 0},
      SignalContainer{"u/c/0", 15},
      ListContainers{},
      ForgetContainers{{"a", "b"}},
      StopAgent{3000},
  };
  for (const Request& request : requests) {
    const std::string line = encode(request);
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    EXPECT_EQ(*decode_request(line), request) << line;
  }
  const std::vector<Notice> notices = {
      AgentHello{"i", true, true},
      ContainerStarted{"u/c/0", 7, 1000},
      ContainerEnded{"u/c/0", 1, 2, 137, 9, true, 4096, ""},
      ContainerEnded{.id = "u/c/0", .end_ms = 2, .exit_code = 128, .error = "no \"such\" file"},
      ListEnd{},
  };
  for (const Notice& notice : notices) EXPECT_EQ(*decode_notice(encode(notice)), notice) << encode(notice);
}

TEST(Messages, ThatAreNoneAreRefused) {
  for (const char* line :
       {"", "x", "[]", "7", "{}", R"({"do":7})", R"({"do":"dance"})", R"({"do":"start"})", R"({"do":"start","id":"x"})",
        R"({"do":"start","id":"x","argv":"y"})", R"({"do":"start","id":"x","argv":[7]})"}) {
    EXPECT_FALSE(decode_request(line).ok()) << line;
  }
  for (const char* line : {"", "x", "{}", R"({"is":"tired"})"}) EXPECT_FALSE(decode_notice(line).ok()) << line;
}

TEST(Messages, TakeWrongTypesForAbsent) {
  const auto start = decode_request(R"({"do":"start","id":"x","argv":["y",7],"env":{},"memoryBytes":"much","cwd":[]})");
  EXPECT_EQ(*start, Request(StartContainer{.id = "x", .argv = {"y"}}));
}

}  // namespace
}  // namespace ork::embedded
