#include "operator/kube/kubeconfig.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "operator/kube/base64.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TemporaryFolder;

std::string kubeconfig(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
         "contexts:\n- name: dev\n  context: {cluster: c, user: u, namespace: team}\n"
         "clusters:\n- name: c\n  cluster: {" +
         cluster +
         "}\n"
         "users:\n- name: u\n  user: {" +
         user + "}\n";
}

Result<ClientConfig, Error> parse(const std::string& text, const std::string& context = {}) {
  return parse_kubeconfig({{"/home/me/.kube/config", text}}, context);
}

TEST(Kubeconfig, GivesServerTrustIdentityAndNamespace) {
  const auto config =
      parse(kubeconfig("server: 'https://10.0.0.1:6443/', certificate-authority-data: " + base64_encode("CA") +
                           ", tls-server-name: kube.test",
                       "client-certificate-data: " + base64_encode("CERT") + ", client-key: keys/k.pem"));
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
  EXPECT_EQ(config->ca.text, "CA");
  EXPECT_EQ(config->tls_server_name, "kube.test");
  EXPECT_EQ(config->client_cert.text, "CERT");
  EXPECT_EQ(config->client_key.file, "/home/me/.kube/keys/k.pem");
  EXPECT_EQ(config->ns, "team");
  EXPECT_FALSE(config->insecure_skip_tls_verify);
  EXPECT_EQ(config->source, "/home/me/.kube/config, context dev");
}

TEST(Kubeconfig, ReadsTokensAndPlugins) {
  const auto token = parse(kubeconfig("server: https://a", "token: t, tokenFile: /t"));
  ASSERT_TRUE(token.ok()) << token.error().message;
  EXPECT_EQ(token->token, "t");
  EXPECT_EQ(token->token_file, "/t");
  const auto exec = parse(kubeconfig(
      "server: https://a",
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/plugin, args: [a, 'b c'], "
      "env: [{name: X, value: 'y'}], interactiveMode: IfAvailable, provideClusterInfo: true, installHint: get it}"));
  ASSERT_TRUE(exec.ok()) << exec.error().message;
  ASSERT_TRUE(exec->exec.has_value());
  EXPECT_EQ(exec->exec->command, "/home/me/.kube/./bin/plugin");
  EXPECT_EQ(exec->exec->args, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(exec->exec->env, (std::vector<std::pair<std::string, std::string>>{{"X", "y"}}));
  EXPECT_TRUE(exec->exec->provide_cluster_info);
  EXPECT_EQ(exec->exec->install_hint, "get it");
}

TEST(Kubeconfig, LooksForABarePluginInPath) {
  const auto exec = parse(
      kubeconfig("server: https://a",
                 "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: null, env: null}"));
  ASSERT_TRUE(exec.ok()) << exec.error().message;
  EXPECT_EQ(exec->exec->command, "aws");
}

TEST(Kubeconfig, MayBeJsonAndMayHaveNoUser) {
  const auto config =
      parse(R"({"kind":"Config","current-context":"x","contexts":[{"name":"x","context":{"cluster":"c"}}],
      "clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:8001","insecure-skip-tls-verify":true}}],"users":null})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->ns, "default");
  EXPECT_TRUE(config->insecure_skip_tls_verify);
}

