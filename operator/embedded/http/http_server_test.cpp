#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "operator/embedded/http/http_fixture.hpp"

namespace ork::embedded {
namespace {

using namespace std::chrono_literals;
using testing::good;
using testing::RawAnswer;
using testing::RawClient;
using testing::run_until;

class HttpServerTest : public testing::HttpTest {};

std::string status_message(const RawAnswer& answer) {
  const auto status = nlohmann::json::parse(answer.body, nullptr, false);
  return status.is_object() ? status.value("message", "") : "not JSON: " + answer.body;
}

TEST_F(HttpServerTest, HandsTheRequestToTheHandlerAndWritesItsAnswer) {
  open();
  handler.script = [&](const Call&, Responder responder) {
    Answer answer;
    answer.status = 201;
    answer.headers = {{"Warning", "299 - \"odd\""}};
    answer.body = "{\"kind\":\"Pod\"}";
    handler.reply(std::move(responder), std::move(answer));
  };
  const RawAnswer answer = ask("POST /api/v1/pods?dryRun=All HTTP/1.1",
                               good +
                                   "Content-Type: application/yaml; charset=utf-8\r\nAccept: application/json\r\n"
                                   "User-Agent: kubectl/v1\r\nContent-Length: 6\r\n",
                               "a: b\n\n");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "{\"kind\":\"Pod\"}");
  EXPECT_NE(answer.head.find("\r\nWarning: 299 - \"odd\""), std::string::npos);
  ASSERT_EQ(handler.calls.size(), 1u);
  const Call& call = handler.calls[0];
  EXPECT_EQ(call.method, kube::Method::Post);
  EXPECT_EQ(call.target, "/api/v1/pods?dryRun=All");
  EXPECT_EQ(call.body, "a: b\n\n");
  EXPECT_EQ(call.content_type, "application/yaml; charset=utf-8");
  EXPECT_EQ(call.accept, "application/json");
  EXPECT_EQ(call.user_agent, "kubectl/v1");
}

TEST_F(HttpServerTest, KnowsTheMethodsOfTheKubernetesApi) {
  open();
  for (const auto& [name, method] : {std::pair{"GET", kube::Method::Get},
                                     {"POST", kube::Method::Post},
                                     {"PUT", kube::Method::Put},
                                     {"PATCH", kube::Method::Patch},
                                     {"DELETE", kube::Method::Delete}}) {
    EXPECT_EQ(ask(std::string(name) + " /api HTTP/1.1").status, 200);
    EXPECT_EQ(handler.calls.back().method, method) << name;
  }
}

TEST_F(HttpServerTest, KeepsTheConnection) {
  open();
  RawClient client = connect();
  for (int i = 0; i < 3; ++i) {
    const RawAnswer answer = client.ask("GET /api HTTP/1.1\r\n" + good + "\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.head.find("Connection:"), std::string::npos);
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(HttpServerTest, ClosesTheConnectionWhenAskedTo) {
  open();
  RawClient client = connect();
  const RawAnswer answer = client.ask("GET /api HTTP/1.1\r\nConnection: close\r\n" + good + "\r\n");
  EXPECT_NE(answer.head.find("\r\nConnection: close"), std::string::npos);
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpServerTest, ClosesAnOldClientsConnectionUnlessItAsksToKeepIt) {
  open();
  RawClient closed = connect();
  EXPECT_EQ(closed.ask("GET /api HTTP/1.0\r\n" + good + "\r\n").status, 200);
  EXPECT_TRUE(closed.ended());
  RawClient kept = connect();
  for (int i = 0; i < 2; ++i) {
    const RawAnswer answer = kept.ask("GET /api HTTP/1.0\r\nConnection: keep-alive\r\n" + good + "\r\n");
    EXPECT_NE(answer.head.find("\r\nConnection: keep-alive"), std::string::npos);
  }
}

TEST_F(HttpServerTest, AnswersRequestsThatWereSentAheadInTheirOrder) {
  open();
  std::vector<Responder> waiting;
  handler.script = [&](const Call& call, Responder responder) {
    Answer answer;
    answer.body = call.target;
    if (call.target != "/slow") return handler.reply(std::move(responder), std::move(answer));
    boost::asio::post(io, [this, responder = std::move(responder), answer]() mutable {
      handler.reply(std::move(responder), std::move(answer));  // a turn later than any other
    });
  };
  RawClient client = connect();
  client.send("GET /slow HTTP/1.1\r\n" + good + "\r\nPOST /b HTTP/1.1\r\n" + good +
              "Content-Length: 3\r\n\r\nxyzGET /c HTTP/1.1\r\n" + good + "\r\n");
  EXPECT_EQ(client.answer().body, "/slow");
  EXPECT_EQ(client.answer().body, "/b");
  EXPECT_EQ(client.answer().body, "/c");
  ASSERT_EQ(handler.calls.size(), 3u);
  EXPECT_EQ(handler.calls[1].body, "xyz");
}

TEST_F(HttpServerTest, AsksTheHandlerOneRequestOfAConnectionAtATime) {
  open();
  std::vector<Responder> waiting;
  handler.script = [&](const Call&, Responder responder) { waiting.push_back(std::move(responder)); };
  RawClient client = connect();
  client.send("GET /a HTTP/1.1\r\n" + good + "\r\nGET /b HTTP/1.1\r\n" + good + "\r\n");
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  io.restart();
  io.poll();
  ASSERT_EQ(waiting.size(), 1u);
  handler.reply(std::exchange(waiting[0], nullptr), {});
  EXPECT_EQ(client.answer().status, 200);
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 2; }));
}

TEST_F(HttpServerTest, TakesARequestThatArrivesLetterByLetter) {
  open();
  RawClient client = connect();
  const std::string request = "PUT /a HTTP/1.1\r\n" + good + "Content-Length: 2\r\n\r\nab";
  for (const char letter : request) {
    client.send(std::string(1, letter));
    io.restart();
    io.poll();
  }
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(handler.calls.at(0).body, "ab");
}

TEST_F(HttpServerTest, JoinsABodyThatComesInChunks) {
  open();
  RawClient client = connect();
  client.send("POST /a HTTP/1.1\r\n" + good + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n" +
              "GET /b HTTP/1.1\r\n" + good + "\r\n");
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(client.answer().status, 200);
  ASSERT_EQ(handler.calls.size(), 2u);
  EXPECT_EQ(handler.calls[0].body, "abcde");
  EXPECT_EQ(handler.calls[1].target, "/b");
}

TEST_F(HttpServerTest, WritesAnswersOfAnySizeWhole) {
  open();
  handler.script = [&](const Call& call, Responder responder) {
    Answer answer;
    answer.body = std::string(std::stoul(call.target.substr(1)), 'x') + "end";
    handler.reply(std::move(responder), std::move(answer));
  };
  RawClient client = connect();
  for (const std::size_t size :
       {std::size_t(0), http_limits::joined_bytes - 3, http_limits::joined_bytes - 2, std::size_t(20'000'000)}) {
    const RawAnswer answer = client.ask("GET /" + std::to_string(size) + " HTTP/1.1\r\n" + good + "\r\n");
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.body.size(), size + 3);
    EXPECT_TRUE(answer.body.ends_with("end"));
  }
}

