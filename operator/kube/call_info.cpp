#include "operator/kube/call_info.hpp"

#include <algorithm>
#include <array>

namespace ork::kube {
namespace {

// The first segments of a path; the longest we know, /apis/G/V/namespaces/N/PLURAL/NAME/SUB, has 8.
struct Segments {
  std::array<std::string_view, 8> at;
  std::size_t count = 0;
};

Segments split(std::string_view path) {
  path = path.substr(0, path.find('?'));
  Segments segments;
  while (!path.empty() && segments.count < segments.at.size()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.at[segments.count++] = path.substr(0, end);
    path.remove_prefix(end);
  }
  return segments;
}

std::string_view verb_of(Method method, bool stream, bool named) {
  switch (method) {
    case Method::Get: return named ? "get" : stream ? "watch" : "list";
    case Method::Post: return "create";
    case Method::Put: return "update";
    case Method::Patch: return "patch";
    case Method::Delete: return named ? "delete" : "deletecollection";
  }
  return "?";
}

}  // namespace

CallInfo call_info(const Request& request, bool stream) {
  CallInfo info;
  info.method = request.method;
  const Segments parts = split(request.path);
  std::size_t next = 0;
  if (parts.count > 0 && parts.at[0] == "api") next = 2;
  if (parts.count > 0 && parts.at[0] == "apis") next = 3;
  const bool api = next != 0;
  // /api/v1/namespaces/N/PLURAL, but /api/v1/namespaces/N is the Namespace itself.
  if (api && parts.count > next + 2 && parts.at[next] == "namespaces") next += 2;
  const bool named = parts.count > next + 1;
  if (api && parts.count > next) info.resource = parts.at[next];
  if (api && parts.count > next + 2) info.subresource = parts.at[next + 2];
  info.verb = verb_of(request.method, stream, named || !api);
  return info;
}

}  // namespace ork::kube
