// What happens to calls when server and network misbehave.

#include <gmock/gmock.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "operator/kube/credentials.hpp"
#include "operator/kube/temporary_folder.hpp"
#include "operator/kube/transport_fixture.hpp"

namespace ork::kube::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using How = Reply::How;
using Clock = std::chrono::steady_clock;

Request create(milliseconds timeout = milliseconds(15'000)) {
  Request request = create_request(jobs, "a", "{}");
  request.timeout = timeout;
  return request;
}

TEST_F(TransportTest, DoubtsAWriteWhoseAnswerWasCut) {
  for (const How how : {How::HalfBody, How::Reset}) {
    TestServer server(io_, [how](const Seen&, std::size_t) {
      return Reply{.status = 201, .body = "{\"kind\":\"Job\"}", .how = how};
    });
    CurlTransport transport(io_, config_for(server));
    const Answer answer = ask(transport, create());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Errc::Interrupted) << answer.error().message;
    EXPECT_TRUE(answer.error().may_have_applied());
  }
}

TEST_F(TransportTest, ReadsTheStatusOfAnErrorWhoseBodyWasCut) {
  TestServer server(io_, [](const Seen&, std::size_t) {
    return Reply{.status = 409, .body = "{\"kind\":\"Status\"}", .how = How::HalfBody};
  });
  CurlTransport transport(io_, config_for(server));
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Conflict);
}

TEST_F(TransportTest, DoubtsAWriteThatGotNoAnswerInTime) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::Never}; });
  CurlTransport transport(io_, config_for(server));
  const Answer answer = ask(transport, create(milliseconds(300)));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::Timeout) << answer.error().message;
  EXPECT_TRUE(answer.error().may_have_applied());
  EXPECT_EQ(server.seen().size(), 1u);
}

TEST_F(TransportTest, KnowsWhatWasNeverSent) {
  // Nobody listens on this port any more; then somebody who never shakes hands.
  using boost::asio::ip::tcp;
  std::uint16_t closed = 0;
  {
    tcp::acceptor gone(io_, {boost::asio::ip::make_address("127.0.0.1"), 0});
    closed = gone.local_endpoint().port();
  }
  tcp::acceptor silent(io_, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::string urls[] = {"https://127.0.0.1:" + std::to_string(closed),
                              "https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()),
                              "https://name.invalid"};
  for (const std::string& url : urls) {
    ClientConfig config;
    config.server = url;
    CurlTransport transport(io_, config);
    const Answer answer = ask(transport, create(milliseconds(500)));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Errc::Connect) << answer.error().message;
    EXPECT_FALSE(answer.error().may_have_applied());
    EXPECT_TRUE(answer.error().transient());
  }
}

TEST_F(TransportTest, SendsNothingToAServerItDoesNotTrust) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  ClientConfig config = config_for(server);
  config.token = "secret";
  config.ca.text = make_authority().cert_pem;
  {
    CurlTransport transport(io_, config);
    const Answer answer = ask(transport, create());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, Errc::Connect);
    EXPECT_THAT(answer.error().message, HasSubstr("no trusted TLS connection"));
    EXPECT_TRUE(server.seen().empty());
  }
  config.ca.text.clear();
  config.insecure_skip_tls_verify = true;
  CurlTransport insecure(io_, config);
  EXPECT_TRUE(ask(insecure, create()).ok());
}

TEST_F(TransportTest, TakesANewAuthorityFromItsFile) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  const TemporaryFolder folder;
  ClientConfig config = config_for(server);
  config.ca.text.clear();
  config.ca.file = folder.write("ca.crt", make_authority().cert_pem);
  CurlTransport transport(io_, config);
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Connect);
  folder.write("ca.crt", server.authority().cert_pem);
  // The failure of the next one makes us look at the file, the one after that finds it good.
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Connect);
  EXPECT_TRUE(ask(transport, create()).ok());
}