TEST_F(HttpServerTest, TakesAnAbsoluteTargetForItsPath) {
  open();
  EXPECT_EQ(ask("GET http://localhost:1234/apis?a=b HTTP/1.1").status, 200);
  EXPECT_EQ(handler.calls.at(0).target, "/apis?a=b");
}

TEST_F(HttpServerTest, AnswersHeadWithTheHeaderOfGet) {
  open();
  RawClient client = connect();
  client.send("HEAD /healthz HTTP/1.1\r\n" + good + "\r\n");
  const RawAnswer answer = client.answer(false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("\r\nContent-Length: 2"), std::string::npos);
  EXPECT_EQ(handler.calls.at(0).method, kube::Method::Get);
  EXPECT_EQ(client.ask("GET /healthz HTTP/1.1\r\n" + good + "\r\n").body, "ok");
}

TEST_F(HttpServerTest, AsksForTheBodyOfAClientThatWaitsForThat) {
  open();
  RawClient client = connect();
  const RawAnswer go_on =
      client.ask("POST /a HTTP/1.1\r\n" + good + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(go_on.head, "HTTP/1.1 100 Continue");
  EXPECT_EQ(client.ask("abc").status, 200);
  EXPECT_EQ(handler.calls.at(0).body, "abc");
}

TEST_F(HttpServerTest, DoesNotAskForTheBodyOfARequestItRefuses) {
  open();
  RawClient client = connect();
  const RawAnswer answer =
      client.ask("POST /a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(ask("POST /a HTTP/1.1", good + "Expect: miracles\r\nContent-Length: 3\r\n").status, 417);
  EXPECT_TRUE(handler.calls.empty());
}

TEST_F(HttpServerTest, AsksNoHandlerForWhoHasNoTokenAndKeepsTheConnection) {
  open();
  RawClient client = connect();
  const RawAnswer answer = client.ask("GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_NE(answer.head.find("\r\nContent-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(answer.head.find("\r\nWWW-Authenticate: Bearer"), std::string::npos);
  EXPECT_EQ(status_message(answer), "Unauthorized");
  EXPECT_TRUE(handler.calls.empty());
  EXPECT_EQ(client.ask("GET /api HTTP/1.1\r\n" + good + "\r\n").status, 200);
}

TEST_F(HttpServerTest, TurnsAwayOtherHosts) {
  open();
  EXPECT_EQ(ask("GET /api HTTP/1.1", "Host: rebound.example\r\nAuthorization: Bearer a-token\r\n").status, 403);
  EXPECT_TRUE(handler.calls.empty());
}

TEST_F(HttpServerTest, LeavesOtherMethodsToTheHandler) {
  open();
  for (const char* method : {"OPTIONS", "BREW"}) {
    ask(std::string(method) + " /healthz HTTP/1.1");
    EXPECT_EQ(handler.calls.back().other_method, method);
  }
  ask("GET /healthz HTTP/1.1");
  EXPECT_EQ(handler.calls.back().other_method, "");
}

TEST_F(HttpServerTest, SaysInAStatusWhatIsNoHttp) {
  open();
  const std::vector<std::string> nonsense = {
      "GARBAGE\r\n\r\n", std::string("\0\1\2\r\n\r\n", 7), "GET /a HTTP/1.1\r\nno colon\r\n\r\n",
      "POST /a HTTP/1.1\r\n" + good + "Content-Length: -1\r\n\r\n",
      "POST /a HTTP/1.1\r\n" + good + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
      // Two lengths: what one of us takes for a body, another takes for the next request.
      "POST /a HTTP/1.1\r\n" + good + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\n" + good + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"};
  for (const std::string& text : nonsense) {
    RawClient client = connect();
    const RawAnswer answer = client.ask(text);
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_TRUE(status_message(answer).starts_with("this is not an HTTP request: ")) << answer.body;
    EXPECT_TRUE(client.ended());
  }
  EXPECT_EQ(ask("GET /a HTTP/3.0").status, 505);
  EXPECT_TRUE(handler.calls.empty());
}

TEST_F(HttpServerTest, RefusesABodyBeyondThreeMebibytesAsAnApiServerDoes) {
  open();
  RawClient client = connect();
  const RawAnswer announced = client.ask("POST /a HTTP/1.1\r\n" + good + "Content-Length: 3145729\r\n\r\n");
  EXPECT_EQ(announced.status, 413);
  EXPECT_EQ(
      announced.body,
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Request entity too large: )"
      R"(limit is 3145728","reason":"RequestEntityTooLarge","code":413})"
      "\n");
  std::string chunks;
  for (int i = 0; i < 4; ++i) chunks += "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
  EXPECT_EQ(ask("POST /a HTTP/1.1", good + "Transfer-Encoding: chunked\r\n", chunks).status, 413);
  EXPECT_TRUE(handler.calls.empty());
}