TEST(Kubeconfig, SaysInOneSentenceWhatIsWrongAndWhere) {
  const std::string good = "server: https://a";
  struct Case {
    std::string text;
    std::string message;
  };
  const Case cases[] = {
      {"a: [", "/home/me/.kube/config:1: not YAML"},
      {"- a", "/home/me/.kube/config:1: a kubeconfig must be a mapping"},
      {"kind: Pod", "/home/me/.kube/config:1: kind must be Config"},
      {"", "/home/me/.kube/config: no current-context"},
      {"current-context: x", "contexts has no entry named \"x\"; there are none"},
      {"current-context: x\ncontexts: [{name: y, context: {cluster: c}}]", "there are: y"},
      {"current-context: x\ncurrent-context: y", ":2: the key \"current-context\" appears twice"},
      {"current-context: x\ncontexts: {}", ":2: contexts must be a list"},
      {"current-context: x\ncontexts:\n- name: x\n- name: x", ":3: context of \"x\" must be a mapping"},
      {"current-context: x\ncontexts:\n- {name: x, context: {cluster: c}}\n- {name: x, context: {cluster: d}}",
       ":4: contexts has two entries named \"x\""},
      {"current-context: x\ncontexts:\n- {name: x, context: {cluster: c}}", "clusters has no entry named \"c\""},
      {"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
       "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: "
       "[*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]",
       "aliases expand to too much"},
      {kubeconfig("certificate-authority: x", ""), ":9: server must be a URL"},
      {kubeconfig("server: 'ftp://a'", ""), ":9: server must be a URL"},
      {kubeconfig("server: https://a, insecure-skip-tls-verify: maybe", ""),
       "insecure-skip-tls-verify must be true or false"},
      {kubeconfig("server: https://a, insecure-skip-tls-verify: true, certificate-authority: x", ""),
       "exclude each other"},
      {kubeconfig("server: https://a, certificate-authority-data: '***'", ""),
       ":9: certificate-authority-data is not base64"},
      {kubeconfig("server: [x]", ""), ":9: server must be text"},
      {kubeconfig(good, "client-certificate: x"), ":12: client-certificate and client-key must come together"},
      {kubeconfig(good, "as: admin"), "impersonation (as) is not supported"},
      {kubeconfig(good, "auth-provider: {name: gcp}"), "auth-provider is gone"},
      {kubeconfig(good, "username: me, password: x"), "username and password are not supported"},
      {kubeconfig(good, "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"),
       ":12: exec.apiVersion must be"},
      {kubeconfig(good, "exec: {apiVersion: client.authentication.k8s.io/v1}"), ":12: exec.command is missing"},
      {kubeconfig(good, "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}"),
       "needs a terminal"},
      {kubeconfig(good, "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{value: y}]}"),
       "exec.env must be"},
      {kubeconfig(good, "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [[a]]}"),
       "exec.args must be texts"},
  };
  for (const Case& c : cases) {
    const auto config = parse(c.text);
    ASSERT_FALSE(config.ok()) << c.message;
    EXPECT_EQ(config.error().code, Errc::Config);
    EXPECT_THAT(config.error().message, HasSubstr(c.message));
    EXPECT_EQ(config.error().message.find('\n'), std::string::npos);
  }
}

TEST(Kubeconfig, NeverShowsASecretInAMessage) {
  const auto config = parse(kubeconfig("server: https://a", "token: [s3cret]"));
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().message.find("s3cret"), std::string::npos);
}

TEST(Kubeconfig, MergesFilesTheFirstOfANameWins) {
  const std::string first =
      "current-context: one\ncontexts: [{name: one, context: {cluster: c, user: u}}]\n"
      "users: [{name: u, user: {token: first}}]";
  const std::string second =
      "current-context: two\ncontexts: [{name: one, context: {cluster: other}}, {name: two, context: {cluster: c}}]\n"
      "users: [{name: u, user: {token: second, tokenFile: x}}]\n"
      "clusters: [{name: c, cluster: {server: 'https://a', certificate-authority: ca.crt}}]";
  const std::vector<KubeconfigFile> files{{"/a/config", first}, {"/b/config", second}};
  const auto config = parse_kubeconfig(files, "");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->token, "first");
  EXPECT_TRUE(config->token_file.empty());
  EXPECT_EQ(config->ca.file, "/b/ca.crt");
  const auto two = parse_kubeconfig(files, "two");
  ASSERT_TRUE(two.ok()) << two.error().message;
  EXPECT_TRUE(two->token.empty());
}

