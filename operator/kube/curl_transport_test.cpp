// Calls against a real TLS server: what comes back as what.

#include "operator/kube/curl_transport.hpp"

#include <gmock/gmock.h>

#include "operator/kube/transport_fixture.hpp"

namespace ork::kube::testing {
namespace {

using ::testing::HasSubstr;
using How = Reply::How;

std::string status_body(int code, const std::string& reason, const std::string& message) {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" + std::to_string(code) + R"(,"reason":")" +
         reason + R"(","message":")" + message + "\"}";
}

TEST_F(TransportTest, SendsWhatTheRequestSaysAndHandsBackTheBody) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.status = 201, .body = "{\"a\":1}"}; });
  ClientConfig config = config_for(server);
  config.token = "secret";
  CurlTransport transport(io_, config);
  const Answer answer = ask(transport, create_request(jobs, "a", "{\"kind\":\"Job\"}"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "{\"a\":1}");
  ASSERT_EQ(server.seen().size(), 1u);
  const Seen& seen = server.seen()[0];
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/apis/batch/v1/namespaces/a/jobs");
  EXPECT_EQ(seen.body, "{\"kind\":\"Job\"}");
  EXPECT_EQ(seen.authorization, "Bearer secret");
  EXPECT_EQ(seen.accept, accept_metadata_only);
  EXPECT_EQ(seen.content_type, "application/json");
}

TEST_F(TransportTest, ReadsTheStatusOfAConflict) {
  TestServer server(io_, [](const Seen&, std::size_t) {
    return Reply{.status = 409, .body = status_body(409, "AlreadyExists", R"(jobs.batch \"x\" already exists)")};
  });
  CurlTransport transport(io_, config_for(server));
  const Answer answer = ask(transport, create_request(jobs, "a", "{}"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::AlreadyExists);
  EXPECT_EQ(answer.error().status, 409);
  EXPECT_EQ(answer.error().message,
            "POST /apis/batch/v1/namespaces/a/jobs was answered 409 (AlreadyExists): jobs.batch \"x\" already exists");
}

TEST_F(TransportTest, HandsOnAStreamAndItsCleanEnd) {
  TestServer server(
      io_, [](const Seen&, std::size_t) { return Reply{.how = How::Chunks, .chunks = {"one\n", "tw", "o\n"}}; });
  CurlTransport transport(io_, config_for(server));
  std::string data;
  std::optional<std::optional<Error>> end;
  const auto stream = transport.open_stream(watch_request(jobs, "a", {.resource_version = "5"}),
                                            {[&](std::string_view chunk) { data += chunk; },
                                             [&](std::optional<Error> error) { end.emplace(std::move(error)); }});
  run_until([&] { return end.has_value(); });
  EXPECT_EQ(data, "one\ntwo\n");
  EXPECT_FALSE(end->has_value()) << (*end)->message;
}

}  // namespace
}  // namespace ork::kube::testing
