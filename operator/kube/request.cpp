#include "operator/kube/request.hpp"

#include <nlohmann/json.hpp>

namespace ork::kube {
namespace {

constexpr std::string_view json_type = "application/json";

// RFC 3986: only unreserved characters stay as they are, so a name can hold neither a '/' nor a '?'.
void append_encoded(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alpha || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

// A segment of dots alone means "here" or "up" to whoever normalises paths.
void append_segment(std::string& out, std::string_view text) {
  out += '/';
  if (text == "." || text == "..") {
    for (std::size_t i = 0; i < text.size(); ++i) out += "%2E";
    return;
  }
  append_encoded(out, text);
}

void append_query(std::string& path, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  path += path.find('?') == std::string::npos ? '?' : '&';
  path += key;
  path += '=';
  append_encoded(path, value);
}

// An empty name would turn "this object" into "all objects"; such a request has no path, and no
// transport sends it.
std::string object_path(const Resource& resource, std::string_view ns, std::string_view name,
                        std::string_view subresource = {}) {
  if (name.empty()) return {};
  return resource_path(resource, ns, name, subresource);
}

std::string_view content_type_of(PatchType type) {
  switch (type) {
    case PatchType::Json: return "application/json-patch+json";
    case PatchType::Merge: return "application/merge-patch+json";
    case PatchType::Apply: return "application/apply-patch+yaml";  // JSON is YAML
  }
  return json_type;
}

Request write(Method method, std::string path, std::string body, std::string_view content_type) {
  Request request;
  request.method = method;
  request.path = std::move(path);
  request.body = std::move(body);
  request.content_type = content_type;
  request.accept = accept_metadata_only;
  return request;
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::Get: return "GET";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    case Method::Patch: return "PATCH";
    case Method::Delete: return "DELETE";
  }
  return "?";
}

void add_query(Request& request, std::string_view key, std::string_view value) {
  // A request without a path is one that must not be sent.
  if (!request.path.empty()) append_query(request.path, key, value);
}

std::string resource_path(const Resource& resource, std::string_view ns, std::string_view name,
                          std::string_view subresource) {
  std::string path;
  path.reserve(48 + resource.group.size() + resource.plural.size() + ns.size() + name.size());
  path += resource.group.empty() ? "/api" : "/apis";
  if (!resource.group.empty()) append_segment(path, resource.group);
  append_segment(path, resource.version);
  if (!ns.empty()) {
    path += "/namespaces";
    append_segment(path, ns);
  }
  append_segment(path, resource.plural);
  if (!name.empty()) append_segment(path, name);
  if (!subresource.empty()) append_segment(path, subresource);
  return path;
}

Request list_request(const Resource& resource, std::string_view ns, const ListOptions& options) {
  Request request;
  request.path = resource_path(resource, ns);
  if (options.limit > 0) append_query(request.path, "limit", std::to_string(options.limit));
  append_query(request.path, "labelSelector", options.label_selector);
  append_query(request.path, "fieldSelector", options.field_selector);
  append_query(request.path, "continue", options.continue_token);
  return request;
}

Request watch_request(const Resource& resource, std::string_view ns, const WatchOptions& options) {
  Request request;
  request.path = resource_path(resource, ns) + "?watch=1&allowWatchBookmarks=true";
  append_query(request.path, "labelSelector", options.label_selector);
  append_query(request.path, "fieldSelector", options.field_selector);
  append_query(request.path, "resourceVersion", options.resource_version);
  append_query(request.path, "timeoutSeconds", std::to_string(options.timeout.count()));
  request.idle_timeout = options.idle_timeout;
  return request;
}

Request get_request(const Resource& resource, std::string_view ns, std::string_view name) {
  Request request;
  request.path = object_path(resource, ns, name);
  return request;
}

Request create_request(const Resource& resource, std::string_view ns, std::string body) {
  return write(Method::Post, resource_path(resource, ns), std::move(body), json_type);
}

Request replace_request(const Resource& resource, std::string_view ns, std::string_view name, std::string body) {
  return write(Method::Put, object_path(resource, ns, name), std::move(body), json_type);
}

Request patch_request(const Resource& resource, std::string_view ns, std::string_view name,
                      std::string_view subresource, PatchType type, std::string body) {
  return write(Method::Patch, object_path(resource, ns, name, subresource), std::move(body), content_type_of(type));
}

Request delete_request(const Resource& resource, std::string_view ns, std::string_view name, std::string_view uid,
                       Propagation propagation) {
  std::string body = R"({"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":")";
  body += propagation == Propagation::Background ? R"(Background")" : R"(Foreground")";
  if (!uid.empty()) {
    const nlohmann::json quoted = std::string(uid);
    body += R"(,"preconditions":{"uid":)";
    body += quoted.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    body += '}';
  }
  body += '}';
  return write(Method::Delete, object_path(resource, ns, name), std::move(body), json_type);
}

}  // namespace ork::kube
