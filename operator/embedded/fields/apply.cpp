#include <algorithm>
#include <map>

#include "operator/embedded/fields/limits.hpp"
#include "operator/embedded/fields/track.hpp"
#include "operator/embedded/fields/typed_merge.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr const char* last_applied = "kubectl.kubernetes.io/last-applied-configuration";

struct Conflict {
  FieldSet fields;
  std::string identity;
  std::string shown;
};

std::string text_of(const Json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

const Json& part_of(const Json& object, const char* name) {
  static const Json nothing = Json::object();
  auto at = object.find(name);
  return at != object.end() && at->is_object() ? *at : nothing;
}

// "batch/v1, Kind=Job"; of the core group "/v1, Kind=Pod".
std::string shown_kind(const std::string& api_version, const std::string& kind) {
  return (api_version.find('/') == std::string::npos ? "/" : "") + api_version + ", Kind=" + kind;
}

Err<ApplyFailure> failed(int status, std::string message) { return Err(ApplyFailure{status, std::move(message), {}}); }

Err<ApplyFailure> conflicted(std::vector<Conflict> conflicts) {
  ApplyFailure failure;
  std::sort(conflicts.begin(), conflicts.end(), [](const auto& a, const auto& b) { return a.identity < b.identity; });
  std::string listed;
  for (const Conflict& conflict : conflicts) {
    listed += (listed.empty() ? "" : "\n") + ("conflicts with " + conflict.shown + ":");
    for_each_field(conflict.fields, [&](const std::string& field) {
      listed += "\n- " + field;
      failure.conflicts.push_back({field, conflict.shown});
    });
  }
  std::size_t count = failure.conflicts.size();
  failure.message = "Apply failed with " + std::to_string(count) + " conflict";
  if (count == 1) {
    failure.message += ": conflict with " + failure.conflicts[0].manager + ": " + failure.conflicts[0].field;
  } else {
    failure.message += "s: " + listed;
  }
  return Err(std::move(failure));
}

// One server-side apply: its parts share what they work on.
class Application {
 public:
  Application(const Json& live, const Json& config, const FieldRules::Parsed& rules, const Writer& writer)
      : live_(live), config_(config), rules_(rules), writer_(writer) {
    if (writer_.manager.empty()) writer_.manager = "unknown";
  }

  Result<Json, ApplyFailure> run(bool force);

 private:
  Status<ApplyFailure> check() const;
  Status<ApplyFailure> read_entries();
  Json pruned(Json whole, const FieldSet& last, const FieldSet& applied) const;
  std::vector<Conflict> conflicts(const FieldSet& changed) const;
  std::vector<Conflict> not_from_client_side(std::vector<Conflict> conflicts) const;
  bool is_own(const ManagedEntry& entry) const {
    return entry.is(writer_.manager, true, writer_.api_version, writer_.subresource);
  }
  void refresh_last_applied(Json& object) const;

  const Json& live_;
  const Json& config_;
  const FieldRules::Parsed& rules_;
  Writer writer_;
  ManagedEntries managed_;
  std::string last_time_;  // when the writer last changed something by applying, in whatever version
};

Status<ApplyFailure> Application::check() const {
  if (!config_.is_object()) {
    return failed(400, "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " +
                           std::string(config_.is_array()     ? "array"
                                       : config_.is_string()  ? "string"
                                       : config_.is_boolean() ? "bool"
                                                              : "number") +
                           " into Go value of type map[string]interface {}");
  }
  std::string version = text_of(config_, "apiVersion");
  std::string kind = text_of(config_, "kind");
  // Where the one can't be read, the other is not either.
  if (std::count(version.begin(), version.end(), '/') > 1) return failed(400, "invalid object type: /, Kind=");
  if (version != writer_.api_version || kind != rules_.traits.kind) {
    return failed(400, "invalid object type: " + shown_kind(version, kind));
  }
  if (auto sent = part_of(config_, "metadata").find("managedFields");
      sent != part_of(config_, "metadata").end() && sent->is_array()) {
    return failed(400, "metadata.managedFields must be nil");
  }
  std::vector<std::string> problems = type_problems(rules_.type(), config_);
  if (problems.empty()) return Done{};
  const Json& metadata = part_of(config_, "metadata");
  std::string message = "failed to create typed patch object (" + text_of(metadata, "namespace") + "/" +
                        text_of(metadata, "name") + "; " + shown_kind(version, kind) + "): ";
  if (problems.size() == 1) return failed(500, message + problems[0]);
  message += "errors:";
  for (const std::string& problem : problems) message += "\n  " + problem;
  return failed(500, message);
}

// Live's entries; an object that has none yet is given to one manager as it is.
Status<ApplyFailure> Application::read_entries() {
  if (const Json* list = managed_fields_of(live_)) {
    auto read = ManagedEntries::read(*list, FieldsSource::Ours);
    if (!read) return failed(500, "failed to decode managed fields: not FieldsV1");
    managed_ = std::move(*read);
  }
  if (!managed_.entries.empty()) {
    if (const ManagedEntry* own = managed_.find(writer_.manager, true, writer_.api_version, writer_.subresource)) {
      last_time_ = own->time();
    }
    drop_unserved(managed_, rules_, writer_);
    return Done{};
  }
  Writer before = writer_;
  before.manager = "before-first-apply";
  auto all = compare_written(rules_, rules_.reset_by(writer_.subresource), rules_.before_create(live_), live_);
  if (!all) return failed(500, "failed to create manager for existing fields: items of a list have no key");
  give_to_writer(managed_, std::move(*all), rules_, before);
  return Done{};
}

// Takes out what this manager applied before and does not any more, unless somebody else has it. What
// goes is found by taking the fields out of the whole object and putting back what is owned, because
// a field can go with the one above it.
Json Application::pruned(Json whole, const FieldSet& last, const FieldSet& applied) const {
  FieldSet given_up = last;
  given_up.subtract(applied);
  if (given_up.empty()) return whole;
  const MergeType& type = rules_.type();
  auto named = [&](const FieldSet& set) { return with_named_fields(set, &type); };
  FieldSet all = named(fields_of(type, whole));
  FieldSet owned;
  for (const ManagedEntry& entry : managed_.entries) {
    if (entry.api_version() == writer_.api_version) owned.unite(entry.fields());
  }
  Json left = without(type, whole, named(last));
  FieldSet keep = named(fields_of(type, left));
  keep.unite(named(owned));
  FieldSet gone = all;
  gone.subtract(keep);
  left = without(type, whole, gone);
  gone = std::move(all);
  gone.subtract(named(fields_of(type, left)));
  return without(type, whole, intersection(gone, named(last)));
}

std::vector<Conflict> Application::conflicts(const FieldSet& changed) const {
  std::vector<Conflict> found;
  for (const ManagedEntry& entry : managed_.entries) {
    if (is_own(entry) || entry.api_version() != writer_.api_version || !entry.shares_any(changed)) continue;
    found.push_back({intersection(entry.fields(), changed), entry.identity(), entry.shown()});
  }
  return found;
}

// kubectl's server-side apply takes over what kubectl's client-side apply has written, as far as the
// object still has it so: no conflicts.
std::vector<Conflict> Application::not_from_client_side(std::vector<Conflict> conflicts) const {
  std::string text = text_of(part_of(part_of(live_, "metadata"), "annotations"), last_applied);
  if (text.empty()) return conflicts;
  Json applied = Json::parse(text, nullptr, false);
  if (!applied.is_object() || text_of(applied, "apiVersion") != writer_.api_version) return conflicts;
  const MergeType& type = rules_.type();
  if (!type_problems(type, applied).empty() || !type_problems(type, live_).empty()) return conflicts;
  auto changes = compare(type, applied, live_, {});
  if (!changes) return conflicts;
  FieldSet allowed = fields_of(type, applied);
  allowed.subtract(changes->modified);
  allowed.subtract(changes->added);
  allowed.subtract(changes->removed);
  for (Conflict& conflict : conflicts) conflict.fields.subtract(allowed);
  std::erase_if(conflicts, [](const Conflict& conflict) { return conflict.fields.empty(); });
  return conflicts;
}

// kubectl's client-side apply goes on from what its server-side apply did.
void Application::refresh_last_applied(Json& object) const {
  if (writer_.manager != "kubectl") return;
  if (text_of(part_of(part_of(object, "metadata"), "annotations"), last_applied).empty()) return;
  Json config = config_;
  if (auto metadata = config.find("metadata"); metadata != config.end() && metadata->is_object()) {
    if (auto at = metadata->find("annotations"); at != metadata->end() && at->is_object()) at->erase(last_applied);
  }
  Json& annotations = object["metadata"]["annotations"];
  annotations[last_applied] = go_text::json(config) + "\n";
  std::size_t size = 0;
  for (const auto& [name, value] : annotations.items()) {
    size += name.size() + (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
  }
  if (size > limits::annotation_bytes) annotations.erase(last_applied);
}

Result<Json, ApplyFailure> Application::run(bool force) {
  if (auto checked = check(); !checked) return Err(checked.error());
  if (auto read = read_entries(); !read) return Err(read.error());
  const MergeType& type = rules_.type();
  const ResetFields& reset = rules_.reset_by(writer_.subresource);
  auto whole = merged(type, live_, config_);
  if (!whole) return failed(500, "failed to merge config: " + whole.error());

  ManagedEntry* own = managed_.find(writer_.manager, true, writer_.api_version, writer_.subresource);
  FieldSet last = own != nullptr ? own->fields() : FieldSet();
  FieldSet applied = fields_of(type, config_);
  reset.remove_from(applied);
  if (own == nullptr) {
    own = &managed_.entries.emplace_back(writer_.manager, true, writer_.api_version, writer_.subresource);
    if (!last_time_.empty()) own->set_time(last_time_);
  }
  own->set_api_version(writer_.api_version);
  own->set_fields(applied);
  Json object = pruned(std::move(*whole), last, applied);

  auto changes = compare_written(rules_, reset, live_, object);
  if (!changes) return failed(500, "failed to compare objects: items of a list have no key");
  FieldSet changed = std::move(changes->modified);
  changed.unite(std::move(changes->added));
  std::vector<Conflict> in_the_way = force ? std::vector<Conflict>() : conflicts(changed);
  if (!in_the_way.empty() && writer_.manager == "kubectl") in_the_way = not_from_client_side(std::move(in_the_way));
  if (!in_the_way.empty()) return conflicted(std::move(in_the_way));

  for (ManagedEntry& entry : managed_.entries) {
    if (is_own(entry) || entry.api_version() != writer_.api_version) continue;
    entry.subtract(changed);
    entry.subtract(changes->removed);
  }
  applied.subtract(rules_.never_owned);
  own = managed_.find(writer_.manager, true, writer_.api_version, writer_.subresource);
  own->set_fields(applied);
  set_managed_fields(object, nullptr);
  if (!equal_but_for_managed_fields(live_, object)) own->set_time(writer_.time);
  managed_.remove_empty();
  refresh_last_applied(object);
  set_managed_fields(object, std::move(managed_).take_json());
  return object;
}

}  // namespace

Result<Json, ApplyFailure> apply(const Json* live, const Json& config, const FieldRules& field_rules,
                                 const Writer& writer, bool force) {
  const FieldRules::Parsed& rules = field_rules.parsed();
  if (live != nullptr) return Application(*live, config, rules, writer).run(force);
  Json nothing = rules.before_create(config.is_object() ? config : Json::object());
  return Application(nothing, config, rules, writer).run(force);
}

}  // namespace ork::embedded
