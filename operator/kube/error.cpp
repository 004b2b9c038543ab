#include "operator/kube/error.hpp"

namespace ork::kube {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::Config: return "Config";
    case Errc::Credentials: return "Credentials";
    case Errc::Connect: return "Connect";
    case Errc::Timeout: return "Timeout";
    case Errc::Interrupted: return "Interrupted";
    case Errc::Unauthorized: return "Unauthorized";
    case Errc::Forbidden: return "Forbidden";
    case Errc::Terminating: return "Terminating";
    case Errc::NotFound: return "NotFound";
    case Errc::AlreadyExists: return "AlreadyExists";
    case Errc::Conflict: return "Conflict";
    case Errc::Gone: return "Gone";
    case Errc::Invalid: return "Invalid";
    case Errc::TooLarge: return "TooLarge";
    case Errc::TooManyRequests: return "TooManyRequests";
    case Errc::Server: return "Server";
    case Errc::Malformed: return "Malformed";
    case Errc::Cancelled: return "Cancelled";
  }
  return "?";
}

bool Error::transient() const {
  switch (code) {
    case Errc::Credentials:  // a plugin that could not reach its cloud
    case Errc::Connect:
    case Errc::Timeout:
    case Errc::Interrupted:
    case Errc::TooManyRequests:
    case Errc::Server: return true;
    default: return false;
  }
}

Error config_error(std::string message) {
  Error error;
  error.code = Errc::Config;
  error.message = std::move(message);
  return error;
}

}  // namespace ork::kube
