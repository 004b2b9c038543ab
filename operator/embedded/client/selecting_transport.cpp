#include "operator/embedded/client/selecting_transport.hpp"

#include <utility>

namespace ork::embedded {
namespace {

// RFC 3986: only unreserved characters stay as they are.
std::string encoded(const std::string& text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

}  // namespace

SelectingTransport::SelectingTransport(kube::Transport& inner, Selection selection)
    : inner_(inner),
      query_(selection.fields.empty() ? "" : "fieldSelector=" + encoded(selection.fields)),
      metadata_only_(selection.metadata_only) {}

void SelectingTransport::narrow(kube::Request& request) const {
  if (request.method != kube::Method::Get) return;
  const bool watch = request.path.find("watch=1") != std::string::npos;
  if (!query_.empty()) {
    request.path += request.path.find('?') == std::string::npos ? '?' : '&';
    request.path += query_;
  }
  if (metadata_only_) {
    request.accept = watch ? "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
                           : "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  }
}

void SelectingTransport::call(kube::Request request, kube::ResponseHandler handler) {
  narrow(request);
  inner_.call(std::move(request), std::move(handler));
}

std::unique_ptr<kube::Stream> SelectingTransport::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  narrow(request);
  return inner_.open_stream(std::move(request), std::move(handlers));
}

}  // namespace ork::embedded
