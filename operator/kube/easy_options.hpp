#pragma once

// Everything we ask of one curl easy handle, in one place.

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "operator/kube/client_config.hpp"
#include "operator/kube/transfer.hpp"

namespace ork::kube {

// Where connections go, in curl's words.
struct Endpoint {
  explicit Endpoint(const ClientConfig& config);

  std::string base_url;  // what a request's path is appended to
  // Set with a tls_server_name: URLs then name that, and curl is told where it really is.
  std::shared_ptr<curl_slist> connect_to;
  std::string host_header;  // "Host: real-server:6443", with a tls_server_name
  std::string user_agent;
  bool verify = true;
};

// Header lists are the same for thousands of requests: built once for each combination of accept
// and content type, and again when the token changes.
class HeaderLists {
 public:
  explicit HeaderLists(std::string host_header) : host_header_(std::move(host_header)) {}
  std::shared_ptr<const curl_slist> get(const Request& request, const Material& material);

 private:
  struct Entry {
    std::string accept;
    std::string content_type;
    std::shared_ptr<const curl_slist> list;
  };
  std::string host_header_;
  std::uint64_t generation_ = 0;
  std::vector<Entry> entries_;
};

// Options that hold for the handle's life.
void set_up(Easy& easy, const Endpoint& endpoint);
// Trust and client certificate; does nothing where the handle has them already.
void set_material(Easy& easy, std::shared_ptr<const Material> material);
// Method, URL, body, headers and bounds of one request. `transfer` must stay where it is until the
// handle is done: curl points into its body.
void set_request(Transfer& transfer, const std::string& url, bool want_headers, std::chrono::milliseconds time_left);

}  // namespace ork::kube
