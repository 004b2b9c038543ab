#pragma once

// Requests as values: path, query and body are decided here and nothing is sent. Paths follow the
// Kubernetes API conventions; every name is percent-encoded, so no object name can reach into
// another path.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ork::kube {

enum class Method { Get, Post, Put, Patch, Delete };

std::string_view to_string(Method method);

// A kind as the API server routes it. `group` is empty for core/v1.
struct Resource {
  std::string group;
  std::string version;
  std::string plural;
  std::string kind;
};

struct Request {
  Method method = Method::Get;
  std::string path;          // "/apis/batch/v1/namespaces/a/jobs?limit=500"
  std::string body;          // empty: none
  std::string content_type;  // set where there is a body
  std::string accept = "application/json";
  // Bound on the whole call; for a stream, on establishing it (streams have an idle bound instead).
  std::chrono::milliseconds timeout{15'000};
  // For a stream: end it with Timeout when not a byte arrived for this long. 0: no bound.
  std::chrono::milliseconds idle_timeout{0};
};

// Asks for columns as `kubectl get` prints them, each row with its object's metadata.
inline constexpr std::string_view accept_table = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json";

// Asks the server to answer with the object's metadata only: our writes need no more, and the
// body of a large object is never sent back to us.
inline constexpr std::string_view accept_metadata_only =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  int limit = 500;
  std::string continue_token;
};

struct WatchOptions {
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;       // never empty: a watch always resumes from a list
  std::chrono::seconds timeout{300};  // the server ends the watch after this
  std::chrono::milliseconds idle_timeout{0};
};

// `ns` empty: all namespaces (or a cluster-scoped resource).
Request list_request(const Resource& resource, std::string_view ns, const ListOptions& options);
Request watch_request(const Resource& resource, std::string_view ns, const WatchOptions& options);
Request get_request(const Resource& resource, std::string_view ns, std::string_view name);
Request create_request(const Resource& resource, std::string_view ns, std::string body);
Request replace_request(const Resource& resource, std::string_view ns, std::string_view name, std::string body);
// Apply: server-side; it creates what is not there, and needs a fieldManager (add_query).
enum class PatchType { Json, Merge, Apply };
// `subresource` empty or e.g. "status".
Request patch_request(const Resource& resource, std::string_view ns, std::string_view name,
                      std::string_view subresource, PatchType type, std::string body);
// What it owns goes after it, or before it.
enum class Propagation { Background, Foreground };
// Deletes only the object with this uid.
Request delete_request(const Resource& resource, std::string_view ns, std::string_view name, std::string_view uid,
                       Propagation propagation = Propagation::Background);

// Appends "key=value" to the request's query, the value encoded; an empty value is left out. For what the
// functions above do not ask for: fieldManager, dryRun, fieldValidation, follow, ...
void add_query(Request& request, std::string_view key, std::string_view value);

// The path of a resource or, with a name, of one object; exposed for tests and for logs.
std::string resource_path(const Resource& resource, std::string_view ns, std::string_view name = {},
                          std::string_view subresource = {});

}  // namespace ork::kube
