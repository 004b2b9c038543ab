#include "operator/kube/kubeconfig.hpp"

#include <yaml-cpp/yaml.h>

#include <set>

#include "operator/kube/answer.hpp"
#include "operator/kube/base64.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

namespace fs = std::filesystem;

Error error_at(const fs::path& path, const YAML::Mark& mark, const std::string& message) {
  const std::string line = mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
  return config_error(path.string() + line + ": " + message);
}

std::string quoted(const std::string& text) { return '"' + printable(text, 100) + '"'; }

// One file, parsed. yaml-cpp takes the last of two equal keys and says nothing; here that is an
// error, since one of the two was meant and we cannot know which.
struct Document {
  fs::path path;
  YAML::Node root;
};

std::optional<Error> check_tree(const Document& document, const YAML::Node& node, int depth, std::size_t& left) {
  if (left-- == 0 || depth > limits::yaml_depth) {
    return error_at(document.path, node.Mark(), "it is nested too deep, or its aliases expand to too much");
  }
  std::set<std::string> seen;
  for (const auto& item : node) {
    if (node.IsMap()) {
      if (!item.first.IsScalar()) return error_at(document.path, item.first.Mark(), "a key must be plain text");
      if (!seen.insert(item.first.Scalar()).second) {
        return error_at(document.path, item.first.Mark(), "the key " + quoted(item.first.Scalar()) + " appears twice");
      }
    }
    if (auto error = check_tree(document, node.IsMap() ? item.second : YAML::Node(item), depth + 1, left)) return error;
  }
  return std::nullopt;
}

// Reads fields of one mapping and keeps the first error, so that callers check once.
class Fields {
 public:
  Fields(const Document& document, const YAML::Node& node) : document_(&document), node_(node) {}

  YAML::Node at(const char* key) const {
    const YAML::Node& fixed = node_;  // operator[] of a mutable node would insert the key
    return node_.IsMap() && fixed[key] ? YAML::Node(fixed[key]) : YAML::Node();
  }
  bool has(const char* key) const {
    const YAML::Node value = at(key);
    return value.IsDefined() && !value.IsNull();
  }
  std::string text(const char* key) {
    const YAML::Node value = at(key);
    if (value.IsNull()) return {};
    if (!value.IsScalar()) {
      fail(value.Mark(), std::string(key) + " must be text");
      return {};
    }
    return value.Scalar();
  }
  bool flag(const char* key) {
    const std::string value = text(key);
    if (!value.empty() && value != "true" && value != "false")
      fail(at(key).Mark(), std::string(key) + " must be true or false");
    return value == "true";
  }
  std::vector<YAML::Node> list(const char* key) {
    const YAML::Node value = at(key);
    if (!value.IsNull() && !value.IsSequence()) fail(value.Mark(), std::string(key) + " must be a list");
    std::vector<YAML::Node> out;
    for (const auto& item : value) out.emplace_back(item);
    return out;
  }
  fs::path file(const char* key) {
    const fs::path path = text(key);
    return path.empty() || path.is_absolute() ? path : document_->path.parent_path() / path;
  }
  // NAME-data (base64) or NAME (a file).
  Pem pem(const std::string& key) {
    Pem out;
    const std::string data_key = key + "-data";
    const std::string data = text(data_key.c_str());
    if (data.empty()) {
      out.file = file(key.c_str());
      return out;
    }
    const auto decoded = base64_decode(data);
    if (!decoded) fail(at(data_key.c_str()).Mark(), data_key + " is not base64");
    out.text = decoded.value_or("");
    return out;
  }

