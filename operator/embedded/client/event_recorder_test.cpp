#include "operator/embedded/client/event_recorder.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "operator/embedded/client/resources.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

class EventRecorderTest : public ::testing::Test {
 protected:
  runtime::ManualLoop loop;
  runtime::testing::FakeTransport api{loop};
  EventRecorder events{api, loop, "ork.dev/node", "local"};
  const api::ObjectMeta pod{.ns = "n", .name = "p", .uid = "u", .resource_version = "7"};
};

TEST_F(EventRecorderTest, SaysWhatHappenedToWhom) {
  loop.set_wall_ms(1'000);
  events.record(pod_resource(), pod, {.warning = true, .reason = "Failed", .note = "no\x1b[2Jcommand"});
  const kube::Request& sent = api.requests().back().request;
  EXPECT_EQ(sent.path, "/apis/events.k8s.io/v1/namespaces/n/events");
  const nlohmann::json body = nlohmann::json::parse(sent.body);
  EXPECT_EQ(body.at("metadata").at("name"), "p.3e81");
  EXPECT_EQ(body.at("eventTime"), "1970-01-01T00:00:01.000000Z");
  EXPECT_EQ(body.at("type"), "Warning");
  EXPECT_EQ(body.at("note").get<std::string>().find('\x1b'), std::string::npos);
  EXPECT_EQ(body.at("regarding").at("kind"), "Pod");
  EXPECT_EQ(body.at("regarding").at("apiVersion"), "v1");
  EXPECT_EQ(body.at("regarding").at("uid"), "u");
}

TEST_F(EventRecorderTest, DropsWhatTheServerDoesNotKeepUpWith) {
  for (std::size_t i = 0; i < max_events_in_flight + 3; ++i) events.record(pod_resource(), pod, {.reason = "A"});
  EXPECT_EQ(api.requests().size(), max_events_in_flight);
  EXPECT_EQ(events.dropped(), 3U);
  api.reply(201, "{}");
  loop.run_until_idle();
  events.record(pod_resource(), pod, {.reason = "A"});
  EXPECT_EQ(api.requests().size(), max_events_in_flight + 1);
}

}  // namespace
}  // namespace ork::embedded