TEST_F(TransportTest, ExpectsTheNameItWasToldInTheCertificate) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  ClientConfig config = config_for(server);
  config.tls_server_name = "ork.test";
  {
    CurlTransport transport(io_, config);
    const Answer answer = ask(transport, create());
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(server.seen()[0].host, "127.0.0.1:" + std::to_string(server.port()));
  }
  config.tls_server_name = "other.test";
  CurlTransport transport(io_, config);
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Connect);
  EXPECT_EQ(server.seen().size(), 1u);
}

TEST_F(TransportTest, RefusesAnAnswerWithoutEnd) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.body = std::string(33u << 20, 'x')}; });
  CurlTransport transport(io_, config_for(server));
  const Answer answer = ask(transport, list_request(jobs, "a", {}));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::TooLarge) << answer.error().message;
}

TEST_F(TransportTest, SendsNoRequestThatNamesNoObject) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport transport(io_, config_for(server));
  EXPECT_EQ(ask(transport, delete_request(jobs, "a", "", "u")).error().code, Errc::Invalid);
  EXPECT_TRUE(server.seen().empty());
}

TEST_F(TransportTest, SurvivesAConnectionThatWasClosedMeanwhile) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport transport(io_, config_for(server));
  EXPECT_TRUE(ask(transport, create()).ok());
  server.close_connections();
  EXPECT_TRUE(ask(transport, create()).ok());
  EXPECT_EQ(server.connections(), 2u);
}

// ---- 429 and Retry-After

TEST_F(TransportTest, SendsNothingBeforeTheTimeTheServerNamed) {
  Clock::time_point second;
  TestServer server(io_, [&second](const Seen&, std::size_t n) {
    if (n == 0) return Reply{.status = 429, .body = "", .headers = {{"Retry-After", "1"}}};
    if (n == 1) second = Clock::now();
    return Reply{};
  });
  CurlTransport transport(io_, config_for(server));
  const auto sibling = transport.sibling({});
  const Answer refused = ask(transport, create());
  const auto told = Clock::now();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::TooManyRequests);
  EXPECT_EQ(refused.error().retry_after, milliseconds(1'000));
  // One that cannot wait that long fails without having been sent.
  const Answer impatient = ask(transport, create(milliseconds(50)));
  ASSERT_FALSE(impatient.ok());
  EXPECT_EQ(impatient.error().code, Errc::TooManyRequests);
  ASSERT_TRUE(impatient.error().retry_after.has_value());
  EXPECT_LE(*impatient.error().retry_after, milliseconds(1'000));
  EXPECT_EQ(server.seen().size(), 1u);
  // Streams wait too; the next request the server sees is one of these.
  bool opened = false;
  const auto stream =
      transport.open_stream(watch_request(jobs, "a", {.resource_version = "1"}),
                            {[](std::string_view) {}, [&opened](const std::optional<Error>& e) { opened = !e; }});
  EXPECT_TRUE(ask(transport, create()).ok());
  run_until([&opened] { return opened; });
  EXPECT_GE(second - told, milliseconds(990));
  // A sibling has a gate of its own.
  EXPECT_TRUE(ask(*sibling, create()).ok());
}

TEST_F(TransportTest, LeavesASiblingOutOfItsGate) {
  TestServer server(io_, [](const Seen&, std::size_t n) {
    return n == 0 ? Reply{.status = 503, .body = "", .headers = {{"Retry-After", "30"}}} : Reply{};
  });
  CurlTransport transport(io_, config_for(server));
  const auto lease = transport.sibling({});
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Server);
  EXPECT_TRUE(ask(*lease, create()).ok());
  EXPECT_EQ(ask(transport, create(milliseconds(50))).error().code, Errc::TooManyRequests);
}

// ---- Bounds

TEST_F(TransportTest, KeepsManyCallsWithinItsConnections) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport::Options options;
  options.http1_calls = 4;
  CurlTransport transport(io_, config_for(server), options);
  int good = 0, done = 0;
  for (int i = 0; i < 300; ++i) {
    transport.call(create(milliseconds(60'000)), [&](const Answer& answer) {
      ++done;
      good += answer.ok();
    });
  }
  run_until([&done] { return done == 300; });
  EXPECT_EQ(good, 300);
  EXPECT_EQ(server.seen().size(), 300u);
  EXPECT_LE(server.peak_connections(), 4u);
  EXPECT_LE(server.connections(), 4u);
}

TEST_F(TransportTest, RefusesWhatItCannotEvenQueue) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport::Options options;
  options.calls_queued = 3;
  CurlTransport transport(io_, config_for(server), options);
  std::vector<Errc> errors;
  int done = 0;
  for (int i = 0; i < 6; ++i) {
    transport.call(create(), [&](const Answer& answer) {
      ++done;
      if (!answer.ok()) errors.push_back(answer.error().code);
    });
    EXPECT_EQ(done, 0) << "answered from within call()";
  }
  run_until([&done] { return done == 6; });
  EXPECT_EQ(errors, (std::vector<Errc>{Errc::TooManyRequests, Errc::TooManyRequests}));  // 1 in flight, 3 wait
}

TEST_F(TransportTest, EndsACallThatWaitsTooLongForItsTurn) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::Never}; });
  CurlTransport transport(io_, config_for(server));
  std::optional<Answer> first, second;
  transport.call(create(milliseconds(800)), [&](Answer a) { first.emplace(std::move(a)); });
  transport.call(create(milliseconds(200)), [&](Answer a) { second.emplace(std::move(a)); });
  run_until([&] { return second.has_value(); });
  EXPECT_FALSE(first.has_value());
  EXPECT_EQ(second->error().code, Errc::Connect);
  EXPECT_FALSE(second->error().may_have_applied());
  run_until([&] { return first.has_value(); });
  EXPECT_EQ(first->error().code, Errc::Timeout);
  EXPECT_EQ(server.seen().size(), 1u);
}

