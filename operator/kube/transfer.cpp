#include "operator/kube/transfer.hpp"

#include "operator/kube/answer.hpp"

namespace ork::kube {
namespace {

Errc code_before_sending(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return Errc::Config;
    default: return Errc::Connect;
  }
}

}  // namespace

bool untrusted(CURLcode code) { return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR; }

Easy::Easy() : handle(curl_easy_init()) {}

Easy::~Easy() {
  if (handle != nullptr) curl_easy_cleanup(handle);
}

Error error_from_ending(const Request& request, const Ending& ending) {
  Error error;
  const std::string detail = printable(ending.detail, 200);
  if (ending.code == CURLE_OPERATION_TIMEDOUT && ending.sent) {
    error = error_about(request, Errc::Timeout, "got no whole answer in time: " + detail);
  } else if (!ending.sent) {
    const char* what = untrusted(ending.code) ? "was not sent, no trusted TLS connection: " : "was not sent: ";
    error = error_about(request, code_before_sending(ending.code), what + detail);
  } else if (ending.code == CURLE_WEIRD_SERVER_REPLY) {
    // Whoever answered may have acted first: only a read is surely without effect.
    const Errc code = request.method == Method::Get ? Errc::Malformed : Errc::Interrupted;
    error = error_about(request, code, "got an answer that is not HTTP: " + detail);
  } else {
    error = error_about(request, Errc::Interrupted, "was sent, then the connection broke: " + detail);
  }
  error.status = ending.status;
  return error;
}

}  // namespace ork::kube
