// The server under TLS, asked by our own client with the kubeconfig that was written for it.

#include <ctime>
#include <optional>

#include "operator/embedded/http/http_fixture.hpp"
#include "operator/embedded/http/kubeconfig_file.hpp"
#include "operator/kube/curl_transport.hpp"
#include "operator/kube/kubeconfig.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

using testing::RawAnswer;
using testing::RawClient;
using testing::run_until;

class TlsTest : public testing::HttpTest {
 protected:
  void SetUp() override {
    auto access = open_access(folder.path(), std::time(nullptr));
    ASSERT_TRUE(access) << access.error();
    HttpOptions options;
    options.token = access->token;
    options.identity = access->identity;
    auto opened = HttpServer::open(io, handler, options);
    ASSERT_TRUE(opened) << opened.error();
    server = *std::move(opened);
    const auto path = folder.path() / "kubeconfig";
    ASSERT_TRUE(write_kubeconfig(path, {server->url(), access->token, access->identity.certificate}));
    auto config = kube::load_kubeconfig({path}, "");
    ASSERT_TRUE(config) << config.error().message;
    client = std::make_unique<kube::CurlTransport>(io, *config);
  }
  void TearDown() override {
    client.reset();
    io.poll();
  }

  std::string ask(std::string path) {
    std::optional<std::string> body;
    kube::Request request;
    request.path = std::move(path);
    client->call(request, [&](Result<kube::Response, kube::Error> answer) {
      body = answer ? answer->body : answer.error().message;
    });
    run_until(io, [&] { return body.has_value(); });
    return body.value_or("");
  }

  kube::testing::TemporaryFolder folder;
  std::unique_ptr<kube::CurlTransport> client;
};

TEST_F(TlsTest, IsTrustedByAClientWithTheKubeconfig) {
  EXPECT_TRUE(server->url().starts_with("https://127.0.0.1:"));
  EXPECT_EQ(ask("/api/v1/namespaces"), "ok");
  EXPECT_EQ(ask("/api/v1/namespaces"), "ok");
}

TEST_F(TlsTest, CarriesLargeAnswersAndBodies) {
  handler.script = [&](const Call& call, Responder responder) {
    Answer answer;
    answer.body = call.body + call.body;
    handler.reply(std::move(responder), std::move(answer));
  };
  const std::string body(3'000'000, 'x');
  std::size_t size = 0;
  kube::Request request;
  request.method = kube::Method::Post;
  request.path = "/echo";
  request.body = body;
  request.content_type = "text/plain";
  client->call(request, [&](Result<kube::Response, kube::Error> answer) { size = answer ? answer->body.size() : 1; });
  EXPECT_TRUE(run_until(io, [&] { return size != 0; }));
  EXPECT_EQ(size, 2 * body.size());
}

TEST_F(TlsTest, CarriesStreams) {
  kube::StreamHandlers source;
  struct Nothing : kube::Stream {};
  handler.script = [&](const Call&, Responder responder) {
    Answer answer;
    answer.open = [&](kube::StreamHandlers handlers) {
      source = std::move(handlers);
      return std::make_unique<Nothing>();
    };
    handler.reply(std::move(responder), std::move(answer));
  };
  std::string received;
  bool ended = false;
  kube::Request request;
  request.path = "/watch";
  const auto stream = client->open_stream(request, {[&](std::string_view data) { received += data; },
                                                    [&](std::optional<kube::Error> error) { ended = !error; }});
  ASSERT_TRUE(run_until(io, [&] { return static_cast<bool>(source.on_data); }));
  source.on_data("one\n");
  EXPECT_TRUE(run_until(io, [&] { return received == "one\n"; }));
  source.on_data("two\n");
  source.on_end(std::nullopt);
  EXPECT_TRUE(run_until(io, [&] { return ended; }));
  EXPECT_EQ(received, "one\ntwo\n");
}

TEST_F(TlsTest, TellsAClientOfPlainHttpWhatIsWrong) {
  RawClient plain = connect();
  const RawAnswer answer = plain.ask("GET /api HTTP/1.1\r\n" + testing::good + "\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("Client sent an HTTP request to an HTTPS server."), std::string::npos);
  EXPECT_TRUE(plain.ended());
  EXPECT_TRUE(handler.calls.empty());
}

TEST_F(TlsTest, EndsAConnectionThatSpeaksNonsenseAfterALikelyFirstByte) {
  RawClient client_of_nonsense = connect();
  client_of_nonsense.send("\x16 nonsense nonsense nonsense");
  EXPECT_TRUE(run_until(io, [&] { return !client_of_nonsense.taken().empty() || server->connections() == 0; }));
  EXPECT_TRUE(run_until(io, [&] { return server->connections() == 0; }));
}

}  // namespace
}  // namespace ork::embedded