// Else the connection is reset while the client writes, and the answer lost.
TEST_F(HttpServerTest, TakesInTheBodyThatItHasRefused) {
  open();
  const std::string body(2 * http_limits::body_bytes, 'x');
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ask("POST /a HTTP/1.1", good + "Content-Length: " + std::to_string(body.size()) + "\r\n", body).status,
              413);
  }
}

TEST_F(HttpServerTest, TakesABodyOfThreeMebibytes) {
  open();
  const std::string body(http_limits::body_bytes, 'x');
  EXPECT_EQ(ask("POST /a HTTP/1.1", good + "Content-Length: 3145728\r\n", body).status, 200);
  EXPECT_EQ(handler.calls.at(0).body.size(), http_limits::body_bytes);
}

TEST_F(HttpServerTest, RefusesAHeaderThatGoesOnAndOn) {
  open();
  EXPECT_EQ(ask("GET /a HTTP/1.1", good + "X: " + std::string(http_limits::header_bytes, 'x') + "\r\n").status, 431);
  EXPECT_EQ(ask("GET /" + std::string(2 * http_limits::header_bytes, 'x') + " HTTP/1.1").status, 431);
  const std::string endless = "1;" + std::string(2 * http_limits::header_bytes, 'x');
  EXPECT_EQ(ask("POST /a HTTP/1.1", good + "Transfer-Encoding: chunked\r\n", endless).status, 400);
}

