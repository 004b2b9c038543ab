#include "operator/embedded/http/request_head.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <cctype>

namespace ork::embedded {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The length of "http://" or "https://", 0 where there is no such thing.
std::size_t scheme_length(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (equal_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

// The authority of an absolute target, which counts instead of the Host header; empty: none.
std::string_view authority_of(std::string_view target) {
  const std::size_t start = scheme_length(target);
  if (start == 0) return {};
  target.remove_prefix(start);
  return target.substr(0, target.find_first_of("/?"));
}

bool is_port(std::string_view text) {
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// What a real API server lets anyone ask: whether it is up, and what it is.
bool is_open_to_all(std::string_view path) {
  static constexpr std::array<std::string_view, 4> paths = {"/healthz", "/livez", "/readyz", "/version"};
  path = path.substr(0, path.find('?'));
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

std::optional<std::string_view> path_and_query(std::string_view target) {
  if (const std::size_t start = scheme_length(target); start != 0) {
    const std::size_t slash = target.find_first_of("/?", start);
    if (slash == std::string_view::npos) return "/";
    if (target[slash] == '?') return std::nullopt;
    return target.substr(slash);
  }
  if (!target.starts_with('/')) return std::nullopt;
  return target;
}

bool is_loopback_host(std::string_view host) {
  if (host.starts_with("[::1]")) {
    host.remove_prefix(5);
    return host.empty() || (host.front() == ':' && is_port(host.substr(1)));
  }
  const std::size_t colon = host.find(':');
  if (colon != std::string_view::npos) {
    if (!is_port(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  if (equal_ignoring_case(host, "localhost")) return true;
  boost::system::error_code wrong;
  const auto address = boost::asio::ip::make_address_v4(host, wrong);
  return !wrong && address.is_loopback();
}

bool carries_token(std::string_view authorization, std::string_view token) {
  constexpr std::string_view scheme = "bearer ";
  if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return false;
  authorization.remove_prefix(scheme.size());
  return !token.empty() && authorization.size() == token.size() &&
         CRYPTO_memcmp(authorization.data(), token.data(), token.size()) == 0;
}

std::optional<Refusal> refusal_of(const RequestHead& head, std::string_view token) {
  const auto path = path_and_query(head.target);
  if (!path) return Refusal{400, "BadRequest", "the request's target must be a path, or a URL with one"};
  if (head.hosts > 1) return Refusal{400, "BadRequest", "the request has more than one Host header"};
  if (head.hosts == 0 && !head.http_1_0) return Refusal{400, "BadRequest", "missing required Host header"};
  const std::string_view authority = authority_of(head.target);
  const std::string_view host = authority.empty() ? head.host : authority;
  if (!host.empty() && !is_loopback_host(host)) {
    return Refusal{403, "Forbidden", "this API server answers only to localhost, 127.0.0.1 and [::1]"};
  }
  if (!carries_token(head.authorization, token) && !(head.authorization.empty() && is_open_to_all(*path))) {
    return Refusal{401, "Unauthorized", "Unauthorized"};
  }
  return std::nullopt;
}

}  // namespace ork::embedded
