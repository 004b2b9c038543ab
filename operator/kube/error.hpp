#pragma once

// What can go wrong between us and the Kubernetes API. A code exists only where some caller acts
// differently on it.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ork::kube {

enum class Errc {
  Config,           // kubeconfig or in-cluster files missing or unreadable; retrying does not help
  Credentials,      // a token or exec plugin did not yield credentials
  Connect,          // the request was never sent: refused, unresolved, TLS not established
  Timeout,          // no (whole) answer in time; a write may have been applied
  Interrupted,      // the connection broke after sending; a write may have been applied
  Unauthorized,     // 401, after the credentials were read anew once
  Forbidden,        // 403
  Terminating,      // 403: the namespace is being deleted, nothing can be created in it any more
  NotFound,         // 404
  AlreadyExists,    // 409, reason AlreadyExists
  Conflict,         // 409, any other reason: the object has moved on, decide again
  Gone,             // 410: the resourceVersion is too old, list again
  Invalid,          // 400, 422: the server refuses the object; sending it again does not help
  TooLarge,         // 413, etcd's own refusal, or an answer beyond our limit
  TooManyRequests,  // 429: wait for retry_after
  Server,           // 5xx
  Malformed,        // an answer that is not what the API promises
  Cancelled,        // we gave the request up ourselves (shutdown)
};

std::string_view to_string(Errc code);

struct Error {
  Errc code = Errc::Server;
  int status = 0;       // the HTTP status, 0 where there was none
  std::string reason;   // the Status object's reason, e.g. "AlreadyExists"; may be empty
  std::string message;  // one sentence: what was asked, where, what came back
  std::optional<std::chrono::milliseconds> retry_after;  // the server's own wish (429, 503)
  std::string said;  // the server's own words, for a person; empty where there were none

  // True where the server may have carried the write out although we saw no answer.
  bool may_have_applied() const { return code == Errc::Timeout || code == Errc::Interrupted; }
  // True where the same request may succeed later without anyone changing anything.
  bool transient() const;
};

Error config_error(std::string message);

}  // namespace ork::kube