TEST_F(HttpServerTest, EndsAConnectionOnWhichNothingIsAsked) {
  open({.idle = 20ms});
  RawClient client = connect();
  EXPECT_EQ(client.ask("GET /api HTTP/1.1\r\n" + good + "\r\n").status, 200);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(HttpServerTest, EndsAConnectionWhoseRequestNeverGetsComplete) {
  open({.head = 20ms, .body = 20ms});
  RawClient head = connect();
  head.send("GET /api HT");
  EXPECT_TRUE(head.ended());
  RawClient body = connect();
  body.send("POST /api HTTP/1.1\r\n" + good + "Content-Length: 5\r\n\r\nab");
  EXPECT_TRUE(body.ended());
}

TEST_F(HttpServerTest, AnswersForAHandlerThatTakesTooLong) {
  open({.answer = 20ms});
  std::vector<Responder> waiting;
  handler.script = [&](const Call& call, Responder responder) {
    if (call.target == "/late") return waiting.push_back(std::move(responder));
    handler.reply(std::move(responder), {});
  };
  RawClient client = connect();
  const RawAnswer answer = client.ask("GET /late HTTP/1.1\r\n" + good + "\r\n");
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(status_message(answer), "Timeout: request did not complete within the allotted timeout");
  client.send("GET /next HTTP/1.1\r\n" + good + "\r\n");
  Answer late;
  late.body = "late";
  handler.reply(std::move(waiting.at(0)), late);  // must not become the answer to /next
  EXPECT_EQ(client.answer().body, "");
}

TEST_F(HttpServerTest, DoesNotMindAnswersToWhoHasGone) {
  open();
  std::vector<Responder> waiting;
  handler.script = [&](const Call&, Responder responder) { waiting.push_back(std::move(responder)); };
  RawClient gone = connect();
  gone.send("GET /a HTTP/1.1\r\n" + good + "\r\n");
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  gone.close();
  handler.reply(std::move(waiting[0]), {});
  EXPECT_TRUE(run_until(io, [&] { return server->connections() == 0; }));

  RawClient waits = connect();
  waits.send("GET /b HTTP/1.1\r\n" + good + "\r\n");
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 2; }));
  server.reset();
  waiting[1]({});
  EXPECT_TRUE(waits.ended());
}

