// Streams: how they begin and how they end.

#include <gmock/gmock.h>

#include "operator/kube/temporary_folder.hpp"
#include "operator/kube/transport_fixture.hpp"

namespace ork::kube::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using How = Reply::How;

class StreamTest : public TransportTest {
 protected:
  struct Heard {
    std::string data;
    std::optional<std::optional<Error>> end;
    StreamHandlers handlers() {
      return {[this](std::string_view chunk) { data += chunk; },
              [this](std::optional<Error> error) {
                ASSERT_FALSE(end.has_value()) << "ended twice";
                end.emplace(std::move(error));
              }};
    }
    Errc code() const { return end && *end ? (*end)->code : Errc::Cancelled; }
  };

  static Request watch(milliseconds idle = milliseconds(0), milliseconds timeout = milliseconds(15'000)) {
    Request request = watch_request(jobs, "a", {.resource_version = "5", .idle_timeout = idle});
    request.timeout = timeout;
    return request;
  }
};

TEST_F(StreamTest, SaysThatItWasCutAfterHandingOnWhatHadCome) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::ChunksCut, .chunks = {"a\n", "b"}}; });
  CurlTransport transport(io_, config_for(server));
  Heard heard;
  const auto stream = transport.open_stream(watch(), heard.handlers());
  run_until([&] { return heard.end.has_value(); });
  EXPECT_EQ(heard.code(), Errc::Interrupted);
  EXPECT_EQ(heard.data, "a\nb");
}

TEST_F(StreamTest, HandsOnLargeStreamsWhole) {
  std::vector<std::string> chunks;
  std::string all;
  for (int i = 0; i < 200; ++i) {
    chunks.push_back(std::string(1 + std::size_t(i) * 131 % 40'000, static_cast<char>('a' + i % 26)));
    all += chunks.back();
  }
  TestServer server(io_, [&chunks](const Seen&, std::size_t) { return Reply{.how = How::Chunks, .chunks = chunks}; });
  CurlTransport transport(io_, config_for(server));
  Heard heard;
  const auto stream = transport.open_stream(watch(), heard.handlers());
  run_until([&] { return heard.end.has_value(); });
  EXPECT_EQ(*heard.end, std::nullopt);
  EXPECT_TRUE(heard.data == all);
}

TEST_F(StreamTest, EndsWithTimeoutWhenNothingComes) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::ChunksOpen, .chunks = {"a\n"}}; });
  CurlTransport transport(io_, config_for(server));
  Heard heard;
  const auto stream = transport.open_stream(watch(milliseconds(200)), heard.handlers());
  run_until([&] { return heard.end.has_value(); });
  EXPECT_EQ(heard.data, "a\n");
  EXPECT_EQ(heard.code(), Errc::Timeout);
  EXPECT_THAT((*heard.end)->message, HasSubstr("no byte for 200 ms"));
}

TEST_F(StreamTest, OutlivesItsBoundOnceEstablished) {
  TestServer server(io_, [](const Seen&, std::size_t n) {
    return n == 0 ? Reply{.how = How::ChunksOpen, .chunks = {"a\n"}} : Reply{.how = How::Never};
  });
  CurlTransport transport(io_, config_for(server));
  Heard open, never;
  const auto first = transport.open_stream(watch(milliseconds(0), milliseconds(300)), open.handlers());
  run_until([&] { return !open.data.empty(); });
  const auto second = transport.open_stream(watch(milliseconds(0), milliseconds(600)), never.handlers());
  run_until([&] { return never.end.has_value(); });
  EXPECT_EQ(never.code(), Errc::Timeout);
  EXPECT_THAT((*never.end)->message, HasSubstr("not established within 600 ms"));
  EXPECT_FALSE(open.end.has_value());
}