  void fail(const YAML::Mark& mark, const std::string& message) {
    if (!error_) error_ = error_at(document_->path, mark, message);
  }
  YAML::Mark mark() const { return node_.Mark(); }
  const Document& document() const { return *document_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  const Document* document_;
  YAML::Node node_;
  std::optional<Error> error_;
};

Result<Document, Error> parse_file(const KubeconfigFile& file) {
  Document document{file.path, {}};
  try {
    document.root = YAML::Load(file.text);
    std::size_t left = limits::yaml_nodes;
    if (auto error = check_tree(document, document.root, 0, left)) return Err(*std::move(error));
  } catch (const YAML::Exception& e) {
    return Err(error_at(file.path, e.mark, "not YAML: " + printable(e.msg, 200)));
  }
  if (!document.root.IsNull() && !document.root.IsMap()) {
    return Err(error_at(file.path, document.root.Mark(), "a kubeconfig must be a mapping"));
  }
  Fields fields(document, document.root);
  const std::string kind = fields.text("kind");
  if (!kind.empty() && kind != "Config")
    return Err(error_at(file.path, fields.at("kind").Mark(), "kind must be Config"));
  if (fields.error()) return Err(*fields.error());
  return document;
}

// The entry `name` of a list such as contexts: [{name, context: {...}}]; the first file wins.
Result<Fields, Error> find_entry(const std::vector<Document>& documents, const char* list, const char* inner,
                                 const std::string& name) {
  std::optional<Fields> found;
  std::string known;
  for (const Document& document : documents) {
    std::optional<YAML::Node> here;
    Fields root(document, document.root);
    for (const YAML::Node& item : root.list(list)) {
      Fields entry(document, item);
      const std::string entry_name = entry.text("name");
      if (entry.error()) return Err(*entry.error());
      known += (known.empty() ? "" : ", ") + entry_name;
      if (entry_name != name) continue;
      if (here)
        return Err(error_at(document.path, item.Mark(), std::string(list) + " has two entries named " + quoted(name)));
      here = entry.at(inner);
      if (!here->IsMap())
        return Err(
            error_at(document.path, item.Mark(), std::string(inner) + " of " + quoted(name) + " must be a mapping"));
    }
    if (root.error()) return Err(*root.error());
    if (here && !found) found = Fields(document, *here);
  }
  if (found) return *found;
  const std::string others = known.empty() ? "there are none" : "there are: " + printable(known, 200);
  return Err(config_error(documents.back().path.string() + ": " + std::string(list) + " has no entry named " +
                          quoted(name) + "; " + others));
}

void read_cluster(Fields& cluster, ClientConfig& config) {
  config.server = cluster.text("server");
  config.tls_server_name = cluster.text("tls-server-name");
  config.insecure_skip_tls_verify = cluster.flag("insecure-skip-tls-verify");
  config.ca = cluster.pem("certificate-authority");
  if (config.server.rfind("https://", 0) != 0 && config.server.rfind("http://", 0) != 0) {
    cluster.fail(cluster.has("server") ? cluster.at("server").Mark() : cluster.mark(),
                 "server must be a URL with https:// (or http://)");
  }
  if (config.insecure_skip_tls_verify && !config.ca.empty()) {
    cluster.fail(cluster.mark(), "insecure-skip-tls-verify and a certificate authority exclude each other");
  }
  while (!config.server.empty() && config.server.back() == '/') config.server.pop_back();
}

void read_exec(Fields& user, ClientConfig& config) {
  Fields exec(user.document(), user.at("exec"));
  ExecPlugin plugin;
  plugin.api_version = exec.text("apiVersion");
  plugin.command = exec.text("command");
  plugin.install_hint = exec.text("installHint");
  plugin.provide_cluster_info = exec.flag("provideClusterInfo");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    exec.fail(exec.mark(),
              "exec.apiVersion must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
  }
  if (plugin.command.empty()) exec.fail(exec.mark(), "exec.command is missing");
  // A command with a '/' lies relative to the file; a bare name is looked for in PATH.
  if (plugin.command.find('/') != std::string::npos) plugin.command = exec.file("command").string();
  if (exec.text("interactiveMode") == "Always") {
    exec.fail(exec.mark(), "exec.interactiveMode Always needs a terminal, which ork does not give to plugins");
  }
  for (const YAML::Node& arg : exec.list("args")) {
    if (!arg.IsScalar()) exec.fail(arg.Mark(), "exec.args must be texts");
    if (arg.IsScalar()) plugin.args.push_back(arg.Scalar());
  }
  for (const YAML::Node& item : exec.list("env")) {
    Fields variable(user.document(), item);
    plugin.env.emplace_back(variable.text("name"), variable.text("value"));
    if (plugin.env.back().first.empty() || variable.error())
      exec.fail(item.Mark(), "exec.env must be a list of name and value");
  }
  if (exec.error()) user.fail(exec.mark(), exec.error()->message);
  config.exec = std::move(plugin);
}

void read_user(Fields& user, ClientConfig& config) {
  for (const char* key : {"as", "as-uid", "as-groups", "as-user-extra"}) {
    if (user.has(key)) user.fail(user.at(key).Mark(), std::string("impersonation (") + key + ") is not supported");
  }
  if (user.has("auth-provider"))
    user.fail(user.at("auth-provider").Mark(), "auth-provider is gone from Kubernetes since 1.26; use exec");
  if (user.has("username"))
    user.fail(user.at("username").Mark(),
              "username and password are not supported; use a certificate, a token or exec");
  config.token = user.text("token");
  config.token_file = user.file("tokenFile");
  config.client_cert = user.pem("client-certificate");
  config.client_key = user.pem("client-key");
  if (config.client_cert.empty() != config.client_key.empty()) {
    user.fail(user.mark(), "client-certificate and client-key must come together");
  }
  if (user.has("exec")) read_exec(user, config);
}

Result<std::string, Error> choose_context(const std::vector<Document>& documents, const std::string& asked) {
  if (!asked.empty()) return asked;
  for (const Document& document : documents) {
    Fields root(document, document.root);
    std::string name = root.text("current-context");
    if (root.error()) return Err(*root.error());
    if (!name.empty()) return name;
  }
  return Err(config_error(documents.front().path.string() +
                          ": no current-context; set one with `kubectl config use-context NAME` or name one"));
}

}  // namespace