TEST_F(HttpServerTest, LetsClientsBeyondItsBoundWaitForAPlace) {
  open();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < http_limits::connections; ++i) {
    clients.push_back(std::make_unique<RawClient>(io, server->port()));
  }
  ASSERT_TRUE(run_until(io, [&] { return server->connections() == http_limits::connections; }));
  RawClient last = connect();
  last.send("GET /api HTTP/1.1\r\n" + good + "\r\n");
  EXPECT_EQ(clients.back()->ask("GET /api HTTP/1.1\r\n" + good + "\r\n").status, 200);
  EXPECT_EQ(server->connections(), http_limits::connections);
  EXPECT_EQ(handler.calls.size(), 1u);
  clients.front()->close();
  EXPECT_EQ(last.answer().status, 200);
}

TEST_F(HttpServerTest, StopsAfterTheAnswersThatAreUnderWay) {
  open();
  std::vector<Responder> waiting;
  handler.script = [&](const Call&, Responder responder) { waiting.push_back(std::move(responder)); };
  RawClient idle = connect();
  RawClient busy = connect();
  busy.send("GET /a HTTP/1.1\r\n" + good + "\r\nGET /b HTTP/1.1\r\n" + good + "\r\n");
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1 && server->connections() == 2; }));
  int stopped = 0;
  server->stop([&] { ++stopped; });
  EXPECT_TRUE(idle.ended());
  EXPECT_EQ(stopped, 0);
  handler.reply(std::move(waiting[0]), {});
  const RawAnswer answer = busy.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("\r\nConnection: close"), std::string::npos);
  EXPECT_TRUE(run_until(io, [&] { return stopped == 1; }));
  EXPECT_TRUE(busy.ended());
  EXPECT_EQ(handler.calls.size(), 1u);
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_THROW(connect(), std::exception);  // nobody listens
}

TEST_F(HttpServerTest, StopsInTheEndWithoutAnswersThatNeverCome) {
  open({.stop = 20ms});
  std::vector<Responder> waiting;
  handler.script = [&](const Call&, Responder responder) { waiting.push_back(std::move(responder)); };
  RawClient client = connect();
  client.send("GET /a HTTP/1.1\r\n" + good + "\r\n");
  ASSERT_TRUE(run_until(io, [&] { return waiting.size() == 1; }));
  int stopped = 0;
  server->stop([&] { ++stopped; });
  EXPECT_TRUE(run_until(io, [&] { return stopped == 1; }));
  EXPECT_TRUE(client.ended());
}

TEST_F(HttpServerTest, StopsAtOnceWhereNobodyIsConnected) {
  open();
  int stopped = 0;
  server->stop([&] { ++stopped; });
  EXPECT_EQ(stopped, 0);  // never from within
  EXPECT_TRUE(run_until(io, [&] { return stopped == 1; }));
}

TEST_F(HttpServerTest, ListensOnLoopbackOnlyAndOnlyWithAToken) {
  const auto why = [&](HttpOptions options) {
    auto opened = HttpServer::open(io, handler, std::move(options));
    return opened ? "listens" : opened.error();
  };
  EXPECT_EQ(why({.address = "0.0.0.0", .token = "t"}),
            "the API listens on loopback only (127.0.0.1 or ::1), not on 0.0.0.0");
  EXPECT_EQ(why({.address = "localhost", .token = "t"}),
            "the API listens on loopback only (127.0.0.1 or ::1), not on localhost");
  EXPECT_EQ(why({}), "the API needs a token; without one anyone could use it");
  EXPECT_TRUE(why({.token = "t", .identity = TlsIdentity{"no", "pem"}})
                  .starts_with("the API's certificate or its key can't be used: "));
  EXPECT_EQ(why({.token = "t"}), "listens");
}

TEST_F(HttpServerTest, SaysThatAPortIsTaken) {
  open();
  auto second = HttpServer::open(io, handler, {.port = server->port(), .token = "t"});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(),
            "the API can't listen on 127.0.0.1, port " + std::to_string(server->port()) + ": Address already in use");
  EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()));
}

}  // namespace
}  // namespace ork::embedded
