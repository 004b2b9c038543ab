#include "operator/kube/credentials.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "operator/kube/base64.hpp"
#include "operator/kube/child_process.hpp"
#include "operator/kube/exec_credential.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::kube {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// A shell script as plugin. It notes each run in `runs`.
class PluginTest : public ::testing::Test {
 protected:
  PluginTest() {
    config_.server = "https://a";
    config_.exec.emplace();
    config_.exec->api_version = "client.authentication.k8s.io/v1";
  }

  void script(const std::string& text) {
    const std::string head = "#!/bin/sh\ncd '" + folder_.path().string() + "'\necho run >> runs\n";
    config_.exec->command = folder_.write_program("plugin", head + text).string();
  }
  static std::string print(const std::string& status) {
    return "cat <<'END'\n{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{" +
           status + "}}\nEND\n";
  }
  std::shared_ptr<Credentials> credentials() { return std::make_shared<Credentials>(io_, config_, times_); }

  // Runs the loop until the renewal is over.
  std::optional<Error> renew(Credentials& credentials, std::uint64_t seen = 0) {
    std::optional<std::optional<Error>> end;
    EXPECT_TRUE(credentials.renew(seen, [&end](std::optional<Error> error) { end.emplace(std::move(error)); }));
    EXPECT_FALSE(end.has_value()) << "answered from within the call";
    while (!end) {
      if (io_.stopped()) io_.restart();
      io_.run_one();
    }
    return *end;
  }
  std::size_t runs() const { return std::size_t(std::ranges::count(folder_.read("runs"), '\n')); }

  boost::asio::io_context io_{1};
  TemporaryFolder folder_;
  ClientConfig config_;
  CredentialTimes times_;
};

TEST_F(PluginTest, GivesItsTokenAndIsRunOnce) {
  script(print("\"token\":\"t1\""));
  const auto c = credentials();
  EXPECT_EQ(c->current(), nullptr);
  EXPECT_EQ(renew(*c), std::nullopt);
  ASSERT_NE(c->current(), nullptr);
  EXPECT_EQ(c->current()->token, "t1");
  EXPECT_EQ(c->current(), c->current());
  EXPECT_EQ(runs(), 1u);
}

TEST_F(PluginTest, GetsItsArgumentsEnvironmentAndTheClusterButNoInput) {
  script(
      "printf '%s|' \"$@\" > args\necho \"$GREETING\" > greeting\necho \"$KUBERNETES_EXEC_INFO\" > info\ncat > "
      "input\n" +
      print("\"token\":\"t\""));
  config_.exec->args = {"a b", "$(c)"};
  config_.exec->env = {{"GREETING", "hello"}};
  config_.exec->provide_cluster_info = true;
  config_.ca.text = "CA";
  config_.tls_server_name = "kube.test";
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  EXPECT_EQ(folder_.read("args"), "a b|$(c)|");
  EXPECT_EQ(folder_.read("greeting"), "hello\n");
  EXPECT_EQ(folder_.read("input"), "");
  const auto info = nlohmann::json::parse(folder_.read("info"));
  EXPECT_EQ(info["apiVersion"], "client.authentication.k8s.io/v1");
  EXPECT_EQ(info["kind"], "ExecCredential");
  EXPECT_EQ(info["spec"]["interactive"], false);
  EXPECT_EQ(info["spec"]["cluster"]["server"], "https://a");
  EXPECT_EQ(info["spec"]["cluster"]["tls-server-name"], "kube.test");
  EXPECT_EQ(info["spec"]["cluster"]["certificate-authority-data"], base64_encode("CA"));
}

TEST_F(PluginTest, MayGiveACertificate) {
  script(print("\"clientCertificateData\":\"CERT\",\"clientKeyData\":\"KEY\""));
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  EXPECT_EQ(c->current()->cert_pem, "CERT");
  EXPECT_EQ(c->current()->key_pem, "KEY");
}

TEST_F(PluginTest, IsRunAgainForCredentialsThatWereRejected) {
  script("n=$(wc -l < runs)\n" +
         std::string("echo \"{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\",\\\"kind\\\":"
                     "\\\"ExecCredential\\\",\\\"status\\\":{\\\"token\\\":\\\"t$n\\\"}}\"\n"));
  times_.plugin_min_interval = milliseconds(0);
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  const auto first = c->current();
  EXPECT_EQ(first->token, "t1");
  EXPECT_EQ(renew(*c, first->generation), std::nullopt);
  EXPECT_EQ(c->current()->token, "t2");
  // Somebody else who was rejected with the first: the second is worth trying.
  EXPECT_EQ(renew(*c, first->generation), std::nullopt);
  EXPECT_EQ(runs(), 2u);
}