// ---- 401

TEST_F(TransportTest, ReadsTheTokenAgainAfterARejectionAndRepeatsOnce) {
  const TemporaryFolder folder;
  TestServer server(io_, [&folder](const Seen& seen, std::size_t) {
    if (seen.authorization == "Bearer new") return Reply{.status = 201, .body = seen.body};
    folder.write("token", "new");
    return Reply{.status = 401};
  });
  ClientConfig config = config_for(server);
  config.token_file = folder.write("token", "old");
  std::vector<std::string> observed;
  CurlTransport::Options options;
  options.observer = [&observed](const CallInfo& info) {
    observed.push_back(std::string(info.verb) + " " + std::string(info.resource) + " " + std::to_string(info.status) +
                       (info.repeated ? " repeated" : ""));
  };
  CurlTransport transport(io_, config, options);
  const Answer answer = ask(transport, create_request(jobs, "a", "{\"x\":1}"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "{\"x\":1}");
  EXPECT_EQ(server.seen().size(), 2u);
  EXPECT_EQ(observed, (std::vector<std::string>{"create jobs 401", "create jobs 201 repeated"}));
}

TEST_F(TransportTest, RepeatsEveryCallOfABurstThatWasRejected) {
  const TemporaryFolder folder;
  TestServer server(io_, [](const Seen& seen, std::size_t) {
    return Reply{.status = seen.authorization == "Bearer new" ? 200 : 401};
  });
  ClientConfig config = config_for(server);
  config.token_file = folder.write("token", "old");
  CurlTransport transport(io_, config);
  EXPECT_EQ(ask(transport, create()).error().code, Errc::Unauthorized);
  folder.write("token", "new");
  int good = 0, done = 0;
  for (int i = 0; i < 20; ++i) {
    transport.call(create(), [&](const Answer& answer) {
      ++done;
      good += answer.ok();
    });
  }
  run_until([&done] { return done == 20; });
  EXPECT_EQ(good, 20);
}

TEST_F(TransportTest, GivesUpAfterTheSecondRejection) {
  const TemporaryFolder folder;
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.status = 401}; });
  ClientConfig config = config_for(server);
  config.token_file = folder.write("token", "old");
  CurlTransport rotating(io_, config);
  EXPECT_EQ(ask(rotating, create()).error().code, Errc::Unauthorized);
  EXPECT_EQ(server.seen().size(), 2u);
  config.token_file.clear();
  config.token = "fixed";
  CurlTransport fixed(io_, config);
  EXPECT_EQ(ask(fixed, create()).error().code, Errc::Unauthorized);
  EXPECT_EQ(server.seen().size(), 3u) << "a fixed token is not worth a second try";
}

