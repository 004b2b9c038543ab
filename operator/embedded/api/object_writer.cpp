#include "operator/embedded/api/object_writer.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "controllers/api/time.hpp"
#include "operator/embedded/api/body.hpp"
#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/api/object_reader.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/fields/managed_fields.hpp"
#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

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

// Mostly they are equal: comparing is cheaper than copying.
void copy_all_but(std::initializer_list<std::string_view> fields, const Json& from, Json& to) {
  const auto is_left_out = [&](const std::string& name) {
    return std::find(fields.begin(), fields.end(), name) != fields.end();
  };
  for (auto field = to.begin(); field != to.end();) {
    const bool stays = is_left_out(field.key()) || from.contains(field.key());
    field = stays ? std::next(field) : to.erase(field);
  }
  for (const auto& [field, value] : from.items()) {
    if (is_left_out(field)) continue;
    if (Json& there = to[field]; there != value) there = value;
  }
}

bool same_field(const Json& a, const Json& b, const char* field) {
  const auto in_a = a.find(field), in_b = b.find(field);
  return in_a != a.end() && in_b != b.end() && *in_a == *in_b;
}

Json take_field(Json& object, const char* field) {
  Json value = std::move(object[field]);
  object.erase(field);
  return value;
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

// Of references to one owner that are the same one stays.
void drop_double_owners(Json& object, const std::string& when, std::vector<std::string>& warnings) {
  Json& metadata = object["metadata"];
  const auto owners = metadata.find("ownerReferences");
  if (owners == metadata.end() || !owners->is_array() || owners->size() < 2) return;
  Json kept = Json::array();
  std::string uids;
  for (const Json& owner : *owners) {
    if (std::find(kept.begin(), kept.end(), owner) == kept.end()) {
      kept.push_back(owner);
    } else {
      uids += (uids.empty() ? "" : ", ") + text_of(owner, "uid");
    }
  }
  if (kept.size() == owners->size()) return;
  *owners = std::move(kept);
  warnings.push_back(".metadata.ownerReferences contains duplicate entries" + when +
                     "; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; "
                     "please fix your requests; duplicate UID(s) observed: " +
                     uids);
}

std::set<std::string> finalizers_of(const Json& object) {
  std::set<std::string> names;
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || is_empty_list(*metadata, "finalizers")) return names;
  for (const Json& name : metadata->at("finalizers")) {
    if (name.is_string()) names.insert(name.get<std::string>());
  }
  return names;
}

// Of those that are new to a custom object.
void warn_of_bare_finalizers(const Json& object, const Json* live, std::vector<std::string>& warnings) {
  const std::set<std::string> names = finalizers_of(object);
  if (names.empty()) return;
  const std::set<std::string> known = live == nullptr ? std::set<std::string>{} : finalizers_of(*live);
  for (const std::string& name : names) {
    const bool own = name == "orphan" || name == "foregroundDeletion" || name == "kubernetes";
    if (own || known.count(name) != 0 || name.find('/') != std::string::npos) continue;
    warnings.push_back("metadata.finalizers: " + go_text::quoted(name) +
                       ": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer "
                       "writers");
  }
}

// What came out of a patch is no object of the kind.
ApiError invalid_patch(const std::string& patched, const std::string& why) {
  return invalid(Kind(), "",
                 {{ProblemType::Invalid, "patch", "Invalid value: " + go_text::quoted(patched) + ": " + why}});
}

std::optional<ApiError> check_number(const std::string& version) {
  if (version.find_first_not_of("0123456789") == std::string::npos) return std::nullopt;
  return internal("strconv.ParseUint: parsing " + go_text::quoted(version) + ": invalid syntax");
}

