#include "operator/embedded/http/answer_text.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

const std::string date = "Sat, 21 Nov 2026 10:18:31 GMT";

TEST(HeadText, SaysStatusTypeAndLength) {
  Answer answer;
  answer.status = 201;
  EXPECT_EQ(head_text(answer, {.body_bytes = 12, .date = date}),
            "HTTP/1.1 201 Created\r\n"
            "Cache-Control: no-cache, private\r\n"
            "Content-Type: application/json\r\n"
            "Date: Sat, 21 Nov 2026 10:18:31 GMT\r\n"
            "Content-Length: 12\r\n"
            "\r\n");
}

TEST(HeadText, OfAStreamHasNoLength) {
  Answer answer;
  answer.content_type = "text/plain";
  answer.headers = {{"Retry-After", "1"}};
  EXPECT_EQ(head_text(answer, {.form = BodyForm::Chunked, .close = true, .date = date}),
            "HTTP/1.1 200 OK\r\n"
            "Cache-Control: no-cache, private\r\n"
            "Content-Type: text/plain\r\n"
            "Date: Sat, 21 Nov 2026 10:18:31 GMT\r\n"
            "Retry-After: 1\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Connection: close\r\n"
            "\r\n");
}

TEST(HeadText, TellsAnOldClientThatTheConnectionIsKept) {
  const std::string head = head_text({}, {.http_1_0 = true, .date = date});
  EXPECT_NE(head.find("\r\nConnection: keep-alive\r\n"), std::string::npos);
}

// A Warning quotes field names, which anyone may write.
TEST(HeadText, IsNotBrokenByWhatAHeaderQuotes) {
  Answer answer;
  answer.headers = {{"Warning", "299 - \"unknown field \"a\r\nSet-Cookie: x\""}};
  const std::string head = head_text(answer, {.date = date});
  EXPECT_NE(head.find("\r\nWarning: 299 - \"unknown field \"a  Set-Cookie: x\"\r\n"), std::string::npos);
  EXPECT_EQ(head.find("\nSet-Cookie"), std::string::npos);
}

// The three texts are those of kube-apiserver 1.34.
TEST(StatusBody, IsWhatAnApiServerWrites) {
  EXPECT_EQ(status_body(401, "Unauthorized", "Unauthorized"),
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized",)"
            R"("reason":"Unauthorized","code":401})"
            "\n");
  EXPECT_EQ(status_body(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
            R"("message":"the server does not allow this method on the requested resource",)"
            R"("reason":"MethodNotAllowed","details":{},"code":405})"
            "\n");
  EXPECT_EQ(status_body(500, "", "invalid byte in chunk length"),
            R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
            R"("message":"invalid byte in chunk length","code":500})"
            "\n");
}

TEST(HttpDate, IsInGreenwich) {
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1'795'256'311), "Sat, 21 Nov 2026 10:18:31 GMT");
}

TEST(ChunkHead, IsTheSizeInHex) {
  EXPECT_EQ(chunk_head(1), "1\r\n");
  EXPECT_EQ(chunk_head(0x1a3), "1a3\r\n");
}

}  // namespace
}  // namespace ork::embedded