TEST_F(TransportTest, AsksItsPluginBeforeTheFirstRequestAndAfterARejection) {
  const TemporaryFolder folder;
  TestServer server(io_, [](const Seen& seen, std::size_t) {
    return Reply{.status = seen.authorization == "Bearer t2" ? 200 : 401};
  });
  ClientConfig config = config_for(server);
  config.exec.emplace();
  config.exec->api_version = "client.authentication.k8s.io/v1beta1";
  config.exec->command =
      folder
          .write_program(
              "plugin",
              "#!/bin/sh\ncd '" + folder.path().string() +
                  "'\necho run >> runs\n"
                  "n=$(wc -l < runs)\ncat "
                  "<<END\n{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\","
                  "\"status\":{\"token\":\"t$n\"}}\nEND\n")
          .string();
  const auto credentials =
      std::make_shared<Credentials>(io_, config, CredentialTimes{.plugin_min_interval = milliseconds(0)});
  CurlTransport transport(io_, credentials, {});
  const Answer answer = ask(transport, create());
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  ASSERT_EQ(server.seen().size(), 2u);
  EXPECT_EQ(server.seen()[0].authorization, "Bearer t1");
}

TEST_F(TransportTest, FailsAllThatWaitForAPluginThatFails) {
  const TemporaryFolder folder;
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  ClientConfig config = config_for(server);
  config.exec.emplace();
  config.exec->api_version = "client.authentication.k8s.io/v1";
  config.exec->command = folder.write_program("plugin", "#!/bin/sh\necho nobody home >&2\nexit 1\n").string();
  CurlTransport transport(io_, config);
  int done = 0;
  for (int i = 0; i < 3; ++i) {
    transport.call(create(), [&done](const Answer& answer) {
      ++done;
      ASSERT_FALSE(answer.ok());
      EXPECT_EQ(answer.error().code, Errc::Credentials);
      EXPECT_THAT(answer.error().message, HasSubstr("nobody home"));
    });
  }
  run_until([&done] { return done == 3; });
  EXPECT_TRUE(server.seen().empty());
}

// ---- Lifetimes

TEST_F(TransportTest, CallsNobodyAfterItsDestruction) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::Never}; });
  auto transport = std::make_unique<CurlTransport>(io_, config_for(server));
  const auto owned = std::make_shared<int>(0);
  for (int i = 0; i < 5; ++i) {
    transport->call(create(), [owned](const Answer&) { FAIL() << "called after destruction"; });
  }
  const auto stream = transport->open_stream(watch_request(jobs, "a", {.resource_version = "1"}),
                                             {[](std::string_view) {}, [](const std::optional<Error>&) { FAIL(); }});
  run_until([&] { return !server.seen().empty(); });
  // Its failure is known already, but not told yet.
  transport->call(get_request(jobs, "a", ""), [owned](const Answer&) { FAIL() << "called after destruction"; });
  transport.reset();
  run_until([&] { return server.open_connections() == 0; });
  io_.poll();
  EXPECT_EQ(owned.use_count(), 1) << "a handler is still kept";
}

TEST_F(TransportTest, MayBeDestroyedByAHandler) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  auto transport = std::make_unique<CurlTransport>(io_, config_for(server));
  int done = 0;
  for (int i = 0; i < 20; ++i) {
    transport->call(create(), [&](const Answer&) {
      ++done;
      transport.reset();
    });
  }
  run_until([&] { return done > 0 && server.open_connections() == 0; });
  io_.poll();
  EXPECT_EQ(done, 1);
}

TEST_F(TransportTest, TakesNewCallsFromAHandler) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport transport(io_, config_for(server));
  int left = 50;
  std::function<void()> next = [&] {
    transport.call(create(), [&](const Answer& answer) {
      EXPECT_TRUE(answer.ok());
      if (--left > 0) next();
    });
  };
  next();
  run_until([&left] { return left == 0; });
  EXPECT_EQ(server.connections(), 1u);
}

}  // namespace
}  // namespace ork::kube::testing