TEST_F(PluginTest, IsNotRunForEachRejection) {
  script(print("\"token\":\"t\""));
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  EXPECT_FALSE(c->renew(c->current()->generation, [](const std::optional<Error>&) { FAIL(); }));
  EXPECT_EQ(runs(), 1u);
}

TEST_F(PluginTest, IsRunOnceForManyWhoWait) {
  script(print("\"token\":\"t\""));
  const auto c = credentials();
  int ended = 0;
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(c->renew(0, [&ended](const std::optional<Error>& e) { ended += e ? 100 : 1; }));
  while (ended < 5) io_.run_one();
  EXPECT_EQ(ended, 5);
  EXPECT_EQ(runs(), 1u);
}

TEST_F(PluginTest, IsRunAgainWhenItsTokenExpires) {
  script(print("\"token\":\"t\",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\""));
  times_.plugin_min_interval = milliseconds(50);
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  while (c->current() != nullptr) {
  }
  EXPECT_EQ(renew(*c), std::nullopt);
  EXPECT_EQ(runs(), 2u);
}

TEST_F(PluginTest, KeepsATokenThatHasTime) {
  script(print("\"token\":\"t\",\"expirationTimestamp\":\"9999-01-01T00:00:00Z\""));
  times_.plugin_min_interval = milliseconds(0);
  const auto c = credentials();
  EXPECT_EQ(renew(*c), std::nullopt);
  EXPECT_NE(c->current(), nullptr);
}

TEST_F(PluginTest, FailsWithASentence) {
  struct Case {
    std::string script;
    std::string message;
  };
  const Case cases[] = {
      {"echo 'no\n  network' >&2\nexit 3\n", "ended with status 3: no network"},
      {"kill -9 $$\n", "was ended by signal 9"},
      {"echo hello\n", "printed something that is not a JSON object"},
      {"echo '{\"kind\":\"Pod\"}'\n", "no ExecCredential"},
      {"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'\n",
       "another apiVersion"},
      {"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'\n", "without a status"},
      {print(""), "neither a token nor a certificate"},
      {print("\"clientKeyData\":\"k\""), "a key alone"},
      {print("\"token\":\"t\",\"expirationTimestamp\":\"soon\""), "not a time"},
      {print("\"token\":\"t\\nX: y\""), "blanks or control characters"},
      {"while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; "
       "done\n",
       "wrote more than"},
  };
  for (const Case& c : cases) {
    script(c.script);
    const auto under_test = credentials();
    const auto error = renew(*under_test);
    ASSERT_TRUE(error.has_value()) << c.message;
    EXPECT_EQ(error->code, Errc::Credentials);
    EXPECT_TRUE(error->transient());
    EXPECT_THAT(error->message, HasSubstr("the credential plugin " + config_.exec->command));
    EXPECT_THAT(error->message, HasSubstr(c.message));
    EXPECT_EQ(under_test->current(), nullptr);
    // The next one who asks is told the same without another run.
    const std::size_t before = runs();
    EXPECT_THAT(renew(*under_test)->message, HasSubstr(c.message));
    EXPECT_EQ(runs(), before);
  }
}

TEST_F(PluginTest, ThatIsNotInstalledSaysHowToGetIt) {
  config_.exec->command = "ork-test-no-such-plugin";
  config_.exec->install_hint = "get it from the shelf";
  const auto c = credentials();
  const auto error = renew(*c);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->message, HasSubstr("No such file or directory; get it from the shelf"));
}

bool alive(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  return !text.empty() && text.find(") Z ") == std::string::npos;
}

TEST_F(PluginTest, ThatHangsIsKilledWithAllItStarted) {
  script("sleep 1000 &\necho $! > child\nwait\n");
  times_.plugin_timeout = milliseconds(300);
  const auto c = credentials();
  const auto error = renew(*c);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->message, HasSubstr("did not end within 300 ms"));
  const std::string child = folder_.read("child");
  if (!child.empty()) {
    while (alive(std::stoi(child))) {  // a killed process goes in its own time
    }
  }
}

