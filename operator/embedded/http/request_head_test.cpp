#include "operator/embedded/http/request_head.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

RequestHead good_head() {
  RequestHead head;
  head.method = "GET";
  head.target = "/api/v1/pods?limit=5";
  head.host = "127.0.0.1:6443";
  head.hosts = 1;
  head.authorization = "Bearer secret";
  return head;
}

int status_of(const RequestHead& head) {
  const auto refusal = refusal_of(head, "secret");
  return refusal ? refusal->status : 0;
}

TEST(PathAndQuery, TakesWhatFollowsTheAuthorityOfAnAbsoluteTarget) {
  EXPECT_EQ(path_and_query("/api?a=b"), "/api?a=b");
  EXPECT_EQ(path_and_query("http://localhost:1/api?a=b"), "/api?a=b");
  EXPECT_EQ(path_and_query("HTTPS://localhost/"), "/");
  EXPECT_EQ(path_and_query("https://localhost"), "/");
}

TEST(PathAndQuery, IsNothingForFormsThatNameNoResource) {
  for (const char* target : {"*", "", "localhost:443", "api", "http://localhost?a=b", "ftp://localhost/"}) {
    EXPECT_FALSE(path_and_query(target)) << target;
  }
}

TEST(LoopbackHost, IsTheNameAndEveryAddressOfThisMachineAlone) {
  for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:1", "127.8.8.8:65535", "[::1]",
                           "[::1]:6443", "localhost:"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
}

TEST(LoopbackHost, IsNoOtherName) {
  for (const char* host :
       {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil", "10.0.0.1", "[::2]",
        "[::1]evil", "[::1]:x", "localhost:123456", "localhost:80:80", "::1", "0.0.0.0", "0x7f.0.0.1", "127.1"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(Token, IsCarriedByABearerHeaderWithExactlyIt) {
  EXPECT_TRUE(carries_token("Bearer secret", "secret"));
  EXPECT_TRUE(carries_token("bearer secret", "secret"));
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer Secret", "Basic secret",
                             "secret", "Bearer  secret"}) {
    EXPECT_FALSE(carries_token(header, "secret")) << header;
  }
}

TEST(Token, ThatIsEmptyIsCarriedByNobody) { EXPECT_FALSE(carries_token("Bearer ", "")); }

TEST(Refusal, IsNotForARequestWithTokenFromThisMachine) { EXPECT_EQ(status_of(good_head()), 0); }

TEST(Refusal, SaysWhatAnApiServerSaysWithoutTheToken) {
  RequestHead head = good_head();
  head.authorization = "Bearer other";
  const auto refusal = refusal_of(head, "secret");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 401);
  EXPECT_EQ(refusal->reason, "Unauthorized");
  EXPECT_EQ(refusal->message, "Unauthorized");
}

TEST(Refusal, LetsAnyoneAskWhetherTheServerIsUpAndWhichItIs) {
  RequestHead head = good_head();
  head.authorization = "";
  for (const char* path : {"/healthz", "/livez?verbose", "/readyz", "/version"}) {
    head.target = path;
    EXPECT_EQ(status_of(head), 0) << path;
  }
  for (const char* path : {"/", "/api", "/healthz/etcd", "/healthzz", "/version/", "/openapi/v3"}) {
    head.target = path;
    EXPECT_EQ(status_of(head), 401) << path;
  }
}

TEST(Refusal, OfAWrongTokenIsForThosePathsToo) {
  RequestHead head = good_head();
  head.target = "/healthz";
  head.authorization = "Bearer wrong";
  EXPECT_EQ(status_of(head), 401);
}

TEST(Refusal, TurnsAwayAPageThatReachedUsByANameOfItsOwnBeforeLookingAtTheToken) {
  RequestHead head = good_head();
  head.host = "rebound.example:6443";
  EXPECT_EQ(status_of(head), 403);
  head.authorization = "";
  EXPECT_EQ(status_of(head), 403);
}

TEST(Refusal, GoesByTheAuthorityOfAnAbsoluteTargetInsteadOfTheHost) {
  RequestHead head = good_head();
  head.target = "http://rebound.example/api";
  EXPECT_EQ(status_of(head), 403);
  head.target = "http://localhost/api";
  head.host = "rebound.example";
  EXPECT_EQ(status_of(head), 0);
}

TEST(Refusal, WantsExactlyOneHost) {
  RequestHead head = good_head();
  head.hosts = 2;
  EXPECT_EQ(status_of(head), 400);
  head.hosts = 0;
  head.host = "";
  EXPECT_EQ(status_of(head), 400);
  head.http_1_0 = true;  // knew no Host
  EXPECT_EQ(status_of(head), 0);
}

TEST(Refusal, IsNotForMethods) {
  RequestHead head = good_head();
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get"}) {
    head.method = method;
    EXPECT_EQ(status_of(head), 0) << method;
  }
}

}  // namespace
}  // namespace ork::embedded
