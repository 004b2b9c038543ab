#include "operator/embedded/api/api_server.hpp"

#include <algorithm>

#include "operator/embedded/api/body.hpp"
#include "operator/embedded/api/deletion.hpp"
#include "operator/embedded/api/go_names.hpp"
#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/api/watch_stream.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/table/documents.hpp"

namespace ork::embedded {
namespace {

using kube::Method;

Answer json_answer(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.body += '\n';
  return answer;
}

Answer text_answer(std::string body) {
  Answer answer;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

// Who writes: what the request says, or the program's name.
std::string manager_of(const Call& call, const WriteOptions& options) {
  if (!options.field_manager.empty()) return options.field_manager;
  const std::string program = call.user_agent.substr(0, call.user_agent.find('/'));
  return program.empty() ? "unknown" : program.substr(0, 128);
}

// nullopt: the kind takes no such patch.
std::optional<PatchFormat> patch_format(std::string_view content_type, const Kind& kind) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  if (type == "application/json-patch+json") return PatchFormat::Operations;
  if (type == "application/merge-patch+json") return PatchFormat::Merge;
  if (type == "application/strategic-merge-patch+json" && !kind.custom) return PatchFormat::Strategic;
  if (type == "application/apply-patch+yaml") return PatchFormat::Apply;
  return std::nullopt;
}

std::string quoted_warning(const std::string& text) {
  std::string out = "299 - \"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

void warn_of_orphans(const Kind& kind, const DeleteOptions& options, std::vector<std::string>& warnings) {
  if (!kind.orphans_by_default || options.propagation != Propagation::Unset) return;
  warnings.emplace_back(
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or "
      "set propagationPolicy=Orphan to suppress this warning");
}

bool has_verb(const Kind& kind, std::string_view verb) {
  return std::find(kind.verbs.begin(), kind.verbs.end(), verb) != kind.verbs.end();
}

bool is_subresource(const Kind& kind, const std::string& name) {
  if (name == "status") return kind.has_status;
  if (!kind.group.empty()) return false;
  if (kind.plural == "pods") return name == "log" || name == "binding";
  return kind.plural == "namespaces" && name == "finalize";
}

bool is_document(const Target& target, const Call& call, const Kinds& kinds) {
  return document_at(target.path, call.accept, kinds).has_value();
}

// A SelfSubjectAccessReview asks of one thing.
std::optional<ApiError> check_access_review(const std::string& path, const Json& body) {
  if (!path.ends_with("/selfsubjectaccessreviews") || !body.is_object()) return std::nullopt;
  const std::string version = "authorization.k8s.io/v1";
  const std::string kind = body.contains("kind") && body["kind"].is_string() ? body["kind"].get<std::string>() : "";
  if (!kind.empty() && kind != "SelfSubjectAccessReview") {
    return bad_request(
        kind + " in version \"v1\" cannot be handled as a SelfSubjectAccessReview: " + not_registered(kind, version));
  }
  const Json spec = body.value("spec", Json::object());
  const auto has = [&](const char* field) {
    return spec.is_object() && spec.contains(field) && spec[field].is_object();
  };
  if (has("resourceAttributes") != has("nonResourceAttributes")) return std::nullopt;
  Kind review;
  review.group = "authorization.k8s.io";
  const char* both = "cannot be specified in combination with resourceAttributes";
  const char* none = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  if (has("resourceAttributes")) {
    return invalid(review, "",
                   {{ProblemType::Invalid, "spec.nonResourceAttributes",
                     std::string("Invalid value: ") + go_text::json(spec["nonResourceAttributes"]) + ": " + both}});
  }
  return invalid(review, "",
                 {{ProblemType::Invalid, "spec.resourceAttributes", std::string("Invalid value: null: ") + none}});
}

ApiError too_old_for_list() { return expired("The resourceVersion for the provided list is too old."); }

// With a token that goes on from there in what is now.
ApiError expired_token(const ContinueToken& token) {
  ApiError error = expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list "
      "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
      "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
      "modified, or deleted between the time the first chunk was returned and now may show up in the list.");
  error.continue_token = encode({0, token.after_key});
  return error;
}

// The verb that a request means, as discovery names it; empty: none. Of a kind from a CRD a POST creates
// wherever it is sent to.
std::string_view verb_of(const Call& call, const ResourcePath& path) {
  if (!call.other_method.empty() && !(call.other_method == "HEAD" && path.kind->custom)) return "";
  const bool one = !path.name.empty();
  const bool custom = path.kind->custom;
  switch (call.method) {
    case Method::Get: return one ? "get" : "list";
    case Method::Post: return one && path.subresource != "binding" && !custom ? "" : "create";
    case Method::Put: return one || custom ? "update" : "";
    case Method::Patch: return one || custom ? "patch" : "";
    case Method::Delete: return one ? "delete" : "deletecollection";
  }
  return "";
}

// The router of the built-in kinds and that of the others refuse in words of their own.
std::optional<ApiError> check_custom_route(std::string_view verb, const ResourcePath& path) {
  if (path.spans_namespaces() && verb != "list") return no_such_path();
  if (!path.subresource.empty() && !is_subresource(*path.kind, path.subresource)) {
    return not_found(*path.kind, path.name);
  }
  const bool of_status = verb == "get" || verb == "update" || verb == "patch";
  if (verb.empty() || (!path.subresource.empty() && !of_status)) return method_not_supported(*path.kind, verb);
  return std::nullopt;
}

std::optional<ApiError> check_builtin_route(const Call& call, std::string_view verb, const ResourcePath& path) {
  if (!path.subresource.empty() && !is_subresource(*path.kind, path.subresource)) return no_such_resource();
  const bool read_only = path.spans_namespaces() && call.method != Method::Get;
  if (verb.empty() || read_only || (path.subresource.empty() && !has_verb(*path.kind, verb))) {
    return method_not_allowed();
  }
  const bool writable = path.subresource == "status" || path.subresource == "finalize";
  if (!path.subresource.empty() && (verb == "delete" || verb == "deletecollection")) return method_not_allowed();
  if (writable && verb == "create") return method_not_allowed();
  if (path.subresource == "log" && verb != "get") return method_not_allowed();
  return std::nullopt;
}

}  // namespace

Status<JournalError> ApiServer::load() {
  std::map<std::string, const Kind*, std::less<>> by_collection;
  for (const auto& kind : backend_.kinds.all()) {
    if (kind->stored_as == nullptr) by_collection[collection_of(*kind)] = kind.get();
  }
  auto loaded = backend_.store.load([&](std::string_view collection, std::uint64_t version, std::string_view text) {
    static const Kind unknown;  // of a newer ork: kept, and not served
    const auto kind = by_collection.find(collection);
    return stored_from_text(kind == by_collection.end() ? unknown : *kind->second, version, text);
  });
  if (!loaded) return loaded;
  const Kind& namespaces = *backend_.kinds.find("", "v1", "namespaces");
  for (const char* name : {"default", "kube-system"}) {
    ensure(namespaces, {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  }
  if (const Kind* crds = backend_.kinds.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")) {
    for (const Json& crd : backend_.kinds.crds()) ensure(*crds, crd);
  }
  // From here on there is a history: not of what was before.
  backend_.store.when_stored([&store = backend_.store](const Status<JournalError>&) { store.compact(); });
  return loaded;
}

// Creates it, or makes it what this binary brings; a no-op where it is so already.
void ApiServer::ensure(const Kind& kind, const Json& object) {
  ResourcePath path;
  path.kind = &kind;
  path.name = object["metadata"]["name"].get<std::string>();
  const WriteOptions options;
  std::vector<std::string> warnings;
  ObjectWriter writer(backend_, path, options, "ork", warnings);
  const auto live = load_object(backend_, kind, path.key());
  if (live == nullptr) {
    (void)writer.create(object);
    return;
  }
  Json next = *live;
  for (const auto& [field, value] : object.items()) {
    if (field != "metadata" && field != "status") next[field] = value;
  }
  (void)writer.update(std::move(next));
}

void ApiServer::serve(Call call, Responder responder) {
  Answer reply = answer_or_apology(call);
  // After what it says is in the journal: also reads may show what is not stored yet.
  backend_.store.when_stored(
      [reply = std::move(reply), responder = std::move(responder)](const Status<JournalError>& stored) mutable {
        responder(stored ? std::move(reply) : storage_failed(stored.error().message).answer());
      });
}

// One request must not end the process: what escapes the checks of types is answered as a bug of ours.
Answer ApiServer::answer_or_apology(const Call& call) {
  try {
    auto outcome = answer(call);
    return outcome ? std::move(*outcome) : outcome.error().answer();
  } catch (const std::exception& problem) {
    return internal(std::string("Internal error occurred: ") + problem.what()).answer();
  }
}

ApiServer::Answered ApiServer::answer(const Call& call) {
  const auto target = parse_target(call.target);
  if (!target) return Err(bad_request("the URL " + call.target.substr(0, 200) + " can't be read"));
  return answer_path(call, *target);
}

ApiServer::Answered ApiServer::answer_path(const Call& call, const Target& target) {
  const bool reads = call.method == Method::Get && (call.other_method.empty() || call.other_method == "HEAD");
  if (target.path == "/healthz" || target.path == "/livez" || target.path == "/readyz") return text_answer("ok");
  if (reads) {
    if (auto document = document_at(target.path, call.accept, backend_.kinds)) {
      Answer answer = text_answer(std::move(document->body));
      answer.content_type = document->content_type;
      return answer;
    }
  }
  if (call.method == Method::Post && target.path.starts_with("/apis/auth")) return review_access(call, target);
  const auto path = find_resource(target, backend_.kinds);
  if (!path) return Err(reads || !is_document(target, call, backend_.kinds) ? no_such_path() : method_not_allowed());
  if (!*path) return Err(path->error());
  return answer_at(call, target, **path);
}

ApiServer::Answered ApiServer::answer_at(const Call& call, const Target& target, const ResourcePath& path) {
  if (auto error = check_route(call, path)) return Err(std::move(*error));
  if (call.method == Method::Patch && !patch_format(call.content_type, *path.kind)) {
    return Err(unsupported_media_type(
        !path.kind->custom, "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"));
  }
  const bool writes_one = call.method == Method::Put || call.method == Method::Patch;
  if (path.name.empty() && writes_one) return Err(bad_request("name must be provided"));
  if (path.name == "." || path.name == "..") {
    return Err(bad_request("Name parameter invalid: \"" + path.name + "\": may not be '" + path.name + "'"));
  }
  const bool is_log = path.subresource == "log";  // a text, whatever is accepted
  if (!path.kind->custom && !is_log && !can_be_represented(call.accept)) return Err(no_representation());
  const auto representation = is_log ? Representation{} : negotiate(call.accept, target);
  if (!representation) return Err(not_acceptable());
  std::vector<std::string> warnings;
  auto outcome = answer_resource({call, target, path, *representation, warnings});
  if (warnings.empty()) return outcome;
  Answer answer = outcome ? std::move(*outcome) : outcome.error().answer();
  for (const std::string& warning : warnings) answer.headers.emplace_back("Warning", quoted_warning(warning));
  return answer;
}

ApiServer::Answered ApiServer::review_access(const Call& call, const Target& target) const {
  const auto body = read_json(backend_.kinds, call);
  if (!body) return Err(body.error());
  if (auto error = check_access_review(target.path, *body)) return Err(std::move(*error));
  const auto review = access_review(target.path, *body);
  if (!review) return Err(no_such_path());
  return json_answer(201, dumped(*review));
}

std::optional<ApiError> ApiServer::check_route(const Call& call, const ResourcePath& path) const {
  const std::string_view verb = verb_of(call, path);
  return path.kind->custom ? check_custom_route(verb, path) : check_builtin_route(call, verb, path);
}

ApiServer::Answered ApiServer::answer_resource(const Request& request) {
  switch (request.call.method) {
    case Method::Get: return read(request);
    case Method::Post: return request.path.subresource == "binding" ? bind(request) : create(request);
    case Method::Put: return update(request);
    case Method::Patch: return patch(request);
    case Method::Delete: return request.path.name.empty() ? remove_collection(request) : remove(request);
  }
  return Err(method_not_allowed());
}

ApiServer::Answered ApiServer::shown(const Request& request, int status, const std::string& text) const {
  const Renderer renderer(*request.path.kind, request.representation);
  if (auto error = check_include(request.representation, request.target)) return Err(std::move(*error));
  if (auto error = renderer.refusal(false)) return Err(std::move(*error));
  return json_answer(status, renderer.object(text, backend_.loop.wall_ms()));
}

// --- reading ---

ApiServer::Answered ApiServer::read(const Request& request) {
  if (request.path.subresource == "log") return logs(request);
  if (!request.path.name.empty()) return get(request);
  return list(request);
}

ApiServer::Answered ApiServer::get(const Request& request) {
  const auto wanted = parse_get_version(request.target);
  if (!wanted) return Err(wanted.error());
  if (*wanted > backend_.store.version()) {
    return Err(version_too_large(std::to_string(*wanted), std::to_string(backend_.store.version())));
  }
  const StoredPtr stored = backend_.store.find(collection_of(*request.path.kind), request.path.key());
  if (stored == nullptr) return Err(not_found(*request.path.kind, request.path.name));
  return shown(request, 200, *stored->text);
}

Result<ApiServer::Selected, ApiError> ApiServer::select(const Request& request, ReadOptions& options) {
  const std::uint64_t wanted = options.version.value_or(0);
  // "Any" version is read from a cache, which knows no pages; Events have none.
  if (options.version && wanted == 0 && !options.from && request.path.kind->has_dependents) options.limit = 0;
  const auto names_one = [](const FieldRequirement& r) { return r.field == "metadata.name" && r.equal; };
  const FieldSelector& fields = options.selectors.fields;
  if (std::any_of(fields.begin(), fields.end(), names_one)) options.limit = 0;  // it is looked up, not listed
  if (wanted > backend_.store.version()) {
    return Err(version_too_large(std::to_string(wanted), std::to_string(backend_.store.version())));
  }
  ListRange range;
  range.ns = request.path.ns;
  if (options.from) {
    range.at = options.from->version;
    range.after_key = options.from->after_key;
  } else if (options.match == VersionMatch::Exact || (options.match == VersionMatch::Unset && options.limit > 0)) {
    range.at = wanted;  // what pages begin with, all of it is read at
  }
  const auto page = backend_.store.list(collection_of(*request.path.kind), range);
  if (!page) return Err(options.from ? expired_token(*options.from) : too_old_for_list());
  Selected selected;
  selected.metadata.version = page->version;
  std::size_t looked_at = 0;
  for (const auto& [key, object] : page->objects) {
    if (options.limit > 0 && selected.objects.size() == static_cast<std::size_t>(options.limit)) {
      selected.metadata.continue_token = encode({page->version, std::string(page->objects[looked_at - 1].first)});
      if (options.selectors.empty()) {
        selected.metadata.remaining = static_cast<std::int64_t>(page->objects.size() - looked_at);
      }
      break;
    }
    ++looked_at;
    if (!matches(*object, options.selectors)) continue;
    selected.objects.push_back(object);
    selected.names.emplace_back(key.substr(key.find('/') + 1));
  }
  return selected;
}

ApiServer::Answered ApiServer::list(const Request& request) {
  auto options = parse_read_options(request.target, *request.path.kind);
  if (!options) return Err(options.error());
  if (options->watch) return watch(request);
  const auto selected = select(request, *options);
  if (!selected) return Err(selected.error());
  const Renderer renderer(*request.path.kind, request.representation);
  if (auto error = check_include(request.representation, request.target)) return Err(std::move(*error));
  if (auto error = renderer.refusal(true)) return Err(std::move(*error));
  return json_answer(200, renderer.list(selected->objects, selected->metadata, backend_.loop.wall_ms()));
}

ApiServer::Answered ApiServer::watch(const Request& request) {
  auto options = parse_read_options(request.target, *request.path.kind);
  WatchRequest watch{collection_of(*request.path.kind), request.path.ns, request.path.name, std::move(*options),
                     Renderer(*request.path.kind, request.representation)};
  Answer answer = json_answer(200, {});
  answer.open = [backend = backend_, watch = std::move(watch)](kube::StreamHandlers handlers) {
    return open_watch(backend, watch, std::move(handlers));
  };
  return answer;
}

ApiServer::Answered ApiServer::logs(const Request& request) {
  const auto pod = load_object(backend_, *request.path.kind, request.path.key());
  if (pod == nullptr) return Err(not_found(*request.path.kind, request.path.name));
  auto wanted = log_request(*pod, request.target);
  if (!wanted) return Err(wanted.error());
  if ((*pod)["spec"].value("nodeName", "").empty()) {
    Answer nothing = text_answer({});  // nobody runs it yet
    nothing.status = 204;
    nothing.content_type.clear();
    return nothing;
  }
  if (logs_ == nullptr) return Err(internal("this cluster has no node that keeps logs"));
  Answer answer = text_answer({});
  answer.content_type = "text/plain";
  answer.open = [logs = logs_, &loop = backend_.loop, wanted = *wanted](kube::StreamHandlers handlers) {
    return open_log(*logs, loop, wanted, std::move(handlers));
  };
  return answer;
}

// --- writing ---

ObjectWriter ApiServer::writer(const Request& request, const WriteOptions& options) {
  return ObjectWriter(backend_, request.path, options, manager_of(request.call, options), request.warnings);
}

ApiServer::Answered ApiServer::create(const Request& request) {
  const auto options = parse_write_options(request.target, "CreateOptions");
  if (!options) return Err(options.error());
  auto object = read_object(backend_.kinds, *request.path.kind, request.call, *options, request.warnings);
  if (!object) return Err(object.error());
  const auto outcome = writer(request, *options).create(std::move(*object));
  if (!outcome) return Err(outcome.error());
  return shown(request, outcome->status, outcome->text);
}

ApiServer::Answered ApiServer::update(const Request& request) {
  const auto options = parse_write_options(request.target, "UpdateOptions");
  if (!options) return Err(options.error());
  auto object = read_object(backend_.kinds, *request.path.kind, request.call, *options, request.warnings);
  if (!object) return Err(object.error());
  const auto outcome = writer(request, *options).update(std::move(*object));
  if (!outcome) return Err(outcome.error());
  return shown(request, outcome->status, outcome->text);
}

ApiServer::Answered ApiServer::patch(const Request& request) {
  const PatchFormat format = *patch_format(request.call.content_type, *request.path.kind);
  const bool applies = format == PatchFormat::Apply;
  const auto options = parse_write_options(request.target, "PatchOptions", applies ? PatchIs::Apply : PatchIs::Other);
  if (!options) return Err(options.error());
  if (auto error = check_size(request.call)) return Err(std::move(*error));
  const bool may_create = applies && request.path.subresource.empty();
  if (!may_create && backend_.store.find(collection_of(*request.path.kind), request.path.key()) == nullptr) {
    return Err(not_found(*request.path.kind, request.path.name));
  }
  std::vector<std::string> oddities;
  auto body = applies ? read_yaml(request.call) : read_patch(request.call, oddities);
  if (!body) {
    // Where nobody asks for unknown fields, a patch is not read before it is applied.
    const bool unread = options->field_validation == FieldValidation::Ignore;
    if (unread && format == PatchFormat::Merge) return Err(bad_request(not_a_merge_patch));
    const bool says_so = !unread && (format == PatchFormat::Merge || format == PatchFormat::Operations);
    return Err(says_so ? bad_request("error decoding patch: " + body.error().message) : body.error());
  }
  if (format == PatchFormat::Operations) {
    for (std::string& oddity : oddities) oddity.insert(0, "json patch ");
  }
  const auto outcome = writer(request, *options).patch(format, *body, std::move(oddities));
  if (!outcome) return Err(outcome.error());
  return shown(request, outcome->status, outcome->text);
}

ApiServer::Answered ApiServer::remove(const Request& request) {
  const Kind& kind = *request.path.kind;
  const auto options = parse_delete_options(backend_.kinds, request.target, request.call);
  if (!options) return Err(options.error());
  warn_of_orphans(kind, *options, request.warnings);
  const auto deleted = delete_object(backend_, kind, request.path.ns, request.path.name, *options);
  if (!deleted) return Err(deleted.error());
  if (!deleted->gone || kind.plural == "pods") {
    const bool later = !deleted->gone && options->orphan == false;
    return shown(request, later ? 202 : 200, deleted->text);
  }
  Json details = {{"name", request.path.name}, {"kind", kind.plural}, {"uid", deleted->uid}};
  if (!kind.group.empty()) details["group"] = kind.group;
  const Json status = {{"kind", "Status"},
                       {"apiVersion", "v1"},
                       {"metadata", Json::object()},
                       {"status", "Success"},
                       {"details", details}};
  return json_answer(200, status.dump());
}

ApiServer::Answered ApiServer::remove_collection(const Request& request) {
  const Kind& kind = *request.path.kind;
  auto read = parse_read_options(request.target, kind);
  if (!read) return Err(read.error());
  const auto options = parse_delete_options(backend_.kinds, request.target, request.call);
  if (!options) return Err(options.error());
  warn_of_orphans(kind, *options, request.warnings);
  const auto selected = select(request, *read);
  if (!selected) return Err(selected.error());
  for (const std::string& name : selected->names) {
    // One that can't be deleted stops the others, as in Kubernetes.
    const auto deleted = delete_object(backend_, kind, request.path.ns, name, *options);
    if (!deleted && deleted.error().code != 404) return Err(deleted.error());
  }
  return json_answer(
      200, Renderer(kind, request.representation).list(selected->objects, selected->metadata, backend_.loop.wall_ms()));
}

ApiServer::Answered ApiServer::bind(const Request& request) {
  const Kind& pods = *request.path.kind;
  const auto body = read_json(backend_.kinds, request.call);
  if (!body) return Err(body.error());
  const auto live = load_object(backend_, pods, request.path.key());
  if (live == nullptr) return Err(not_found(pods, request.path.name));
  if (const auto why = binding_problem(*body)) return Err(internal(*why));
  Json pod = *live;
  if (const auto why = bind_pod(pod, *body, timestamp(backend_.loop))) {
    Kind binding;
    binding.plural = "pods/binding";
    return Err(conflict(binding, request.path.name, *why));
  }
  StoredPtr stored = stored_from(pods, pod, backend_.store.next_version());
  backend_.store.put(collection_of(pods), request.path.key(), std::move(stored));
  return json_answer(201, R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201})");
}

}  // namespace ork::embedded
