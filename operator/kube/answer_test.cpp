#include "operator/kube/answer.hpp"

#include <gmock/gmock.h>

#include "operator/kube/gate.hpp"
#include "operator/kube/limits.hpp"
#include "operator/kube/transfer.hpp"

namespace ork::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

Request a_request() { return get_request({"batch", "v1", "jobs", "Job"}, "a", "b"); }

std::string status_body(const std::string& reason, const std::string& message) {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":")" + reason + R"(","message":")" + message +
         "\"}";
}

TEST(ErrorFromAnswer, HasACodeForWhateverACallerActsOn) {
  struct Case {
    int status;
    std::string reason;
    Errc code;
    bool transient;
  };
  const Case cases[] = {
      {400, "BadRequest", Errc::Invalid, false},
      {401, "Unauthorized", Errc::Unauthorized, false},
      {403, "Forbidden", Errc::Forbidden, false},
      {404, "NotFound", Errc::NotFound, false},
      {405, "MethodNotAllowed", Errc::Invalid, false},
      {409, "AlreadyExists", Errc::AlreadyExists, false},
      {409, "Conflict", Errc::Conflict, false},
      {409, "", Errc::Conflict, false},
      {410, "Expired", Errc::Gone, false},
      {413, "RequestEntityTooLarge", Errc::TooLarge, false},
      {422, "Invalid", Errc::Invalid, false},
      {429, "TooManyRequests", Errc::TooManyRequests, true},
      {500, "InternalError", Errc::Server, true},
      {502, "", Errc::Server, true},
      {503, "ServiceUnavailable", Errc::Server, true},
      {301, "", Errc::Malformed, false},
  };
  for (const Case& c : cases) {
    const Error error = error_from_answer(a_request(), c.status, std::nullopt, status_body(c.reason, "said so"));
    EXPECT_EQ(error.code, c.code) << c.status;
    EXPECT_EQ(error.status, c.status);
    EXPECT_EQ(error.reason, c.reason);
    EXPECT_EQ(error.transient(), c.transient) << c.status;
    EXPECT_FALSE(error.may_have_applied()) << c.status;
    EXPECT_THAT(error.message,
                HasSubstr("GET /apis/batch/v1/namespaces/a/jobs/b was answered " + std::to_string(c.status)));
    EXPECT_THAT(error.message, HasSubstr("said so"));
  }
}

TEST(ErrorFromAnswer, AdmitsThatTheServersOwnTimeoutMayHaveApplied) {
  EXPECT_TRUE(error_from_answer(a_request(), 504, std::nullopt, status_body("Timeout", "")).may_have_applied());
  EXPECT_TRUE(error_from_answer(a_request(), 500, std::nullopt, status_body("ServerTimeout", "")).may_have_applied());
  EXPECT_TRUE(
      error_from_answer(a_request(), 500, std::nullopt,
                        status_body("InternalError", "etcdserver: request timed out, possibly due to lost leader"))
          .may_have_applied());
  EXPECT_FALSE(error_from_answer(a_request(), 500, std::nullopt, status_body("InternalError", "webhook said no"))
                   .may_have_applied());
}

TEST(ErrorFromAnswer, KnowsWhatEtcdRefusesForItsSize) {
  const Error error =
      error_from_answer(a_request(), 500, std::nullopt, status_body("", "etcdserver: request is too large"));
  EXPECT_EQ(error.code, Errc::TooLarge);
  EXPECT_FALSE(error.transient());
}

