#pragma once

// Who may ask, and how: what is decided of a request before its body is read. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace ork::embedded {

// The header as it stands; views live as long as the request.
struct RequestHead {
  std::string_view method;
  std::string_view target;         // as sent: origin form ("/api?x") or absolute ("http://host/api?x")
  std::string_view host;           // the Host header
  std::size_t hosts = 0;           // how many Host headers there are
  std::string_view authorization;  // empty: none
  bool http_1_0 = false;
};

// Answered instead of asking the handler.
struct Refusal {
  int status = 400;
  std::string reason;  // of the Status; empty: none
  std::string message;
};

// Null: the request may go to the handler. In this order: 400 for a target or Host that makes no
// sense, 403 for a Host that is not this machine's loopback (a page in a browser that reached us by
// a name of its own: DNS rebinding), 401 without the token.
std::optional<Refusal> refusal_of(const RequestHead& head, std::string_view token);

// Path and query of either form; null where it has none ("*", "host:port", no slash).
std::optional<std::string_view> path_and_query(std::string_view target);

// "127.0.0.1:6443", "localhost", "[::1]:80": a port may follow, letters may be large.
bool is_loopback_host(std::string_view host);

// Whether an Authorization header carries the token, in a time that does not depend on where they
// differ.
bool carries_token(std::string_view authorization, std::string_view token);

}  // namespace ork::embedded
