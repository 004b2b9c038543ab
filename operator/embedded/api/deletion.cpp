#include "operator/embedded/api/deletion.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "controllers/api/time.hpp"
#include "operator/embedded/api/body.hpp"
#include "operator/embedded/api/go_names.hpp"
#include "operator/embedded/api/object_writer.hpp"
#include "operator/embedded/api/options.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/kinds/go_decode.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr const char* orphan_finalizer = "orphan";
constexpr const char* foreground_finalizer = "foregroundDeletion";
constexpr std::int64_t default_pod_grace_seconds = 30;

// What was asked for, before it is known to make sense.
struct Asked {
  std::optional<std::string> policy;
  std::optional<bool> orphan;
  std::vector<std::string> dry_run;
};

std::optional<ApiError> read_body(const Kinds& kinds, Json body, DeleteOptions& options, Asked& asked) {
  // It is DeleteOptions whatever its apiVersion says, as long as there can be such a version.
  const auto given = given_kind(body);
  if (!given) return internal(given.error());
  if (!given->kind.empty() && given->kind != "DeleteOptions") {
    return internal(not_registered(given->kind, given->api_version.empty() ? "v1" : given->api_version));
  }
  if (body.is_null()) return std::nullopt;
  const Schema* schema = kinds.message("", "DeleteOptions");
  if (schema == nullptr) return internal("the server does not know DeleteOptions");
  const Decoded decoded = go_decode(body, schema->root(), "v1.DeleteOptions", "");
  if (!decoded.error.empty()) return internal(decoded.error);
  if (const auto policy = body.find("propagationPolicy"); policy != body.end() && policy->is_string()) {
    asked.policy = policy->get<std::string>();
  }
  if (const auto orphan = body.find("orphanDependents"); orphan != body.end() && orphan->is_boolean()) {
    asked.orphan = orphan->get<bool>();
  }
  if (const auto grace = body.find("gracePeriodSeconds"); grace != body.end() && grace->is_number_integer()) {
    options.grace_seconds = grace->get<std::int64_t>();
  }
  if (const auto preconditions = body.find("preconditions");
      preconditions != body.end() && preconditions->is_object()) {
    options.uid = text_of(*preconditions, "uid");
    options.version = text_of(*preconditions, "resourceVersion");
  }
  if (const auto dry = body.find("dryRun"); dry != body.end() && dry->is_array()) {
    for (const Json& one : *dry) asked.dry_run.push_back(one.is_string() ? one.get<std::string>() : "");
  }
  return std::nullopt;
}

std::optional<ApiError> read_query(const Target& target, DeleteOptions& options, Asked& asked) {
  if (const std::string* policy = target.value("propagationPolicy")) asked.policy = *policy;
  if (const std::string* orphan = target.value("orphanDependents")) asked.orphan = *orphan != "false" && *orphan != "0";
  if (const std::string* grace = target.value("gracePeriodSeconds")) {
    std::int64_t seconds = 0;
    const auto [end, code] = std::from_chars(grace->data(), grace->data() + grace->size(), seconds);
    if (code != std::errc{} || end != grace->data() + grace->size()) {
      return bad_request("strconv.ParseInt: parsing " + go_text::quoted(*grace) + ": invalid syntax");
    }
    options.grace_seconds = seconds;
  }
  asked.dry_run = target.values("dryRun");
  return std::nullopt;
}

