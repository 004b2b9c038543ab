#pragma once

// The kubeconfig of the local cluster: cluster, user and context "ork-dev", namespace "default".

#include <filesystem>
#include <string>

#include "controllers/result/result.hpp"

namespace ork::embedded {

struct ApiAddress {
  std::string server;       // HttpServer::url()
  std::string token;        // sent by kubectl over https only
  std::string certificate;  // PEM, what the server shows; empty with plain http
};

std::string kubeconfig_text(const ApiAddress& address);

// Mode 0600, replaced at once. The error is a sentence with the path.
Status<std::string> write_kubeconfig(const std::filesystem::path& path, const ApiAddress& address);

}  // namespace ork::embedded
