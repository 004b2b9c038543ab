#pragma once

// Who may use the API: a token and a certificate, made once and kept in the state folder, so that
// what was connected before a restart is welcome after it.

#include <cstdint>
#include <filesystem>
#include <string>

#include "controllers/result/result.hpp"

namespace ork::embedded {

// PEM. A self-signed certificate for 127.0.0.1, ::1 and localhost, and its key (P-256).
struct TlsIdentity {
  std::string certificate;
  std::string key;
};

struct Access {
  std::string token;  // 43 letters of base64url: 256 bits of chance
  TlsIdentity identity;
};

// Reads api.token, api.crt and api.key in `folder`, and makes anew what is missing, damaged, readable
// by others, or (the certificate, valid for two years) within 30 days of its end. `now` in seconds since 1970.
// The error is a sentence with the path.
Result<Access, std::string> open_access(const std::filesystem::path& folder, std::int64_t now);

}  // namespace ork::embedded