Result<ClientConfig, Error> parse_kubeconfig(const std::vector<KubeconfigFile>& files, const std::string& context) {
  if (files.empty()) return Err(config_error("no kubeconfig file was given"));
  std::vector<Document> documents;
  for (const KubeconfigFile& file : files) {
    auto document = parse_file(file);
    if (!document) return Err(document.error());
    documents.push_back(*std::move(document));
  }
  const auto name = choose_context(documents, context);
  if (!name) return Err(name.error());
  auto chosen = find_entry(documents, "contexts", "context", *name);
  if (!chosen) return Err(chosen.error());
  ClientConfig config;
  const std::string cluster_name = chosen->text("cluster");
  const std::string user_name = chosen->text("user");
  if (std::string ns = chosen->text("namespace"); !ns.empty()) config.ns = ns;
  if (chosen->error()) return Err(*chosen->error());
  auto cluster = find_entry(documents, "clusters", "cluster", cluster_name);
  if (!cluster) return Err(cluster.error());
  read_cluster(*cluster, config);
  if (cluster->error()) return Err(*cluster->error());
  if (!user_name.empty()) {
    auto user = find_entry(documents, "users", "user", user_name);
    if (!user) return Err(user.error());
    read_user(*user, config);
    if (user->error()) return Err(*user->error());
  }
  config.source = chosen->document().path.string() + ", context " + *name;
  return config;
}

Result<ClientConfig, Error> load_kubeconfig(const std::vector<fs::path>& paths, const std::string& context) {
  std::vector<KubeconfigFile> files;
  std::string missing;
  for (const fs::path& path : paths) {
    std::error_code ignored;
    const fs::path absolute = fs::absolute(path, ignored);
    if (!fs::exists(absolute, ignored)) {
      missing += (missing.empty() ? "" : ", ") + path.string();
      continue;
    }
    auto text = read_small_file(absolute);
    if (!text) return Err(text.error());
    files.push_back({absolute, *std::move(text)});
  }
  if (files.empty())
    return Err(config_error("no kubeconfig: " + (missing.empty() ? "none was named" : missing + " does not exist")));
  auto config = parse_kubeconfig(files, context);
  if (!config) return config;
  for (const Pem* pem : {&config->ca, &config->client_cert, &config->client_key}) {
    const auto text = read_pem(*pem);
    if (!text) return Err(text.error());
  }
  if (!config->token_file.empty()) {
    const auto text = read_small_file(config->token_file);
    if (!text) return Err(text.error());
  }
  return config;
}

std::vector<fs::path> split_kubeconfig_list(std::string_view list) {
  std::vector<fs::path> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

}  // namespace ork::kube