TEST(Kubeconfig, PassesOverFilesThatDoNotExistAsLongAsOneDoes) {
  const TemporaryFolder folder;
  folder.write("config", kubeconfig("server: https://a, certificate-authority: ca.crt", "token: t"));
  folder.write("ca.crt", "CA");
  const auto config = load_kubeconfig({folder.path() / "absent", folder.path() / "config"}, "");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->ca.file, folder.path() / "ca.crt");
  const auto none = load_kubeconfig({folder.path() / "absent"}, "");
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message, HasSubstr("absent does not exist"));
}

TEST(Kubeconfig, TellsNowThatACertificateIsMissing) {
  const TemporaryFolder folder;
  folder.write("config", kubeconfig("server: https://a, certificate-authority: ca.crt", ""));
  const auto config = load_kubeconfig({folder.path() / "config"}, "");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().message,
            "cannot read " + (folder.path() / "ca.crt").string() + ": No such file or directory");
}

TEST(Kubeconfig, RefusesFilesThatAreNoConfiguration) {
  const TemporaryFolder folder;
  folder.write("big", std::string(2u << 20, ' '));
  EXPECT_FALSE(load_kubeconfig({folder.path() / "big"}, "").ok());
  EXPECT_FALSE(load_kubeconfig({folder.path()}, "").ok());
}

TEST(Kubeconfig, ListsComeApartAtColons) {
  EXPECT_EQ(split_kubeconfig_list("/a:/b::c:"), (std::vector<std::filesystem::path>{"/a", "/b", "c"}));
  EXPECT_TRUE(split_kubeconfig_list("").empty());
}

TEST(InCluster, ReadsWhatTheKubeletMounts) {
  const TemporaryFolder folder;
  folder.write("token", "abc\n");
  folder.write("ca.crt", "CA");
  folder.write("namespace", "ork\n");
  const testing::Environment host("KUBERNETES_SERVICE_HOST", "fd00::1");
  const testing::Environment port("KUBERNETES_SERVICE_PORT", "443");
  const auto config = load_in_cluster(folder.path());
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->server, "https://[fd00::1]:443");
  EXPECT_EQ(config->ns, "ork");
  EXPECT_EQ(config->token_file, folder.path() / "token");
  EXPECT_EQ(config->ca.file, folder.path() / "ca.crt");
  folder.write("token", "");
  EXPECT_THAT(load_in_cluster(folder.path()).error().message, HasSubstr("token is empty"));
}

TEST(InCluster, SaysSoOutsideAPod) {
  const testing::Environment host("KUBERNETES_SERVICE_HOST", "");
  EXPECT_THAT(load_in_cluster("/nowhere").error().message, StartsWith("not inside a Pod"));
}

TEST(FindConfig, LooksWhereKubectlLooks) {
  const TemporaryFolder folder;
  folder.write("named", kubeconfig("server: https://named", ""));
  folder.write("listed", kubeconfig("server: https://listed", ""));
  folder.write(".kube/config", kubeconfig("server: https://home", ""));
  const testing::Environment pod("KUBERNETES_SERVICE_HOST", "");
  const testing::Environment home("HOME", folder.path().string());
  {
    const testing::Environment list("KUBECONFIG", (folder.path() / "listed").string());
    EXPECT_EQ(find_config(folder.path() / "named")->server, "https://named");
    EXPECT_EQ(find_config()->server, "https://listed");
  }
  const testing::Environment none("KUBECONFIG", "");
  EXPECT_EQ(find_config()->server, "https://home");
  EXPECT_FALSE(find_config({}, "absent").ok());
}

TEST(Base64, RoundTripsAndRefusesWhatItIsNot) {
  for (std::size_t size = 0; size < 50; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + size);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
  EXPECT_EQ(base64_encode("abcd"), "YWJjZA==");
  EXPECT_EQ(base64_decode("YW\nJj ZA=="), "abcd");
  for (const char* bad : {"a", "ab", "abc", "a===", "ab=c", "ab==cd==", "a*bc", "====", "YWJjZA==Y"}) {
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace ork::kube
