#include "operator/embedded/api/object_writer.hpp"

#include <array>

#include "controllers/api/time.hpp"
#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/object_reader.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/fields/managed_fields.hpp"
#include "operator/embedded/fields/patch.hpp"

namespace ork::embedded {
namespace {

std::string text_of(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

void copy_field(const Json& from, Json& to, const char* field) {
  if (const auto it = from.find(field); it != from.end()) {
    to[field] = *it;
  } else {
    to.erase(field);
  }
}

void fill_field(const Json& from, Json& to, const char* field) {
  if (const auto it = to.find(field); it == to.end() || it->is_null()) copy_field(from, to, field);
}

// Equal but for metadata and status: nothing that a controller would have to act on has changed.
bool same_desire(const Json& a, const Json& b) {
  const auto is_desire = [](const std::string& field) { return field != "metadata" && field != "status"; };
  for (const auto& [field, value] : a.items()) {
    if (is_desire(field) && (!b.contains(field) || b.at(field) != value)) return false;
  }
  for (const auto& [field, value] : b.items()) {
    if (is_desire(field) && !a.contains(field)) return false;
  }
  return true;
}

bool is_empty_list(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it == object.end() || it->is_null() || (it->is_array() && it->empty());
}

ApiError refusal_of(const PatchError& error) {
  if (error.status == 422) {
    return {422, "Invalid", "the server rejected our request due to an error in our request", Json::object()};
  }
  if (error.status == 413) return too_large(error.message);
  return error.status == 500 ? internal(error.message) : bad_request(error.message);
}

}  // namespace

std::string timestamp(runtime::Loop& loop) { return api::format_time(loop.wall_ms()).substr(0, 19) + "Z"; }

std::string new_uid(runtime::Loop& loop) {
  std::array<unsigned, 4> words{};
  for (unsigned& word : words) word = static_cast<unsigned>(loop.random() * 4294967296.0);
  words[1] = (words[1] & 0xffff0fffU) | 0x4000U;
  words[2] = (words[2] & 0x3fffffffU) | 0x80000000U;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16U, words[1] & 0xffffU,
                words[2] >> 16U, words[2] & 0xffffU, words[3]);
  return text.data();
}

std::optional<Json> load_object(const Backend& backend, const Kind& kind, const std::string& key) {
  const StoredPtr stored = backend.store.find(collection_of(kind), key);
  if (stored == nullptr) return std::nullopt;
  Json object = Json::parse(*stored->text);
  if (kind.from_stored != nullptr) kind.from_stored(object);
  return object;
}

bool deletion_is_due(const Kind& kind, const Json& object) {
  const Json& metadata = object.at("metadata");
  if (!metadata.contains("deletionTimestamp") || !is_empty_list(metadata, "finalizers")) return false;
  if (metadata.value("deletionGracePeriodSeconds", 0) != 0) return false;
  return kind.plural != "namespaces" || !object.contains("spec") || is_empty_list(object["spec"], "finalizers");
}

// The object's namespace and metadata as the URL has them.
std::optional<ApiError> ObjectWriter::take_place(Json& object) {
  Json& metadata = object["metadata"];
  if (metadata.is_null()) metadata = Json::object();
  if (!metadata.is_object()) {
    return bad_request(kind_.kind + " in version \"" + kind_.version + "\" cannot be handled as a " + kind_.kind +
                       ": metadata is not an object");
  }
  const std::string ns = text_of(metadata, "namespace");
  if (!ns.empty() && ns != path_.ns) {
    return bad_request("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (path_.ns.empty()) {
    metadata.erase("namespace");
  } else {
    metadata["namespace"] = path_.ns;
  }
  const std::string name = text_of(metadata, "name");
  if (!path_.name.empty() && name != path_.name) {
    if (name.empty()) {
      metadata["name"] = path_.name;
    } else {
      return bad_request("the name of the object (" + name + ") does not match the name on the URL (" + path_.name +
                         ")");
    }
  }
  return std::nullopt;
}

std::optional<ApiError> ObjectWriter::check_namespace(const std::string& name) const {
  if (!kind_.namespaced) return std::nullopt;
  const Kind* namespaces = backend_.kinds.find("", "v1", "namespaces");
  const auto ns = load_object(backend_, *namespaces, "/" + path_.ns);
  if (!ns) return not_found(*namespaces, path_.ns);
  if ((*ns)["metadata"].contains("deletionTimestamp")) return namespace_terminating(kind_, name, path_.ns);
  return std::nullopt;
}

// Five characters that can't make a word.
void ObjectWriter::name_from_generate_name(Json& metadata) const {
  constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const std::string base = text_of(metadata, "generateName");
  if (base.empty() || !text_of(metadata, "name").empty()) return;
  std::string name = base.substr(0, limits::generated_name_base);
  for (int i = 0; i < 5; ++i) {
    name += alphabet[static_cast<std::size_t>(backend_.loop.random() * static_cast<double>(alphabet.size()))];
  }
  metadata["name"] = name;
}

void ObjectWriter::stamp_new(Json& object) const {
  Json& metadata = object["metadata"];
  for (const char* field : {"deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"}) {
    metadata.erase(field);
  }
  name_from_generate_name(metadata);
  metadata["uid"] = new_uid(backend_.loop);
  metadata["creationTimestamp"] = timestamp(backend_.loop);
  if (kind_.has_generation) metadata["generation"] = 1;
  if (kind_.has_status) object.erase("status");
}

Writer ObjectWriter::who() const {
  return {manager_, kind_.group_version(), path_.subresource, timestamp(backend_.loop)};
}

Result<Written, ApiError> ObjectWriter::create(Json object) {
  if (auto error = take_place(object)) return Err(std::move(*error));
  track_update(nullptr, object, backend_.rules.of(kind_), who());
  return create_tracked(std::move(object));
}

Result<Written, ApiError> ObjectWriter::create_tracked(Json object) {
  Json& metadata = object["metadata"];
  if (!text_of(metadata, "resourceVersion").empty()) {
    return Err(internal("resourceVersion should not be set on objects to be created"));
  }
  metadata.erase("resourceVersion");
  stamp_new(object);
  name_ = text_of(metadata, "name");
  if (auto error = check_namespace(name_)) return Err(std::move(*error));
  kind_.schema->apply_defaults(object);
  if (kind_.prepare != nullptr) kind_.prepare(object, nullptr);
  if (auto error = validate(object, nullptr)) return Err(std::move(*error));
  if (backend_.store.find(collection_of(kind_), path_.ns + "/" + name_) != nullptr) {
    return Err(already_exists(kind_, name_));
  }
  return store(std::move(object), 201);
}

Result<Written, ApiError> ObjectWriter::update(Json object) {
  if (auto error = take_place(object)) return Err(std::move(*error));
  name_ = path_.name;
  const auto live = load_object(backend_, kind_, path_.key());
  if (!live) {
    if (!kind_.creates_on_update || !path_.subresource.empty()) return Err(not_found(kind_, name_));
    return create(std::move(object));
  }
  if (auto error = check_preconditions(*live, object)) return Err(std::move(*error));
  track_update(&*live, object, backend_.rules.of(kind_), who());
  return replace(*live, std::move(object));
}

// Of a whole object that is sent: an empty resourceVersion means "whatever is there" for most
// built-in kinds, and is refused for the others.
std::optional<ApiError> ObjectWriter::check_preconditions(const Json& live, Json& object) const {
  Json& metadata = object["metadata"];
  const std::string uid = text_of(metadata, "uid");
  const std::string live_uid = text_of(live["metadata"], "uid");
  if (!uid.empty() && uid != live_uid) {
    return conflict(kind_, name_,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live_uid);
  }
  const std::string version = text_of(metadata, "resourceVersion");
  if (!version.empty() && version.find_first_not_of("0123456789") != std::string::npos) {
    return internal("strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
  }
  if ((version.empty() || version == "0") && !kind_.updates_blindly) {
    Kind by_resource;
    by_resource.kind = kind_.plural;
    by_resource.group = kind_.group;
    return invalid(
        by_resource, name_,
        {{ProblemType::Invalid, "metadata.resourceVersion", "Invalid value: 0: must be specified for an update"}});
  }
  if (!version.empty() && version != "0" && version != text_of(live["metadata"], "resourceVersion")) {
    return modified(kind_, name_);
  }
  return std::nullopt;
}

// The main resource does not write status; /status writes nothing else (metadata only for built-in
// kinds).
void ObjectWriter::keep_what_is_not_written_here(const Json& live, Json& object) const {
  if (path_.subresource.empty()) {
    if (kind_.has_status) copy_field(live, object, "status");
    return;
  }
  if (path_.subresource != "status") return;
  Json kept = kind_.custom ? live["metadata"] : std::move(object["metadata"]);
  if (kind_.custom) copy_field(object["metadata"], kept, "managedFields");
  // Mostly equal: comparing is cheaper than copying.
  for (auto field = object.begin(); field != object.end();) {
    bool stays = field.key() == "status" || live.contains(field.key());
    field = stays ? std::next(field) : object.erase(field);
  }
  for (const auto& [field, value] : live.items()) {
    if (field == "status" || field == "metadata") continue;
    if (Json& there = object[field]; there != value) there = value;
  }
  object["metadata"] = std::move(kept);
}

Result<Written, ApiError> ObjectWriter::replace(const Json& live, Json object) {
  const Json& old = live["metadata"];
  keep_what_is_not_written_here(live, object);
  Json& metadata = object["metadata"];
  metadata["resourceVersion"] = old["resourceVersion"];
  metadata.erase("selfLink");
  copy_field(old, metadata, "generation");
  for (const char* field : {"uid", "creationTimestamp", "managedFields"}) fill_field(old, metadata, field);
  if (old.contains("deletionTimestamp")) {
    copy_field(old, metadata, "deletionTimestamp");
    copy_field(old, metadata, "deletionGracePeriodSeconds");
  }
  kind_.schema->apply_defaults(object);
  if (kind_.prepare != nullptr && path_.subresource.empty()) kind_.prepare(object, &live);
  if (kind_.has_generation && path_.subresource.empty() && !same_desire(live, object)) {
    metadata["generation"] = old.value("generation", 0) + 1;
  }
  keep_times_if_unchanged(live, object);
  if (auto error = validate(object, &live)) return Err(std::move(*error));
  if (deletion_is_due(kind_, object)) return finish_deletion(live, std::move(object));
  if (object == live) return Written{200, *backend_.store.find(collection_of(kind_), path_.key())->text, {}};
  return store(std::move(object), 200);
}

Result<Written, ApiError> ObjectWriter::patch(PatchFormat format, const Json& patch) {
  name_ = path_.name;
  const auto live = load_object(backend_, kind_, path_.key());
  if (format == PatchFormat::Apply) return apply_patch(live ? &*live : nullptr, patch);
  if (!live) return Err(not_found(kind_, name_));
  return patch_live(*live, format, patch);
}

Result<Written, ApiError> ObjectWriter::patch_live(const Json& live, PatchFormat format, const Json& patch) {
  auto patched = format == PatchFormat::Operations ? json_patch(live, patch)
                 : format == PatchFormat::Merge    ? merge_patch(live, patch)
                                                   : strategic_merge_patch(live, patch, *kind_.schema);
  if (!patched) return Err(refusal_of(patched.error()));
  if (!patched->is_object()) return Err(bad_request("the patch does not leave an object"));
  (*patched)["kind"] = kind_.kind;
  (*patched)["apiVersion"] = kind_.group_version();
  auto unknown = decode_object(kind_, *patched, options_.field_validation);
  if (!unknown) return Err(unknown.error());
  if (auto error = take_place(*patched)) return Err(std::move(*error));
  const std::string version = text_of((*patched)["metadata"], "resourceVersion");
  if (!version.empty() && version != text_of(live["metadata"], "resourceVersion")) return Err(modified(kind_, name_));
  track_update(&live, *patched, backend_.rules.of(kind_), who());
  auto outcome = replace(live, std::move(*patched));
  if (outcome) outcome->unknown_fields = std::move(*unknown);
  return outcome;
}

Result<Written, ApiError> ObjectWriter::apply_patch(const Json* live, const Json& patch) {
  if (options_.field_manager.empty()) {
    return Err(invalid_options("PatchOptions",
                               {ProblemType::Required, "fieldManager", "Required value: is required for apply patch"}));
  }
  if (!patch.is_object() || text_of(patch, "apiVersion") != kind_.group_version() ||
      text_of(patch, "kind") != kind_.kind) {
    return Err(bad_request("invalid object type: " + (patch.is_object() ? text_of(patch, "apiVersion") : "") +
                           ", Kind=" + (patch.is_object() ? text_of(patch, "kind") : "")));
  }
  // Decoded for its errors only: what is filled in would be owned by whoever applies.
  Json decoded = patch;
  auto unknown = decode_object(kind_, decoded, options_.field_validation);
  if (!unknown) return Err(unknown.error());
  Json config = patch;
  if (auto error = take_place(config)) return Err(std::move(*error));
  const std::string uid = text_of(config["metadata"], "uid");
  if (live == nullptr && !path_.subresource.empty()) return Err(not_found(kind_, name_));
  if (live == nullptr && !uid.empty()) {
    return Err(conflict(
        kind_, name_, "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found"));
  }
  const std::string version = text_of(config["metadata"], "resourceVersion");
  if (live != nullptr && !version.empty() && version != text_of((*live)["metadata"], "resourceVersion")) {
    return Err(modified(kind_, name_));
  }
  auto applied = apply(live, config, backend_.rules.of(kind_), who(), options_.force);
  if (!applied) {
    const ApplyFailure& failure = applied.error();
    if (failure.status == 400) return Err(bad_request(failure.message));
    if (failure.status == 500) return Err(internal(failure.message));
    ApiError error{409, "Conflict", failure.message, Json{{"causes", Json::array()}}};
    for (const FieldConflict& c : failure.conflicts) {
      error.details["causes"].push_back(
          {{"reason", "FieldManagerConflict"}, {"message", "conflict with " + c.manager}, {"field", c.field}});
    }
    return Err(std::move(error));
  }
  if (auto pruned = decode_object(kind_, *applied, FieldValidation::Ignore); !pruned) return Err(pruned.error());
  auto outcome = live == nullptr ? create_tracked(std::move(*applied)) : replace(*live, std::move(*applied));
  if (outcome) outcome->unknown_fields = std::move(*unknown);
  return outcome;
}

std::optional<ApiError> ObjectWriter::validate(const Json& object, const Json* live) const {
  const Part part = path_.subresource == "status" ? Part::Status : Part::Whole;
  const std::vector<FieldProblem> problems = kind_.problems(object, live, part);
  if (problems.empty()) return std::nullopt;
  return invalid(kind_, name_, problems);
}

std::optional<ApiError> ObjectWriter::check_size(const std::string& text) const {
  if (text.size() <= limits::object_bytes) return std::nullopt;
  return too_large("the object has " + std::to_string(text.size()) + " bytes; the limit is " +
                   std::to_string(limits::object_bytes));
}

Result<Written, ApiError> ObjectWriter::store(Json object, int status) {
  if (kind_.to_stored != nullptr) kind_.to_stored(object);
  if (options_.dry_run) {
    // What would be stored: a new object has no version, an existing one keeps its own.
    const std::string text = object.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (auto error = check_size(text)) return Err(std::move(*error));
    return Written{status, text, {}};
  }
  StoredPtr stored =
      stored_from(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, object, backend_.store.next_version());
  if (auto error = check_size(*stored->text)) return Err(std::move(*error));
  Written written{status, *stored->text, {}};
  backend_.store.put(collection_of(kind_), path_.ns + "/" + name_, std::move(stored));
  return written;
}

// The last finalizer has gone: the answer shows the object as it was, watchers its last version.
Result<Written, ApiError> ObjectWriter::finish_deletion(const Json& live, Json object) {
  object["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"];
  if (kind_.to_stored != nullptr) kind_.to_stored(object);
  Written written{200, object.dump(-1, ' ', false, Json::error_handler_t::replace), {}};
  if (options_.dry_run) return written;
  backend_.store.remove(
      collection_of(kind_), path_.key(),
      stored_from(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, object, backend_.store.next_version()));
  return written;
}

}  // namespace ork::embedded
