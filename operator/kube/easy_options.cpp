#include "operator/kube/easy_options.hpp"

#include <algorithm>
#include <initializer_list>

#include "operator/kube/lane.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

std::shared_ptr<curl_slist> make_list(std::initializer_list<std::string> lines) {
  curl_slist* list = nullptr;
  for (const std::string& line : lines) {
    if (!line.empty()) list = curl_slist_append(list, line.c_str());
  }
  return {list, curl_slist_free_all};
}

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* transfer) {
  auto& t = *static_cast<Transfer*>(transfer);
  return t.lane->take_bytes(t, data, size * count);
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer) {
  auto& t = *static_cast<Transfer*>(transfer);
  t.lane->take_header(t, std::string_view(data, size * count));
  return size * count;
}

// The handle keeps pointing to the text: Easy holds the Material for as long.
void set_blob(CURL* handle, CURLoption option, const std::string& text) {
  if (text.empty()) {
    curl_easy_setopt(handle, option, nullptr);
    return;
  }
  curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
  curl_easy_setopt(handle, option, &blob);
}

void set_method(CURL* handle, const Request& request) {
  const bool plain_get = request.method == Method::Get && request.body.empty();
  if (plain_get || (request.body.empty() && request.method == Method::Delete)) {
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  const bool implied = plain_get || request.method == Method::Post;
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, implied ? nullptr : to_string(request.method).data());
}

}  // namespace

Endpoint::Endpoint(const ClientConfig& config)
    : base_url(config.server), user_agent(config.user_agent), verify(!config.insecure_skip_tls_verify) {
  while (!base_url.empty() && base_url.back() == '/') base_url.pop_back();
  if (config.tls_server_name.empty()) return;
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, base_url.c_str(), 0) != CURLUE_OK) return;
  const std::string host = url_part(url.get(), CURLUPART_HOST);
  const std::string port = url_part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (curl_url_set(url.get(), CURLUPART_HOST, config.tls_server_name.c_str(), 0) != CURLUE_OK) return;
  connect_to = make_list({config.tls_server_name + ":" + port + ":" + host + ":" + port});
  host_header = "Host: " + host + ":" + port;
  base_url = url_part(url.get(), CURLUPART_URL);
  while (!base_url.empty() && base_url.back() == '/') base_url.pop_back();
}

std::shared_ptr<const curl_slist> HeaderLists::get(const Request& request, const Material& material) {
  if (generation_ != material.generation || entries_.size() >= limits::header_lists) entries_.clear();
  generation_ = material.generation;
  for (const Entry& entry : entries_) {
    if (entry.accept == request.accept && entry.content_type == request.content_type) return entry.list;
  }
  // An empty "Expect:" keeps curl from waiting for "100 Continue" before a large body.
  std::shared_ptr<const curl_slist> list =
      make_list({"Accept: " + request.accept,
                 "Expect:", request.content_type.empty() ? "" : "Content-Type: " + request.content_type,
                 material.token.empty() ? "" : "Authorization: Bearer " + material.token, host_header_});
  entries_.push_back({request.accept, request.content_type, list});
  return list;
}

void set_up(Easy& easy, const Endpoint& endpoint) {
  CURL* h = easy.handle;
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  // Names are encoded by us; curl must not "clean" a path into another one.
  curl_easy_setopt(h, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(h, CURLOPT_USERAGENT, endpoint.user_agent.c_str());
  curl_easy_setopt(h, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
  // Wait for a connection that is being set up rather than opening another one.
  curl_easy_setopt(h, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(h, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(h, CURLOPT_TCP_KEEPIDLE, 20L);
  curl_easy_setopt(h, CURLOPT_TCP_KEEPINTVL, 5L);
  curl_easy_setopt(h, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, endpoint.verify ? 1L : 0L);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, endpoint.verify ? 2L : 0L);
  curl_easy_setopt(h, CURLOPT_SSLCERTTYPE, "PEM");
  curl_easy_setopt(h, CURLOPT_SSLKEYTYPE, "PEM");
  curl_easy_setopt(h, CURLOPT_ERRORBUFFER, easy.error.data());
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &on_bytes);
  if (endpoint.connect_to) curl_easy_setopt(h, CURLOPT_CONNECT_TO, endpoint.connect_to.get());
}

void set_material(Easy& easy, std::shared_ptr<const Material> material) {
  if (easy.material == material) return;
  set_blob(easy.handle, CURLOPT_CAINFO_BLOB, material->ca_pem);
  set_blob(easy.handle, CURLOPT_SSLCERT_BLOB, material->cert_pem);
  set_blob(easy.handle, CURLOPT_SSLKEY_BLOB, material->key_pem);
  easy.material = std::move(material);
}

void set_request(Transfer& transfer, const std::string& url, bool want_headers, std::chrono::milliseconds time_left) {
  CURL* h = transfer.easy->handle;
  const auto left_ms = std::max<std::chrono::milliseconds>(time_left, std::chrono::milliseconds(1));
  transfer.easy->error[0] = '\0';
  curl_easy_setopt(h, CURLOPT_URL, url.c_str());
  set_method(h, transfer.request);
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, transfer.headers.get());
  // A stream's bounds are the lane's work: curl knows only the time of the whole transfer.
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, transfer.stream ? 0L : long(left_ms.count()));
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, long(std::min(left_ms, limits::connect_timeout).count()));
  curl_easy_setopt(h, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, want_headers ? &on_header : nullptr);
  curl_easy_setopt(h, CURLOPT_HEADERDATA, want_headers ? &transfer : nullptr);
}

}  // namespace ork::kube
