#include "operator/kube/client_config.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "operator/kube/kubeconfig.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<std::string, Error> read_small_file(const std::filesystem::path& path) {
  const auto failed = [&path](const char* why) {
    return Err(config_error("cannot read " + path.string() + ": " + why));
  };
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat info{};
  if (file.fd < 0 || ::fstat(file.fd, &info) != 0) return failed(std::strerror(errno));
  if (S_ISDIR(info.st_mode)) return failed("it is a folder");
  std::string text;
  std::string chunk(16'384, '\0');
  for (;;) {
    const ssize_t size = ::read(file.fd, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(std::strerror(errno));
    if (size == 0) return text;
    text.append(chunk, 0, static_cast<std::size_t>(size));
    if (text.size() > limits::file_bytes) return failed("it is larger than 1 MiB");
  }
}

Result<std::string, Error> read_pem(const Pem& pem) {
  if (!pem.text.empty() || pem.file.empty()) return pem.text;
  return read_small_file(pem.file);
}

Result<ClientConfig, Error> load_in_cluster(const std::filesystem::path& root) {
  std::string host = environment("KUBERNETES_SERVICE_HOST");
  const std::string port = environment("KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty()) {
    return Err(config_error("not inside a Pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set"));
  }
  if (host.find(':') != std::string::npos) host = "[" + host + "]";  // an IPv6 address
  ClientConfig config;
  config.server = "https://" + host + ":" + port;
  config.token_file = root / "token";
  config.ca.file = root / "ca.crt";
  config.source = "the Pod's ServiceAccount (" + root.string() + ")";
  // Both must be there now, so that a Pod without a ServiceAccount says so in one sentence.
  for (const auto& file : {config.token_file, config.ca.file}) {
    const auto text = read_small_file(file);
    if (!text) return Err(text.error());
    if (trimmed(*text).empty()) return Err(config_error(file.string() + " is empty"));
  }
  const auto ns = read_small_file(root / "namespace");
  if (ns && !trimmed(*ns).empty()) config.ns = trimmed(*ns);
  return config;
}

Result<ClientConfig, Error> find_config(const std::filesystem::path& kubeconfig, const std::string& context) {
  if (!kubeconfig.empty()) return load_kubeconfig({kubeconfig}, context);
  const std::string listed = environment("KUBECONFIG");
  if (!listed.empty()) return load_kubeconfig(split_kubeconfig_list(listed), context);
  if (!environment("KUBERNETES_SERVICE_HOST").empty() && context.empty()) return load_in_cluster();
  const std::string home = environment("HOME");
  if (home.empty()) return Err(config_error("no kubeconfig: neither KUBECONFIG nor HOME is set"));
  return load_kubeconfig({std::filesystem::path(home) / ".kube" / "config"}, context);
}

}  // namespace ork::kube