TEST(ErrorFromAnswer, TakesTheHeadersWishBeforeTheBodys) {
  const std::string body = R"({"kind":"Status","reason":"TooManyRequests","details":{"retryAfterSeconds":7}})";
  EXPECT_EQ(error_from_answer(a_request(), 429, seconds(2), body).retry_after, milliseconds(2'000));
  EXPECT_EQ(error_from_answer(a_request(), 429, std::nullopt, body).retry_after, milliseconds(7'000));
  EXPECT_EQ(error_from_answer(a_request(), 429, std::nullopt, "{}").retry_after, std::nullopt);
  EXPECT_EQ(error_from_answer(a_request(), 429, std::nullopt,
                              R"({"kind":"Status","details":{"retryAfterSeconds":99999999999999}})")
                .retry_after,
            std::nullopt);
}

TEST(ErrorFromAnswer, TellsANamespaceThatGoesAwayFromAMissingPermission) {
  const auto body = [](const char* details) {
    return R"({"kind":"Status","reason":"Forbidden","details":)" + std::string(details) + "}";
  };
  const auto code = [](const std::string& text) {
    return error_from_answer(a_request(), 403, std::nullopt, text).code;
  };
  EXPECT_EQ(code(body(R"({"causes":[{"reason":"NamespaceTerminating","field":"metadata.namespace"}]})")),
            Errc::Terminating);
  EXPECT_EQ(code(body(R"({"causes":[{"reason":"FieldValueInvalid"}]})")), Errc::Forbidden);
  EXPECT_EQ(code(body(R"({"causes":[7,null,{"reason":[]}]})")), Errc::Forbidden);
  EXPECT_EQ(code(body(R"({"causes":"NamespaceTerminating"})")), Errc::Forbidden);
  EXPECT_EQ(code(body("{}")), Errc::Forbidden);
}

TEST(ErrorFromAnswer, BearsAnyBody) {
  const std::string bodies[] = {"",
                                "<html>\r\n<b>502</b> Bad Gateway</html>",
                                "{",
                                "null",
                                "[]",
                                "7",
                                R"({"kind":7})",
                                R"({"kind":"Status","message":{},"reason":[],"details":7})",
                                std::string("\0\xff\x80", 3),
                                std::string(60'000, '['),
                                std::string(5'000'000, '[')};
  for (const std::string& body : bodies) {
    const Error error = error_from_answer(a_request(), 502, std::nullopt, body);
    EXPECT_EQ(error.code, Errc::Server);
    EXPECT_THAT(error.message, HasSubstr("was answered 502"));
    EXPECT_LT(error.message.size(), 500u);
    for (const char c : error.message) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
  EXPECT_THAT(error_from_answer(a_request(), 502, std::nullopt, bodies[1]).message,
              EndsWith(": <html> <b>502</b> Bad Gateway</html>"));
}

TEST(ErrorFromAnswer, KeepsTheServersWordsForAPerson) {
  const std::string words = "spec.tasks: Invalid value, " + std::string(1'000, 'x');
  const Error error = error_from_answer(a_request(), 422, std::nullopt, status_body("Invalid", words));
  EXPECT_EQ(error.said, words);
  EXPECT_LT(error.message.size(), 500U);
  EXPECT_EQ(error_from_answer(a_request(), 502, std::nullopt, "<html>a proxy's page</html>").said, "");
}

TEST(ErrorFromAnswer, LeavesTheQueryOutOfItsMessage) {
  Request request;
  request.path = "/api/v1/pods?continue=" + std::string(4'000, 'x');
  EXPECT_EQ(error_from_answer(request, 410, std::nullopt, "").message, "GET /api/v1/pods was answered 410");
}

TEST(Printable, CutsNoCharacterInTwo) {
  const std::string text = "aaaa\xC3\xA9\xC3\xA9\xC3\xA9";
  for (std::size_t max = 0; max <= text.size(); ++max) {
    const std::string cut = printable(text, max);
    EXPECT_LE(cut.size(), std::max<std::size_t>(max, 3));
    std::size_t lead = 0, trail = 0;
    for (const char c : cut) {
      const auto byte = static_cast<unsigned char>(c);
      lead += byte == 0xC3;
      trail += byte == 0xA9;
    }
    EXPECT_EQ(lead, trail) << max;
  }
  EXPECT_EQ(printable(" a \r\n\t b\x7f ", 100), "a b");
}

TEST(ErrorFromEnding, SaysNotSentOnlyWhenNothingWasSent) {
  struct Case {
    CURLcode code;
    bool sent;
    Errc expected;
    bool may_have_applied;
  };
  const Case cases[] = {
      {CURLE_COULDNT_CONNECT, false, Errc::Connect, false},
      {CURLE_COULDNT_RESOLVE_HOST, false, Errc::Connect, false},
      {CURLE_PEER_FAILED_VERIFICATION, false, Errc::Connect, false},
      {CURLE_OPERATION_TIMEDOUT, false, Errc::Connect, false},
      {CURLE_SSL_CERTPROBLEM, false, Errc::Config, false},
      {CURLE_URL_MALFORMAT, false, Errc::Config, false},
      {CURLE_OPERATION_TIMEDOUT, true, Errc::Timeout, true},
      {CURLE_RECV_ERROR, true, Errc::Interrupted, true},
      {CURLE_SEND_ERROR, true, Errc::Interrupted, true},
      {CURLE_GOT_NOTHING, true, Errc::Interrupted, true},
      {CURLE_PARTIAL_FILE, true, Errc::Interrupted, true},
      {CURLE_HTTP2, true, Errc::Interrupted, true},
      {CURLE_HTTP2_STREAM, true, Errc::Interrupted, true},
      // A second try on a new connection that could not be made: the first had been sent.
      {CURLE_COULDNT_CONNECT, true, Errc::Interrupted, true},
      {CURLE_WEIRD_SERVER_REPLY, true, Errc::Malformed, false},
  };
  for (const Case& c : cases) {
    const Error error = error_from_ending(a_request(), {c.code, 0, c.sent, "why"});
    EXPECT_EQ(error.code, c.expected) << c.code << " sent " << c.sent;
    EXPECT_EQ(error.may_have_applied(), c.may_have_applied) << c.code << " sent " << c.sent;
    EXPECT_THAT(error.message, HasSubstr("why"));
  }
}

TEST(ErrorFromEnding, DoubtsAWriteThatWasAnsweredWithGarbage) {
  const Request create = create_request({"batch", "v1", "jobs", "Job"}, "a", "{}");
  EXPECT_TRUE(error_from_ending(create, {CURLE_WEIRD_SERVER_REPLY, 0, true, ""}).may_have_applied());
}

TEST(Gate, StaysClosedForTheLongestWishButNeverBeyondTheCap) {
  Gate gate;
  const Gate::Clock::time_point now{seconds(100)};
  EXPECT_FALSE(gate.closed(now));
  gate.close_for(seconds(5), now);
  gate.close_for(seconds(2), now);
  EXPECT_TRUE(gate.closed(now + milliseconds(4'999)));
  EXPECT_FALSE(gate.closed(now + seconds(5)));
  gate.close_for(seconds(3'600), now);
  EXPECT_EQ(gate.opens(), now + limits::longest_gate);
  gate.close_for(seconds(-5), now);
  EXPECT_EQ(gate.opens(), now + limits::longest_gate);
}

TEST(ErrorCodes, HaveNames) {
  for (int i = 0; i <= static_cast<int>(Errc::Cancelled); ++i) {
    EXPECT_THAT(std::string(to_string(static_cast<Errc>(i))), Not("?"));
  }
}

}  // namespace
}  // namespace ork::kube
