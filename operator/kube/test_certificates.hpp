#pragma once

// Makes throw-away certificates for the tests' TLS server.

#include <string>

namespace ork::kube::testing {

struct Certificate {
  std::string cert_pem;
  std::string key_pem;
};

// A certificate authority of its own: no two trust each other.
Certificate make_authority();
// Valid for 127.0.0.1 and for the name "ork.test".
Certificate make_server_certificate(const Certificate& authority);

}  // namespace ork::kube::testing