TEST_F(PluginTest, DoesNotHoldUpTheLoop) {
  script("while [ ! -e go ]; do sleep 0.01; done\n" + print("\"token\":\"t\""));
  const auto c = credentials();
  bool ended = false;
  EXPECT_TRUE(c->renew(0, [&ended](const std::optional<Error>& error) { ended = !error; }));
  boost::asio::steady_timer timer(io_, milliseconds(1));
  timer.async_wait([this](boost::system::error_code) { folder_.write("go", ""); });
  while (!ended) ASSERT_NE(io_.run_one(), 0u);
}

TEST_F(PluginTest, IsForgottenWithTheCredentials) {
  script("sleep 1000\n");
  auto c = credentials();
  EXPECT_TRUE(c->renew(0, [](const std::optional<Error>&) { FAIL() << "called after destruction"; }));
  c.reset();
  io_.run();
}

class TokenFileTest : public ::testing::Test {
 protected:
  TokenFileTest() {
    config_.server = "https://a";
    config_.token_file = folder_.write("token", "one\n");
  }
  std::shared_ptr<Credentials> credentials() { return std::make_shared<Credentials>(io_, config_, times_); }

  boost::asio::io_context io_{1};
  TemporaryFolder folder_;
  ClientConfig config_;
  CredentialTimes times_;
};

TEST_F(TokenFileTest, IsReadAgainWhenOldEnough) {
  times_.token_file_age = milliseconds(0);
  const auto c = credentials();
  const auto first = c->current();
  EXPECT_EQ(first->token, "one");
  EXPECT_EQ(c->current(), first) << "the same token is not a change";
  folder_.write("token", "two");
  EXPECT_EQ(c->current()->token, "two");
  EXPECT_GT(c->current()->generation, first->generation);
}

TEST_F(TokenFileTest, IsNotReadForEachRequestButAtOnceAfterARejection) {
  const auto c = credentials();
  const auto first = c->current();
  folder_.write("token", "two");
  EXPECT_EQ(c->current()->token, "one");
  bool renewed = false;
  EXPECT_TRUE(c->renew(first->generation, [&renewed](const std::optional<Error>& error) { renewed = !error; }));
  io_.run();
  EXPECT_TRUE(renewed);
  EXPECT_EQ(c->current()->token, "two");
}

TEST_F(TokenFileTest, ThatVanishesLeavesTheOldToken) {
  times_.token_file_age = milliseconds(0);
  const auto c = credentials();
  EXPECT_EQ(c->current()->token, "one");
  std::filesystem::remove(config_.token_file);
  EXPECT_EQ(c->current()->token, "one");
  folder_.write("token", "");
  EXPECT_EQ(c->current()->token, "one");
  folder_.write("token", "a\nb");
  EXPECT_EQ(c->current()->token, "one");
}

TEST_F(TokenFileTest, ThatIsMissingFromTheStartIsAnError) {
  std::filesystem::remove(config_.token_file);
  const auto c = credentials();
  EXPECT_EQ(c->current(), nullptr);
  std::optional<Error> seen;
  EXPECT_TRUE(c->renew(0, [&seen](std::optional<Error> error) { seen = std::move(error); }));
  io_.run();
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->code, Errc::Config);
  EXPECT_THAT(seen->message, HasSubstr("token: No such file or directory"));
}

TEST(FixedToken, CannotBeRenewed) {
  boost::asio::io_context io;
  ClientConfig config;
  config.token = "t";
  const auto c = std::make_shared<Credentials>(io, config);
  ASSERT_NE(c->current(), nullptr);
  EXPECT_FALSE(c->renew(c->current()->generation, [](const std::optional<Error>&) { FAIL(); }));
  io.run();
}

TEST(Rfc3339, ReadsTimesAndRefusesTheRest) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_rfc3339("2026-11-21T10:00:00Z"), 1'795'255'200);
  EXPECT_EQ(parse_rfc3339("2026-11-21T10:00:00.123456789Z"), 1'795'255'200);
  EXPECT_EQ(parse_rfc3339("2026-11-21T12:30:00+02:30"), 1'795'255'200);
  EXPECT_EQ(parse_rfc3339("2026-11-21T09:00:00-01:00"), 1'795'255'200);
  for (const char* bad :
       {"", "x", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T25:00:00Z",
        "2026-11-21T10:00:00", "2026-11-21T10:00:00+2", "2026-11-21T10:00:00Zx", "2026-11-21T10:00:00+02:30x"}) {
    EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace ork::kube
