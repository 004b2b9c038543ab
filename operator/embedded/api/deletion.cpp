#include "operator/embedded/api/deletion.hpp"

#include <algorithm>
#include <charconv>

#include "controllers/api/time.hpp"
#include "operator/embedded/api/object_reader.hpp"
#include "operator/embedded/api/object_writer.hpp"
#include "operator/embedded/api/stored_object.hpp"

namespace ork::embedded {
namespace {

constexpr const char* orphan_finalizer = "orphan";
constexpr const char* foreground_finalizer = "foregroundDeletion";
constexpr std::int64_t default_pod_grace_seconds = 30;

std::optional<ApiError> set_propagation(const std::string& text, DeleteOptions& options) {
  if (text == "Background") {
    options.propagation = Propagation::Background;
  } else if (text == "Foreground") {
    options.propagation = Propagation::Foreground;
  } else if (text == "Orphan") {
    options.propagation = Propagation::Orphan;
  } else {
    return invalid_options(
        "DeleteOptions",
        {ProblemType::NotSupported, "propagationPolicy",
         "Unsupported value: \"" + text + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""});
  }
  return std::nullopt;
}

std::optional<ApiError> set_dry_run(const std::string& text, DeleteOptions& options) {
  if (text != "All") {
    return invalid_options("DeleteOptions", {ProblemType::NotSupported, "dryRun",
                                             "Unsupported value: [\"" + text + "\"]: supported values: \"All\""});
  }
  options.dry_run = true;
  return std::nullopt;
}

std::optional<ApiError> read_body(const Json& body, DeleteOptions& options) {
  if (!body.is_object()) return bad_request("the body of a deletion is not a DeleteOptions object");
  const auto text = [](const Json& object, const char* field) {
    const auto it = object.find(field);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  if (const std::string policy = text(body, "propagationPolicy"); !policy.empty()) {
    if (auto error = set_propagation(policy, options)) return error;
  }
  if (const auto orphan = body.find("orphanDependents"); orphan != body.end() && orphan->is_boolean()) {
    options.propagation = orphan->get<bool>() ? Propagation::Orphan : Propagation::Background;
  }
  if (const auto grace = body.find("gracePeriodSeconds"); grace != body.end() && grace->is_number_integer()) {
    options.grace_seconds = grace->get<std::int64_t>();
  }
  if (const auto preconditions = body.find("preconditions");
      preconditions != body.end() && preconditions->is_object()) {
    options.uid = text(*preconditions, "uid");
    options.version = text(*preconditions, "resourceVersion");
  }
  if (const auto dry = body.find("dryRun"); dry != body.end() && dry->is_array() && !dry->empty()) {
    return set_dry_run(dry->front().is_string() ? dry->front().get<std::string>() : dry->front().dump(), options);
  }
  return std::nullopt;
}

std::optional<ApiError> read_query(const Target& target, DeleteOptions& options) {
  if (const std::string* policy = target.value("propagationPolicy"); policy != nullptr && !policy->empty()) {
    if (auto error = set_propagation(*policy, options)) return error;
  }
  if (const std::string* orphan = target.value("orphanDependents")) {
    options.propagation = *orphan == "false" ? Propagation::Background : Propagation::Orphan;
  }
  if (const std::string* grace = target.value("gracePeriodSeconds")) {
    std::int64_t seconds = 0;
    if (std::from_chars(grace->data(), grace->data() + grace->size(), seconds).ec != std::errc{}) {
      return bad_request("strconv.ParseInt: parsing \"" + *grace + "\": invalid syntax");
    }
    options.grace_seconds = seconds;
  }
  if (const std::string* dry = target.value("dryRun"); dry != nullptr && !dry->empty())
    return set_dry_run(*dry, options);
  return std::nullopt;
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

bool contains(const Json& list, const char* text) {
  return list.is_array() && std::find(list.begin(), list.end(), text) != list.end();
}

// Says by finalizers what the garbage collector has to do before the object may go.
void mark_propagation(const Kind& kind, Json& metadata, Propagation propagation) {
  Json finalizers = metadata.value("finalizers", Json::array());
  if (!finalizers.is_array()) finalizers = Json::array();
  if (propagation == Propagation::Unset) {
    propagation = contains(finalizers, orphan_finalizer)       ? Propagation::Orphan
                  : contains(finalizers, foreground_finalizer) ? Propagation::Foreground
                  : kind.orphans_by_default                    ? Propagation::Orphan
                                                               : Propagation::Background;
  }
  Json next = Json::array();
  for (const Json& finalizer : finalizers) {
    if (finalizer != orphan_finalizer && finalizer != foreground_finalizer) next.push_back(finalizer);
  }
  if (propagation == Propagation::Orphan) next.push_back(orphan_finalizer);
  if (propagation == Propagation::Foreground) next.push_back(foreground_finalizer);
  if (next.empty()) {
    metadata.erase("finalizers");
  } else {
    metadata["finalizers"] = std::move(next);
  }
}

// How long a Pod has to end: none where nothing runs.
std::int64_t grace_seconds(const Kind& kind, const Json& object, const DeleteOptions& options) {
  if (kind.plural != "pods" || !kind.group.empty()) return 0;
  const Json spec = object.value("spec", Json::object());
  std::int64_t grace =
      options.grace_seconds.value_or(spec.value("terminationGracePeriodSeconds", default_pod_grace_seconds));
  if (grace < 0) grace = 1;
  const std::string phase = object.value("status", Json::object()).value("phase", "");
  if (spec.value("nodeName", "").empty() || phase == "Succeeded" || phase == "Failed") return 0;
  return grace;
}

class Deletion {
 public:
  Deletion(const Backend& backend, const Kind& kind, std::string key, const DeleteOptions& options, Json live)
      : backend_(backend), kind_(kind), key_(std::move(key)), options_(options), live_(std::move(live)), next_(live_) {}

  Result<Deleted, ApiError> run() {
    Json& metadata = next_["metadata"];
    if (kind_.plural == "namespaces") return of_namespace();
    mark_propagation(kind_, metadata, options_.propagation);
    const std::int64_t grace = grace_seconds(kind_, live_, options_);
    if (metadata.contains("deletionTimestamp")) return again(grace);
    metadata["deletionGracePeriodSeconds"] = grace;
    metadata["deletionTimestamp"] = time_after(grace);
    if (kind_.has_generation) metadata["generation"] = metadata.value("generation", 0) + 1;
    if (grace > 0 || metadata.contains("finalizers")) return keep();
    return remove();
  }

 private:
  std::string time_after(std::int64_t seconds) const {
    return api::format_time(backend_.loop.wall_ms() + seconds * 1000).substr(0, 19) + "Z";
  }

  // It is being deleted already: only a shorter grace period, or other finalizers, change anything.
  Result<Deleted, ApiError> again(std::int64_t grace) {
    Json& metadata = next_["metadata"];
    if (grace < metadata.value("deletionGracePeriodSeconds", std::int64_t{0})) {
      metadata["deletionGracePeriodSeconds"] = grace;
      metadata["deletionTimestamp"] = time_after(grace);
    }
    if (metadata.value("deletionGracePeriodSeconds", std::int64_t{0}) == 0 && !metadata.contains("finalizers")) {
      return remove();
    }
    return keep();
  }

  Result<Deleted, ApiError> of_namespace() {
    Json& metadata = next_["metadata"];
    const std::string name = metadata.value("name", "");
    if (name == "default" || name == "kube-system" || name == "kube-public") {
      return Err(forbidden(kind_, name, "this namespace may not be deleted"));
    }
    if (metadata.contains("deletionTimestamp")) {
      if (deletion_is_due(kind_, next_)) return remove();
      return Err(conflict(kind_, name,
                          "The system is ensuring all content is removed from this namespace.  Upon completion, this "
                          "namespace will automatically be purged by the system."));
    }
    metadata["deletionTimestamp"] = time_after(0);
    next_["status"]["phase"] = "Terminating";
    if (deletion_is_due(kind_, next_)) return remove();
    return keep();
  }

  const Kind& stored_kind() const { return kind_.stored_as == nullptr ? kind_ : *kind_.stored_as; }
  std::string uid() const { return live_["metadata"].value("uid", ""); }

  Deleted told(bool gone, std::string text) const { return {std::move(text), gone, uid()}; }

  Result<Deleted, ApiError> keep() {
    if (next_ == live_ || options_.dry_run) return told(false, dump(next_));
    Json to_store = next_;
    if (kind_.to_stored != nullptr) kind_.to_stored(to_store);
    StoredPtr stored = stored_from(stored_kind(), to_store, backend_.store.next_version());
    std::string text = *stored->text;
    backend_.store.put(collection_of(kind_), key_, std::move(stored));
    return told(false, std::move(text));
  }

  // Watchers see the object as it was, with the version of its end; so does who deleted it.
  Result<Deleted, ApiError> remove() {
    Json last = kind_.plural == "pods" ? next_ : live_;
    if (kind_.to_stored != nullptr) kind_.to_stored(last);
    std::string text = dump(last);
    if (!options_.dry_run) {
      backend_.store.remove(collection_of(kind_), key_,
                            stored_from(stored_kind(), last, backend_.store.next_version()));
    }
    return told(true, std::move(text));
  }

  static std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

  const Backend& backend_;
  const Kind& kind_;
  std::string key_;
  const DeleteOptions& options_;
  Json live_;
  Json next_;
};

}  // namespace

Result<DeleteOptions, ApiError> parse_delete_options(const Kinds& kinds, const Target& target, const Call& call) {
  DeleteOptions options;
  if (auto error = read_query(target, options)) return Err(std::move(*error));
  if (call.body.empty()) return options;
  auto body = read_json(kinds, call);
  if (!body) return Err(body.error());
  if (auto error = read_body(*body, options)) return Err(std::move(*error));
  return options;
}

Result<Deleted, ApiError> delete_object(const Backend& backend, const Kind& kind, const std::string& ns,
                                        const std::string& name, const DeleteOptions& options) {
  std::string key = ns + "/" + name;
  auto live = load_object(backend, kind, key);
  if (!live) return Err(not_found(kind, name));
  if (auto error = check_preconditions(kind, name, (*live)["metadata"], options)) return Err(std::move(*error));
  return Deletion(backend, kind, std::move(key), options, std::move(*live)).run();
}

}  // namespace ork::embedded
