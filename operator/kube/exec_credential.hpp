#pragma once

// The words exchanged with an exec plugin (client.authentication.k8s.io). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/kube/client_config.hpp"

namespace ork::kube {

// The value of KUBERNETES_EXEC_INFO. `ca_pem` goes in (as base64) where the plugin asked for the
// cluster. The cluster's extension with configuration for the plugin is not passed on.
std::string exec_info(const ClientConfig& config, const ExecPlugin& plugin, std::string_view ca_pem);

struct ExecCredential {
  std::string token;
  std::string cert_pem;
  std::string key_pem;
  std::optional<std::int64_t> expires;  // seconds since the Unix epoch
};

// What a plugin printed. The error is a sentence without the text itself: it may hold a secret.
Result<ExecCredential, std::string> parse_exec_credential(std::string_view text, std::string_view api_version);

// RFC 3339, "2026-11-21T10:00:00Z" or with fractions and an offset; seconds since the Unix epoch.
std::optional<std::int64_t> parse_rfc3339(const std::string& text);

}  // namespace ork::kube