ApiError refusal_of(const ApplyFailure& failure) {
  if (failure.status == 400) return bad_request(failure.message);
  if (failure.status == 500) return internal(failure.message);
  ApiError error{409, "Conflict", failure.message, Json{{"causes", Json::array()}}};
  for (const FieldConflict& c : failure.conflicts) {
    error.details["causes"].push_back(
        {{"reason", "FieldManagerConflict"}, {"message", "conflict with " + c.manager}, {"field", c.field}});
  }
  return error;
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

std::shared_ptr<const Json> load_object(const Backend& backend, const Kind& kind, const std::string& key) {
  const StoredPtr stored = backend.store.find(collection_of(kind), key);
  if (stored == nullptr) return nullptr;
  auto object = backend.parsed.of(*stored);
  if (kind.from_stored == nullptr) return object;
  Json other = *object;
  kind.from_stored(other);
  return std::make_shared<const Json>(std::move(other));
}

bool deletion_is_due(const Kind& kind, const Json& object) {
  const Json& metadata = object.at("metadata");
  if (!metadata.contains("deletionTimestamp") || !is_empty_list(metadata, "finalizers")) return false;
  if (metadata.value("deletionGracePeriodSeconds", 0) != 0) return false;
  return kind.plural != "namespaces" || !object.contains("spec") || is_empty_list(object["spec"], "finalizers");
}

// The object's namespace as the URL has it.
std::optional<ApiError> ObjectWriter::take_namespace(Json& object) const {
  Json& metadata = object["metadata"];
  if (metadata.is_null()) metadata = Json::object();
  if (!metadata.is_object()) {
    return bad_request(kind_.kind + " in version \"" + kind_.version + "\" cannot be handled as a " + kind_.kind +
                       ": metadata is not an object");
  }
  if (path_.ns.empty()) {
    metadata.erase("namespace");
    return std::nullopt;
  }
  const std::string ns = text_of(metadata, "namespace");
  if (!ns.empty() && ns != path_.ns) {
    return bad_request("the namespace of the provided object does not match the namespace sent on the request");
  }
  metadata["namespace"] = path_.ns;
  return std::nullopt;
}

std::optional<ApiError> ObjectWriter::check_name(const Json& object) const {
  const std::string name = text_of(object["metadata"], "name");
  if (name.empty()) {
    return bad_request("the name of the object (" + path_.name +
                       " based on URL) was undeterminable: name must be provided");
  }
  if (name == path_.name) return std::nullopt;
  return bad_request("the name of the object (" + name + ") does not match the name on the URL (" + path_.name + ")");
}

std::optional<ApiError> ObjectWriter::check_namespace(const std::string& name) const {
  if (!kind_.namespaced) return std::nullopt;
  const Kind* namespaces = backend_.kinds.find("", "v1", "namespaces");
  const auto ns = load_object(backend_, *namespaces, "/" + path_.ns);
  if (ns == nullptr) return not_found(*namespaces, path_.ns);
  if (ns->at("metadata").contains("deletionTimestamp")) return namespace_terminating(kind_, name, path_.ns);
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
  metadata.erase("selfLink");
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
  if (auto error = take_namespace(object)) return Err(std::move(*error));
  for (const char* field :
       {"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"}) {
    object["metadata"].erase(field);
  }
  drop_double_owners(object, "", warnings_);
  track_update(nullptr, object, backend_.rules.of(kind_), who());
  return create_tracked(std::move(object), false);
}

Result<Written, ApiError> ObjectWriter::create_tracked(Json object, bool by_update) {
  Json& metadata = object["metadata"];
  if (auto error = check_namespace(text_of(metadata, "name"))) return Err(std::move(*error));
  const std::string version = text_of(metadata, "resourceVersion");
  stamp_new(object);
  name_ = text_of(metadata, "name");
  if (kind_.custom) kind_.schema->apply_defaults(object, nulls_);
  const bool has_default_status = kind_.custom && kind_.has_status && object.contains("status");
  const bool had_labels = metadata.contains("labels");
  if (kind_.prepare != nullptr) kind_.prepare(object, nullptr);
  if (auto error = validate(object, nullptr)) return Err(std::move(*error));
  // What reading fills in, the answer shows already.
  std::vector<std::string> none;
  const bool is_decoded =
      !kind_.custom && std::find(kind_.verbs.begin(), kind_.verbs.end(), "create") != kind_.verbs.end();
  if (is_decoded) (void)decode_patched(kind_, object, FieldValidation::Ignore, none);
  // Only a number is one; and an update that creates does not look.
  const bool numbered = !version.empty() && version.find_first_not_of("0123456789") == std::string::npos;
  if (numbered && version != "0" && !by_update && !options_.dry_run) {
    return Err(internal("resourceVersion should not be set on objects to be created"));
  }
  if (!options_.dry_run) object["metadata"].erase("resourceVersion");
  const StoredPtr live = backend_.store.find(collection_of(kind_), path_.ns + "/" + name_);
  if (live != nullptr) return Err(in_the_way(*live, !text_of(object["metadata"], "generateName").empty()));
  // Reading fills in what the schema says of a status that a new object has not, and labels of a Job.
  const bool completed = has_default_status || (!had_labels && object["metadata"].contains("labels"));
  return store(std::move(object), 201, completed);
}

ApiError ObjectWriter::in_the_way(const Stored& live, bool has_prefix) const {
  ApiError error = already_exists(kind_, name_);
  if (has_prefix) {
    error = already_exists(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, name_);
    error.message += ", the server was not able to generate a unique name for the object";
    error.retry_after_seconds = 1;
  }
  if (backend_.parsed.of(live)->at("metadata").contains("deletionTimestamp"))
    error.message = "object is being deleted: " + error.message;
  return error;
}

Result<Written, ApiError> ObjectWriter::update(Json object) {
  if (auto error = take_namespace(object)) return Err(std::move(*error));
  if (auto error = check_name(object)) return Err(std::move(*error));
  name_ = path_.name;
  drop_double_owners(object, "", warnings_);
  const auto live = load_object(backend_, kind_, path_.key());
  if (live == nullptr && (!kind_.creates_on_update || !path_.subresource.empty())) return Err(not_found(kind_, name_));
  if (auto error = check_uid(live.get(), object)) return Err(std::move(*error));
  const std::string version = text_of(object["metadata"], "resourceVersion");
  if (auto error = check_number(version)) return Err(std::move(*error));
  if (live == nullptr) {
    track_update(nullptr, object, backend_.rules.of(kind_), who());
    return create_tracked(std::move(object), true);
  }
  if (auto error = check_version(*live, object)) return Err(std::move(*error));
  track_update(live.get(), object, backend_.rules.of(kind_), who());
  return replace(*live, std::move(object));
}

// Told in the words of what stores the objects of a cluster.
std::optional<ApiError> ObjectWriter::check_uid(const Json* live, const Json& object) const {
  const std::string uid = text_of(object["metadata"], "uid");
  const std::string live_uid = live == nullptr ? "" : text_of((*live)["metadata"], "uid");
  if (uid.empty() || uid == live_uid) return std::nullopt;
  const std::string key = (options_.dry_run ? "/" : "/registry/") + std::string(kind_.custom ? kind_.group + "/" : "") +
                          collection_plural() + (path_.ns.empty() ? "" : "/" + path_.ns) + "/" + name_;
  return conflict(kind_, name_,
                  "StorageError: invalid object, Code: 4, Key: " + key +
                      ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: " + uid +
                      ", UID in object meta: " + live_uid);
}

// Of a whole object that is sent: an empty resourceVersion means "whatever is there" for most
// built-in kinds, and is refused for the others.
std::optional<ApiError> ObjectWriter::check_version(const Json& live, const Json& object) const {
  const std::string version = text_of(object["metadata"], "resourceVersion");
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
  if (kind_.custom) copy_all_but({"managedFields"}, live["metadata"], object["metadata"]);
  copy_all_but({"metadata", "status"}, live, object);
}

Result<Written, ApiError> ObjectWriter::replace(const Json& live, Json object) {
  const Json& old = live["metadata"];
  keep_what_is_not_written_here(live, object);
  Json& metadata = object["metadata"];
  metadata["resourceVersion"] = old["resourceVersion"];
  metadata.erase("selfLink");
  copy_field(old, metadata, "generation");
  fill_field(old, metadata, "uid");
  copy_field(old, metadata, "creationTimestamp");
  if (old.contains("deletionTimestamp")) {
    copy_field(old, metadata, "deletionTimestamp");
    copy_field(old, metadata, "deletionGracePeriodSeconds");
  }
  if (kind_.custom) kind_.schema->apply_defaults(object, nulls_);
  if (kind_.prepare != nullptr && path_.subresource.empty()) kind_.prepare(object, &live);
  if (kind_.prepare_status != nullptr && path_.subresource == "status") kind_.prepare_status(object, live);
  if (kind_.has_generation && path_.subresource.empty() && !same_desire(live, object)) {
    metadata["generation"] = old.value("generation", 0) + 1;
  }
  keep_times_if_unchanged(live, object);
  if (auto error = validate(object, &live)) return Err(std::move(*error));
  if (deletion_is_due(kind_, object)) return finish_deletion(live, std::move(object));
  const StoredPtr stored = backend_.store.find(collection_of(kind_), path_.key());
  if (object == live && !stored->completed_on_reading) return Written{200, *stored->text};
  return store(std::move(object), 200);
}

Result<Written, ApiError> ObjectWriter::patch(PatchFormat format, const Json& patch,
                                              std::vector<std::string> oddities) {
  oddities_ = std::move(oddities);
  name_ = path_.name;
  const auto live = load_object(backend_, kind_, path_.key());
  if (format == PatchFormat::Apply) return apply_patch(live.get(), patch);
  if (live == nullptr) return Err(not_found(kind_, name_));
  return patch_live(*live, format, patch);
}

// A patch may write kind and apiVersion, as any other field. A strategic one is decoded as what it was.
std::optional<ApiError> ObjectWriter::take_kind(Json& patched, PatchFormat format) const {
  if (format != PatchFormat::Strategic) {
    const auto given = given_kind(patched);
    if (!given) return invalid_patch(dumped(patched), given.error());
    if (kind_.custom) {
      if (!text_of(patched, "kind").empty()) return std::nullopt;
      return invalid_patch(dumped(patched), "Object 'Kind' is missing in '" + dumped(patched) + "'");
    }
    const bool other = !given->kind.empty() && given->kind != kind_.kind;
    const bool other_version = !given->api_version.empty() && given->api_version != kind_.group_version();
    if (other || other_version) {
      return invalid_patch(dumped(patched), other_kind(backend_.kinds, kind_, *given, patched));
    }
  }
  patched["kind"] = kind_.kind;
  patched["apiVersion"] = kind_.group_version();
  return std::nullopt;
}

Result<Json, ApiError> ObjectWriter::patched_from(const Json& live, PatchFormat format, const Json& patch) const {
  auto patched = format == PatchFormat::Operations ? json_patch(live, patch)
                 : format == PatchFormat::Merge    ? merge_patch(live, patch)
                                                   : strategic_merge_patch(live, patch, *kind_.schema);
  if (!patched) return Err(refusal_of(patched.error()));
  if (auto error = take_kind(*patched, format)) return Err(std::move(*error));
  return std::move(*patched);
}

Result<Written, ApiError> ObjectWriter::patch_live(const Json& live, PatchFormat format, const Json& patch) {
  const bool unread = format == PatchFormat::Merge && options_.field_validation == FieldValidation::Ignore;
  if (unread && patch.is_array()) return Err(invalid_patch(dumped(patch), given_kind(patch).error()));
  if (unread && !patch.is_object()) return Err(bad_request(not_a_merge_patch));
  auto patched = patched_from(live, format, patch);
  if (!patched) return Err(patched.error());
  // What a status leaves as it was has been decoded before; mostly that is all but the status itself.
  const bool status_only =
      path_.subresource == "status" && same_field(live, *patched, "metadata") && same_field(live, *patched, "spec");
  Json metadata, spec;
  if (status_only) {
    metadata = take_field(*patched, "metadata");
    spec = take_field(*patched, "spec");
  }
  if (auto done = decode_patched(kind_, *patched, options_.field_validation, warnings_, nulls_, oddities_); !done) {
    // A strategic patch does not get as far as to be text again.
    const std::string shown =
        format == PatchFormat::Strategic ? "map[" + dumped(patch) + "]" : dumped(*patched_from(live, format, patch));
    return Err(invalid_patch(shown, done.error()));
  }
  if (status_only) {
    (*patched)["metadata"] = std::move(metadata);
    (*patched)["spec"] = std::move(spec);
  }
  if (auto error = take_namespace(*patched)) return Err(std::move(*error));
  if (auto error = check_name(*patched)) return Err(std::move(*error));
  const std::string version = text_of((*patched)["metadata"], "resourceVersion");
  if (auto error = check_number(version)) return Err(std::move(*error));
  if (auto error = check_version(live, *patched)) return Err(std::move(*error));
  drop_double_owners(*patched, " after mutating admission happens", warnings_);
  track_update(&live, *patched, backend_.rules.of(kind_), who());
  return replace(live, std::move(*patched));
}

Result<Written, ApiError> ObjectWriter::apply_patch(const Json* live, const Json& config) {
  auto applied = apply(live, config, backend_.rules.of(kind_), who(), options_.force);
  if (!applied) return Err(refusal_of(applied.error()));
  nulls_ = Nulls::Kept;
  std::vector<std::string> unknown;
  if (auto done = decode_patched(kind_, *applied, FieldValidation::Ignore, unknown, nulls_); !done) {
    const std::string type = (kind_.group.empty() ? "/" : "") + kind_.group_version() + ", Kind=" + kind_.kind;
    return Err(internal("failed to convert new object (" + text_of(config["metadata"], "namespace") + "/" +
                        text_of(config["metadata"], "name") + "; " + type +
                        ") to proper version: unable to convert unstructured object to " + type + ": " + done.error()));
  }
  const std::string uid = text_of((*applied)["metadata"], "uid");
  if (live == nullptr && !uid.empty()) {
    return Err(conflict(
        kind_, name_, "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found"));
  }
  if (auto error = take_namespace(*applied)) return Err(std::move(*error));
  if (auto error = check_name(*applied)) return Err(std::move(*error));
  if (auto error = check_number(text_of((*applied)["metadata"], "resourceVersion"))) return Err(std::move(*error));
  if (live == nullptr) return create_tracked(std::move(*applied), true);
  fill_field((*live)["metadata"], (*applied)["metadata"], "resourceVersion");
  if (auto error = check_version(*live, *applied)) return Err(std::move(*error));
  return replace(*live, std::move(*applied));
}

// A kind from a CRD is asked only now whether it is the right one.
std::optional<ApiError> ObjectWriter::check_kind(const Json& object) const {
  Kind given;
  given.kind = text_of(object, "kind");
  const std::string version = text_of(object, "apiVersion");
  if (const std::size_t slash = version.find('/'); slash != std::string::npos) given.group = version.substr(0, slash);
  const auto wrong = [](const char* field, const std::string& value, const std::string& right) {
    return FieldProblem{ProblemType::Invalid, field, "Invalid value: " + go_text::quoted(value) + ": must be " + right};
  };
  std::vector<FieldProblem> problems;
  if (given.kind != kind_.kind) problems.push_back(wrong("kind", given.kind, kind_.kind));
  if (version != kind_.group_version()) problems.push_back(wrong("apiVersion", version, kind_.group_version()));
  if (problems.empty()) return std::nullopt;
  return invalid(given, name_, problems);
}

std::optional<ApiError> ObjectWriter::validate(const Json& object, const Json* live) const {
  const Part part = path_.subresource == "status" ? Part::Status : Part::Whole;
  if (auto error = check_kind(object)) return error;
  const std::vector<FieldProblem> problems = kind_.problems(object, live, part);
  if (problems.empty()) {
    if (kind_.custom) warn_of_bare_finalizers(object, live, warnings_);
    if (kind_.warnings != nullptr) {
      for (std::string& warning : kind_.warnings(object)) warnings_.push_back(std::move(warning));
    }
    return std::nullopt;
  }
  return invalid(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, name_, problems);
}

std::optional<ApiError> ObjectWriter::check_size(const std::string& text) const {
  if (text.size() <= limits::object_bytes) return std::nullopt;
  return too_large("the object has " + std::to_string(text.size()) + " bytes; the limit is " +
                   std::to_string(limits::object_bytes));
}

Result<Written, ApiError> ObjectWriter::store(Json object, int status, bool completed_on_reading) {
  if (kind_.to_stored != nullptr) kind_.to_stored(object);
  if (options_.dry_run) {
    // What would be stored: a new object has no version, an existing one keeps its own.
    const std::string text = dumped(object);
    if (auto error = check_size(text)) return Err(std::move(*error));
    return Written{status, text};
  }
  StoredPtr stored = stored_from(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, object,
                                 backend_.store.next_version(), completed_on_reading);
  if (auto error = check_size(*stored->text)) return Err(std::move(*error));
  Written written{status, *stored->text};
  backend_.parsed.keep(*stored, std::move(object));
  backend_.store.put(collection_of(kind_), path_.ns + "/" + name_, std::move(stored));
  return written;
}

// The last finalizer has gone: the answer shows the object without it, watchers the one that was stored.
Result<Written, ApiError> ObjectWriter::finish_deletion(const Json& live, Json object) {
  object["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"];
  if (kind_.to_stored != nullptr) kind_.to_stored(object);
  Written written{200, dumped(object)};
  if (options_.dry_run) return written;
  Json last = live;
  if (kind_.to_stored != nullptr) kind_.to_stored(last);
  backend_.store.remove(
      collection_of(kind_), path_.key(),
      stored_from(kind_.stored_as == nullptr ? kind_ : *kind_.stored_as, last, backend_.store.next_version()));
  return written;
}

}  // namespace ork::embedded