std::optional<ApiError> understand(const Asked& asked, DeleteOptions& options) {
  static const std::map<std::string, Propagation, std::less<>> policies = {{"Background", Propagation::Background},
                                                                           {"Foreground", Propagation::Foreground},
                                                                           {"Orphan", Propagation::Orphan}};
  std::vector<FieldProblem> problems;
  options.orphan = asked.orphan;
  if (asked.orphan) options.propagation = *asked.orphan ? Propagation::Orphan : Propagation::Background;
  if (asked.policy) {
    const std::string quoted = go_text::quoted(*asked.policy);
    if (asked.orphan) {
      problems.push_back(
          {ProblemType::Invalid, "propagationPolicy",
           "Invalid value: " + quoted + ": orphanDependents and deletionPropagation cannot be both set"});
    }
    const auto policy = policies.find(*asked.policy);
    if (policy == policies.end()) {
      problems.push_back(
          {ProblemType::NotSupported, "propagationPolicy",
           "Unsupported value: " + quoted + ": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""});
    } else {
      options.propagation = policy->second;
    }
  }
  options.dry_run = asks_for_dry_run(asked.dry_run, problems);
  if (problems.empty()) return std::nullopt;
  return invalid_options("DeleteOptions", problems);
}

std::optional<ApiError> check_preconditions(const Kind& kind, const std::string& name, const Json& metadata,
                                            const DeleteOptions& options) {
  const std::string uid = metadata.value("uid", "");
  if (!options.uid.empty() && options.uid != uid) {
    return deletion_conflict(kind, name,
                             "the UID in the precondition (" + options.uid + ") does not match the UID in record (" +
                                 uid + "). The object might have been deleted and then recreated");
  }
  const std::string version = metadata.value("resourceVersion", "");
  if (!options.version.empty() && options.version != version) {
    return deletion_conflict(kind, name,
                             "the ResourceVersion in the precondition (" + options.version +
                                 ") does not match the ResourceVersion in record (" + version +
                                 "). The object might have been modified");
  }
  return std::nullopt;
}

// Namespaces are asked elsewhere than all others, in other words.
std::optional<ApiError> check_namespace_preconditions(const Kind& kind, const std::string& name, const Json& metadata,
                                                      const DeleteOptions& options) {
  const auto failed = [&](const std::string& what, const std::string& wanted, const std::string& is) {
    return conflict(
        kind, name,
        "Precondition failed: " + what + " in precondition: " + wanted + ", " + what + " in object meta: " + is);
  };
  const std::string uid = metadata.value("uid", "");
  if (!options.uid.empty() && options.uid != uid) return failed("UID", options.uid, uid);
  const std::string version = metadata.value("resourceVersion", "");
  if (!options.version.empty() && options.version != version) {
    return failed("ResourceVersion", options.version, version);
  }
  return std::nullopt;
}

bool contains(const Json& list, const char* text) {
  return list.is_array() && std::find(list.begin(), list.end(), text) != list.end();
}

// Says by finalizers what the garbage collector has to do before the object may go; true where it is another word.
bool mark_propagation(const Kind& kind, Json& metadata, Propagation propagation) {
  if (!kind.has_dependents) return false;
  const Json finalizers = metadata.value("finalizers", Json::array());
  if (propagation == Propagation::Unset) {
    propagation = contains(finalizers, orphan_finalizer)       ? Propagation::Orphan
                  : contains(finalizers, foreground_finalizer) ? Propagation::Foreground
                  : kind.orphans_by_default                    ? Propagation::Orphan
                                                               : Propagation::Background;
  }
  const bool orphans = propagation == Propagation::Orphan;
  const bool waits = propagation == Propagation::Foreground;
  if (contains(finalizers, orphan_finalizer) == orphans && contains(finalizers, foreground_finalizer) == waits) {
    return false;
  }
  Json next = Json::array();
  for (const Json& finalizer : finalizers) {
    if (finalizer != orphan_finalizer && finalizer != foreground_finalizer) next.push_back(finalizer);
  }
  if (orphans) next.push_back(orphan_finalizer);
  if (waits) next.push_back(foreground_finalizer);
  if (next.empty()) {
    metadata.erase("finalizers");
  } else {
    metadata["finalizers"] = std::move(next);
  }
  return true;
}

bool ends_gracefully(const Kind& kind) { return kind.plural == "pods" && kind.group.empty(); }

// How long a Pod has to end: none where nothing runs.
std::int64_t grace_seconds(const Json& pod, const DeleteOptions& options) {
  const Json spec = pod.value("spec", Json::object());
  std::int64_t grace =
      options.grace_seconds.value_or(spec.value("terminationGracePeriodSeconds", default_pod_grace_seconds));
  if (grace < 0) grace = 1;
  const std::string phase = pod.value("status", Json::object()).value("phase", "");
  if (spec.value("nodeName", "").empty() || phase == "Succeeded" || phase == "Failed") return 0;
  return grace;
}

class Deletion {
 public:
  Deletion(const Backend& backend, const Kind& kind, std::string key, const DeleteOptions& options, Json live)
      : backend_(backend), kind_(kind), key_(std::move(key)), options_(options), object_(std::move(live)) {}

  Result<Deleted, ApiError> run() {
    if (kind_.plural == "namespaces") return of_namespace();
    return ends_gracefully(kind_) ? gracefully() : at_once();
  }

 private:
  std::string time_after(std::int64_t seconds) const {
    return api::format_time(backend_.loop.wall_ms() + seconds * 1000).substr(0, 19) + "Z";
  }
  bool deleted_before() const { return object_["metadata"].contains("deletionTimestamp"); }
  bool has_finalizers() const {
    const Json& metadata = object_["metadata"];
    return metadata.contains("finalizers") && !metadata["finalizers"].empty();
  }
  void set(Json& object, const char* field, Json value) {
    Json& held = object[field];
    if (held == value) return;
    held = std::move(value);
    changed_ = true;
  }
  void mark(Propagation propagation) {
    if (mark_propagation(kind_, object_["metadata"], propagation)) changed_ = true;
  }
  // What acts on the object must see that it is another now.
  void count_generation() {
    Json& metadata = object_["metadata"];
    const auto generation = metadata.value("generation", std::int64_t{0});
    if (generation > 0) set(metadata, "generation", generation + 1);
  }

  Result<Deleted, ApiError> at_once() {
    Json& metadata = object_["metadata"];
    mark(options_.propagation);
    if (has_finalizers()) {
      if (!metadata.contains("deletionGracePeriodSeconds")) count_generation();
      if (!metadata.contains("deletionTimestamp")) set(metadata, "deletionTimestamp", time_after(0));
      set(metadata, "deletionGracePeriodSeconds", 0);
      return told(false, store());
    }
    if (changed_) store();  // it lost the finalizers that said how it was to go
    return remove();
  }

  // First its deletion is written down, so that the node hears of it; then it goes, if nothing keeps it.
  Result<Deleted, ApiError> gracefully() {
    Json& metadata = object_["metadata"];
    std::int64_t grace = grace_seconds(object_, options_);
    if (deleted_before()) {
      // Only a shorter grace period than the one that runs changes anything.
      const auto running = std::max<std::int64_t>(metadata.value("deletionGracePeriodSeconds", std::int64_t{0}), 0);
      grace = options_.grace_seconds.value_or(running);
      if (grace < 0) grace = 1;
      if (grace >= running) return told(false, dumped(object_));
    } else {
      count_generation();
    }
    set(metadata, "deletionGracePeriodSeconds", grace);
    set(metadata, "deletionTimestamp", time_after(grace));
    mark(options_.propagation);
    std::string text = store();
    if (grace > 0 || has_finalizers()) return told(false, std::move(text));
    return remove();
  }

  Result<Deleted, ApiError> of_namespace() {
    Json& metadata = object_["metadata"];
    const std::string name = metadata.value("name", "");
    if (name == "default" || name == "kube-system" || name == "kube-public") {
      return Err(forbidden(kind_, name, "this namespace may not be deleted"));
    }
    if (deleted_before()) {
      const Json spec = object_.value("spec", Json::object());
      if (spec.contains("finalizers") && !spec["finalizers"].empty()) return told(false, dumped(object_));
      return at_once();
    }
    set(metadata, "deletionTimestamp", time_after(0));
    set(object_["status"], "phase", "Terminating");
    // Whoever wants no orphans here has to wait for the dependents, unlike elsewhere.
    mark(options_.orphan == false ? Propagation::Foreground : options_.propagation);
    return told(false, store());
  }

  const Kind& stored_kind() const { return kind_.stored_as == nullptr ? kind_ : *kind_.stored_as; }
  std::string uid() const { return object_["metadata"].value("uid", ""); }

  Deleted told(bool gone, std::string text) const { return {std::move(text), gone, uid()}; }

  // The object's text as it is stored; a dry run's, or of one that has not changed, with the version that is there.
  std::string store() {
    if (!changed_ || options_.dry_run) return shown();
    StoredPtr stored = stored_now();
    std::string text = *stored->text;
    backend_.store.put(collection_of(kind_), key_, std::move(stored));
    return text;
  }

  // Watchers see the object as it was, with the version of its end; so does who deleted it.
  Result<Deleted, ApiError> remove() {
    if (options_.dry_run) return told(true, shown());
    StoredPtr stored = stored_now();
    std::string text = *stored->text;
    backend_.store.remove(collection_of(kind_), key_, std::move(stored));
    return told(true, std::move(text));
  }

  // With the next version, which the object gets as well.
  StoredPtr stored_now() {
    const std::uint64_t version = backend_.store.next_version();
    if (kind_.to_stored == nullptr) return stored_from(stored_kind(), object_, version);
    Json other = object_;
    kind_.to_stored(other);
    object_["metadata"]["resourceVersion"] = std::to_string(version);
    return stored_from(stored_kind(), other, version);
  }

  std::string shown() const {
    if (kind_.to_stored == nullptr) return dumped(object_);
    Json other = object_;
    kind_.to_stored(other);
    return dumped(other);
  }

  const Backend& backend_;
  const Kind& kind_;
  std::string key_;
  const DeleteOptions& options_;
  Json object_;
  bool changed_ = false;  // since it was read
};

}  // namespace

Result<DeleteOptions, ApiError> parse_delete_options(const Kinds& kinds, const Target& target, const Call& call) {
  DeleteOptions options;
  Asked asked;
  if (call.body.empty()) {
    if (auto error = read_query(target, options, asked)) return Err(std::move(*error));
  } else {
    auto body = read_options_body(kinds, call);
    if (!body) return Err(body.error());
    if (auto error = read_body(kinds, std::move(*body), options, asked)) return Err(std::move(*error));
  }
  if (auto error = understand(asked, options)) return Err(std::move(*error));
  return options;
}

Result<Deleted, ApiError> delete_object(const Backend& backend, const Kind& kind, const std::string& ns,
                                        const std::string& name, const DeleteOptions& options) {
  std::string key = ns + "/" + name;
  auto live = load_object(backend, kind, key);
  if (live == nullptr) return Err(not_found(kind, name));
  const bool is_namespace = kind.plural == "namespaces";
  if (auto error = is_namespace ? check_namespace_preconditions(kind, name, live->at("metadata"), options)
                                : check_preconditions(kind.stored_as == nullptr ? kind : *kind.stored_as, name,
                                                      live->at("metadata"), options)) {
    return Err(std::move(*error));
  }
  return Deletion(backend, kind, std::move(key), options, *live).run();
}

}  // namespace ork::embedded
