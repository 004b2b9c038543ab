#include "operator/embedded/http/access.hpp"

#include <gtest/gtest.h>

#include <set>

#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t now = 1'795'256'311;
constexpr std::int64_t day = 86'400;

class AccessTest : public ::testing::Test {
 protected:
  Access access(std::int64_t at = now) {
    auto opened = open_access(folder.path(), at);
    EXPECT_TRUE(opened) << opened.error();
    return opened ? *std::move(opened) : Access{};
  }
  kube::testing::TemporaryFolder folder;
};

TEST_F(AccessTest, IsMadeWhereThereIsNone) {
  const Access made = access();
  EXPECT_EQ(made.token.size(), 43u);
  EXPECT_TRUE(made.identity.certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_TRUE(made.identity.key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

TEST_F(AccessTest, IsNeverTheSameTwice) {
  const kube::testing::TemporaryFolder other;
  const Access here = access();
  const auto there = open_access(other.path(), now);
  ASSERT_TRUE(there);
  EXPECT_NE(here.token, there->token);
  EXPECT_NE(here.identity.key, there->identity.key);
}

TEST_F(AccessTest, StaysTheSameAcrossRestarts) {
  const Access first = access();
  const Access second = access(now + 600 * day);
  EXPECT_EQ(second.token, first.token);
  EXPECT_EQ(second.identity.certificate, first.identity.certificate);
  EXPECT_EQ(second.identity.key, first.identity.key);
}

TEST_F(AccessTest, IsForNobodyElseToRead) {
  access();
  for (const char* name : {"api.token", "api.crt", "api.key"}) {
    EXPECT_EQ(fs::status(folder.path() / name).permissions(), fs::perms::owner_read | fs::perms::owner_write) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 3);  // and nothing is left lying about
}

TEST_F(AccessTest, IsMadeAnewWhenOthersCouldReadIt) {
  const Access first = access();
  fs::permissions(folder.path() / "api.token", fs::perms::group_read, fs::perm_options::add);
  EXPECT_NE(access().token, first.token);
  fs::permissions(folder.path() / "api.key", fs::perms::others_read, fs::perm_options::add);
  EXPECT_NE(access().identity.key, first.identity.key);
}

TEST_F(AccessTest, IsMadeAnewWhenItIsDamaged) {
  const Access first = access();
  for (const char* text : {"", "short", "a-token-of-the-right-length-but-with-a-blank ", "\n"}) {
    folder.write("api.token", text);
    EXPECT_EQ(access().token.size(), 43u);
  }
  folder.write("api.crt", first.identity.certificate.substr(0, 200));
  const Access second = access();
  EXPECT_NE(second.identity.certificate, first.identity.certificate);
  folder.write("api.key", first.identity.key);  // of another certificate
  EXPECT_NE(access().identity.key, first.identity.key);
  fs::remove(folder.path() / "api.crt");
  EXPECT_NE(access().identity.certificate, second.identity.certificate);
}

TEST_F(AccessTest, HasACertificateThatIsRenewedThirtyDaysBeforeItsEnd) {
  const Access first = access(now);
  EXPECT_EQ(access(now + 699 * day).identity.certificate, first.identity.certificate);
  const Access later = access(now + 701 * day);
  EXPECT_NE(later.identity.certificate, first.identity.certificate);
  EXPECT_EQ(later.token, first.token);
}

TEST_F(AccessTest, HasACertificateThatIsRenewedWhenItIsOfTheFuture) {
  const Access first = access(now);
  EXPECT_EQ(access(now - day / 2).identity.certificate, first.identity.certificate);
  EXPECT_NE(access(now - 2 * day).identity.certificate, first.identity.certificate);
}

TEST_F(AccessTest, SaysWhichFileCouldNotBeWritten) {
  const auto none = open_access(folder.path() / "missing", now);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(),
            "can't create " + (folder.path() / "missing/api.token").string() + ": No such file or directory");
}

}  // namespace
}  // namespace ork::embedded
