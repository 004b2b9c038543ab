#include "operator/embedded/http/kubeconfig_file.hpp"

#include <nlohmann/json.hpp>

#include "operator/embedded/http/private_file.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

// A JSON string is a YAML string, whatever stands in it.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string kubeconfig_text(const ApiAddress& address) {
  std::string text = "apiVersion: v1\nkind: Config\ncurrent-context: ork-dev\n";
  text += "clusters:\n- name: ork-dev\n  cluster:\n    server: " + quoted(address.server) + "\n";
  if (!address.certificate.empty()) {
    text += "    certificate-authority-data: " + kube::base64_encode(address.certificate) + "\n";
  }
  text += "contexts:\n- name: ork-dev\n  context:\n    cluster: ork-dev\n    namespace: default\n    user: ork-dev\n";
  text += "users:\n- name: ork-dev\n  user:\n    token: " + quoted(address.token) + "\n";
  return text;
}

Status<std::string> write_kubeconfig(const std::filesystem::path& path, const ApiAddress& address) {
  return write_private_file(path, kubeconfig_text(address));
}

}  // namespace ork::embedded