TEST_F(StreamTest, ThatIsRefusedEndsWithTheStatusAndNoData) {
  struct Case {
    int status;
    Errc code;
  };
  for (const Case c : {Case{410, Errc::Gone}, {401, Errc::Unauthorized}, {403, Errc::Forbidden}, {500, Errc::Server}}) {
    TestServer server(io_, [c](const Seen&, std::size_t) {
      return Reply{.status = c.status,
                   .body = R"({"kind":"Status","reason":"Why","message":"too old"})" + std::string(200'000, ' ')};
    });
    ClientConfig config = config_for(server);
    config.token = "t";
    CurlTransport transport(io_, config);
    Heard heard;
    const auto stream = transport.open_stream(watch(), heard.handlers());
    run_until([&] { return heard.end.has_value(); });
    EXPECT_EQ(heard.code(), c.code);
    EXPECT_THAT((*heard.end)->message, HasSubstr("too old"));
    EXPECT_EQ(heard.data, "");
  }
}

TEST_F(StreamTest, OpensAgainWithTheNewTokenAfterARejection) {
  const TemporaryFolder folder;
  TestServer server(io_, [&folder](const Seen& seen, std::size_t) {
    if (seen.authorization == "Bearer new") return Reply{.how = How::Chunks, .chunks = {"x"}};
    folder.write("token", "new");
    return Reply{.status = 401, .body = "no"};
  });
  ClientConfig config = config_for(server);
  config.token_file = folder.write("token", "old");
  CurlTransport transport(io_, config);
  Heard heard;
  const auto stream = transport.open_stream(watch(), heard.handlers());
  run_until([&] { return heard.end.has_value(); });
  EXPECT_EQ(*heard.end, std::nullopt);
  EXPECT_EQ(heard.data, "x");
}

TEST_F(StreamTest, ManyStandSideBySideEvenWithoutHttp2) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::ChunksOpen, .chunks = {"a\n"}}; });
  CurlTransport transport(io_, config_for(server));
  std::vector<Heard> heard(12);
  std::vector<std::unique_ptr<Stream>> streams;
  for (Heard& h : heard) streams.push_back(transport.open_stream(watch(), h.handlers()));
  run_until([&] { return std::ranges::all_of(heard, [](const Heard& h) { return h.data == "a\n"; }); });
  // And none of them stands in the way of a call.
  TestServer other(io_, [](const Seen&, std::size_t) { return Reply{}; });
  CurlTransport calls(io_, config_for(other));
  EXPECT_TRUE(ask(calls, get_request(jobs, "a", "b")).ok());
}

TEST_F(StreamTest, ThatIsDestroyedClosesItsConnection) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::ChunksOpen, .chunks = {"a\n"}}; });
  CurlTransport transport(io_, config_for(server));
  Heard heard;
  auto stream = transport.open_stream(watch(milliseconds(100)), heard.handlers());
  run_until([&] { return !heard.data.empty(); });
  stream.reset();
  run_until([&] { return server.open_connections() == 0; });
  EXPECT_FALSE(heard.end.has_value());
}

TEST_F(StreamTest, MayBeDestroyedByItsOwnHandlers) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::Chunks, .chunks = {"a\n", "b\n"}}; });
  CurlTransport transport(io_, config_for(server));
  std::unique_ptr<Stream> stream;
  int calls = 0;
  const auto owned = std::make_shared<int>(0);
  stream = transport.open_stream(watch(), {[&, owned](std::string_view) {
                                             ++calls;
                                             stream.reset();
                                           },
                                           [](const std::optional<Error>&) { FAIL() << "ended after destruction"; }});
  run_until([&] { return calls > 0; });
  bool ended = false;
  stream = transport.open_stream(watch(), {[](std::string_view) {},
                                           [&, owned](const std::optional<Error>&) {
                                             stream.reset();
                                             ended = true;
                                           }});
  run_until([&] { return ended; });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST_F(StreamTest, MayBeReopenedByItsOwnEnd) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::Chunks, .chunks = {"a\n"}}; });
  CurlTransport transport(io_, config_for(server));
  std::unique_ptr<Stream> stream;
  int ends = 0;
  std::function<void()> open = [&] {
    stream = transport.open_stream(watch(), {[](std::string_view) {},
                                             [&](const std::optional<Error>& error) {
                                               EXPECT_FALSE(error.has_value());
                                               if (++ends < 20) open();
                                             }});
  };
  open();
  run_until([&] { return ends == 20; });
  EXPECT_EQ(server.seen().size(), 20u);
}

TEST_F(StreamTest, DataHandlerMayDestroyTheTransportOrCallIt) {
  TestServer server(io_, [](const Seen& seen, std::size_t) {
    return seen.method == "GET" ? Reply{.how = How::ChunksOpen, .chunks = {"a\n"}} : Reply{};
  });
  auto transport = std::make_unique<CurlTransport>(io_, config_for(server));
  bool answered = false;
  const auto first = transport->open_stream(watch(), {[&](std::string_view) {
                                                        transport->call(create_request(jobs, "a", "{}"),
                                                                        [&](const Answer& a) { answered = a.ok(); });
                                                      },
                                                      [](const std::optional<Error>&) {}});
  run_until([&] { return answered; });
  const auto second = transport->open_stream(
      watch(), {[&](std::string_view) { transport.reset(); }, [](const std::optional<Error>&) { FAIL(); }});
  run_until([&] { return transport == nullptr && server.open_connections() == 0; });
}

TEST_F(StreamTest, OutlivesItsTransportQuietly) {
  TestServer server(io_, [](const Seen&, std::size_t) { return Reply{.how = How::ChunksOpen, .chunks = {"a\n"}}; });
  std::unique_ptr<Stream> stream;
  {
    CurlTransport transport(io_, config_for(server));
    stream = transport.open_stream(watch(), {[](std::string_view) {}, [](const std::optional<Error>&) { FAIL(); }});
    run_until([&] { return server.seen().size() == 1; });
  }
  run_until([&] { return server.open_connections() == 0; });
}

}  // namespace
}  // namespace ork::kube::testing
