#include "operator/embedded/http/kubeconfig_file.hpp"

#include <gtest/gtest.h>

#include "operator/kube/kubeconfig.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

namespace fs = std::filesystem;

TEST(KubeconfigFile, IsWhatKubectlReads) {
  EXPECT_EQ(kubeconfig_text({"https://127.0.0.1:41234", "secret", "PEM"}),
            R"(apiVersion: v1
kind: Config
current-context: ork-dev
clusters:
- name: ork-dev
  cluster:
    server: "https://127.0.0.1:41234"
    certificate-authority-data: UEVN
contexts:
- name: ork-dev
  context:
    cluster: ork-dev
    namespace: default
    user: ork-dev
users:
- name: ork-dev
  user:
    token: "secret"
)");
}

TEST(KubeconfigFile, NamesNoAuthorityForPlainHttp) {
  const std::string text = kubeconfig_text({"http://127.0.0.1:1", "secret", ""});
  EXPECT_EQ(text.find("certificate"), std::string::npos);
}

TEST(KubeconfigFile, KeepsAnyTokenAsItIs) {
  const std::string odd = "a\"b: #c\n\\ é";
  const auto parsed =
      kube::parse_kubeconfig({{"kubeconfig", kubeconfig_text({"https://localhost:1", odd, "PEM"})}}, "");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->token, odd);
  EXPECT_EQ(parsed->server, "https://localhost:1");
  EXPECT_EQ(parsed->ca.text, "PEM");
  EXPECT_EQ(parsed->ns, "default");
}

TEST(KubeconfigFile, IsForItsOwnerAloneAlsoWhereItWasNotBefore) {
  const kube::testing::TemporaryFolder folder;
  const fs::path path = folder.write("kubeconfig", "an older and much longer text that must not shine through\n");
  fs::permissions(path, fs::perms::all);
  ASSERT_TRUE(write_kubeconfig(path, {"https://localhost:1", "t", ""}));
  EXPECT_EQ(folder.read("kubeconfig"), kubeconfig_text({"https://localhost:1", "t", ""}));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(KubeconfigFile, LeavesTheOldOneWhereTheNewOneCanNotBeWritten) {
  const kube::testing::TemporaryFolder folder;
  const fs::path path = folder.path() / "kubeconfig";
  fs::create_directories(path / "is a folder");
  const auto written = write_kubeconfig(path, {"https://localhost:1", "t", ""});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), "can't replace " + path.string() + ": Is a directory");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace ork::embedded
