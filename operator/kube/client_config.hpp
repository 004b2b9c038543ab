#pragma once

// Which API server, trusted how, and who we are. Holds secrets: never log one, and note that there
// is deliberately no operator<<.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/kube/error.hpp"

namespace ork::kube {

// PEM text, or the file it is read from (and read anew from, when it has been rotated). The text
// wins where both are set, as in a kubeconfig. Both empty: none.
struct Pem {
  std::string text;
  std::filesystem::path file;
  bool empty() const { return text.empty() && file.empty(); }
};

// A kubeconfig's user.exec: a program that prints an ExecCredential.
struct ExecPlugin {
  std::string api_version;  // client.authentication.k8s.io/v1 or /v1beta1
  std::string command;      // as in PATH, or a path (made absolute against the kubeconfig's folder)
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;  // added to our own
  std::string install_hint;
  bool provide_cluster_info = false;
};

struct ClientConfig {
  std::string server;           // "https://10.0.0.1:6443", a path prefix allowed, no '/' at the end
  std::string tls_server_name;  // the name to expect in the certificate; empty: the server's host
  bool insecure_skip_tls_verify = false;
  Pem ca;  // empty: the system's
  Pem client_cert;
  Pem client_key;
  std::string token;
  std::filesystem::path token_file;  // wins over token, and is read anew as it rotates
  std::optional<ExecPlugin> exec;
  // Who asks, as the API server's logs tell it. What stands before the first '/' is also the manager of the fields that
  // a write sets, so it has to be the same for every process.
  std::string user_agent = "ork";
  std::string ns = "default";
  std::string source;  // where this came from, for messages: "~/.kube/config, context dev"
};

// The ServiceAccount that the kubelet mounts into each Pod, with the server's address from
// KUBERNETES_SERVICE_HOST and _PORT. `root` is where the files lie; tests pass their own.
// Errors: Config.
Result<ClientConfig, Error> load_in_cluster(
    const std::filesystem::path& root = "/var/run/secrets/kubernetes.io/serviceaccount");

// Where a client looks for its cluster: `kubeconfig` if given, else $KUBECONFIG, else the Pod's
// ServiceAccount, else ~/.kube/config. `context` empty: the current one. Proxies, from the
// environment or a kubeconfig's proxy-url, are ignored: we talk to the API server itself.
Result<ClientConfig, Error> find_config(const std::filesystem::path& kubeconfig = {}, const std::string& context = {});

// Reads one file of at most limits::file_bytes. Errors: Config, naming the path.
Result<std::string, Error> read_small_file(const std::filesystem::path& path);

// The PEM text, from wherever it is; empty if there is none. Errors: Config.
Result<std::string, Error> read_pem(const Pem& pem);

// Without white space at either end: a file that holds a token often ends with a line break.
std::string trimmed(const std::string& text);

}  // namespace ork::kube
