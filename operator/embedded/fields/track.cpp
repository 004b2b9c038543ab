#include "operator/embedded/fields/track.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

// `managedFields: [{}]` says: forget them. So does `[]`, but the API server does not see that in a
// custom resource.
bool is_reset(const Json& sent, bool custom) {
  if (!sent.is_array()) return false;
  return sent.empty() ? !custom : sent.size() == 1 && sent.front() == Json::object();
}

// The entries before this write: those that the writer sent, or live's where it sent none that can be
// read, or wrote to a subresource.
ManagedEntries entries_before(const Json* live, Json& object, const FieldRules::Parsed& rules, const Writer& writer) {
  const Json* kept = live != nullptr ? managed_fields_of(*live) : nullptr;
  Json sent;
  if (managed_fields_of(object) != nullptr) sent = std::move(object["metadata"]["managedFields"]);
  if (kept != nullptr && sent == *kept) {
    if (auto read = ManagedEntries::read(std::move(sent), FieldsSource::Ours)) return std::move(*read);
    return {};
  }
  if (writer.subresource.empty()) {
    if (is_reset(sent, rules.traits.custom)) return {};
    auto read = ManagedEntries::read(std::move(sent), FieldsSource::Foreign);
    if (read && !read->entries.empty()) return std::move(*read);
  }
  if (kept != nullptr) {
    if (auto read = ManagedEntries::read(*kept, FieldsSource::Ours)) return std::move(*read);
  }
  return {};
}

bool has_uid(const Json& object) {
  auto metadata = object.find("metadata");
  return metadata != object.end() && metadata->is_object() && !metadata->value("uid", Json()).is_null() &&
         (*metadata)["uid"] != "";
}

}  // namespace

std::optional<Comparison> compare_written(const FieldRules::Parsed& rules, const ResetFields& reset, const Json& old,
                                          const Json& now) {
  auto changes = compare(rules.type(), old, now, reset.names);
  if (changes && !reset.deeper.empty()) {
    reset.remove_from(changes->removed);
    reset.remove_from(changes->modified);
    reset.remove_from(changes->added);
  }
  return changes;
}

bool drop_unserved(ManagedEntries& managed, const FieldRules::Parsed& rules, const Writer& writer) {
  const auto& others = rules.traits.other_versions;
  auto dropped = std::erase_if(managed.entries, [&](const ManagedEntry& entry) {
    return entry.api_version() != writer.api_version &&
           std::find(others.begin(), others.end(), entry.api_version()) == others.end();
  });
  return dropped != 0;
}

void give_to_writer(ManagedEntries& managed, Comparison changes, const FieldRules::Parsed& rules,
                    const Writer& writer) {
  FieldSet written = std::move(changes.modified);
  written.unite(std::move(changes.added));
  const std::string& name = writer.manager.empty() ? std::string("unknown") : writer.manager;
  ManagedEntry* own = managed.find(name, false, writer.api_version, writer.subresource);
  FieldSet owned = written;
  owned.subtract(rules.never_owned);
  // A status that is written again and again: the writer has these fields already.
  bool has_them = own != nullptr && changes.removed.empty() && own->has_all(owned);
  for (ManagedEntry& entry : managed.entries) {
    if (entry.api_version() != writer.api_version || (has_them && &entry == own)) continue;
    entry.subtract(written);
    entry.subtract(changes.removed);
  }
  if (!owned.empty()) {
    if (own == nullptr) own = &managed.entries.emplace_back(name, false, writer.api_version, writer.subresource);
    if (!has_them) {
      owned.unite(own->fields());
      own->set_fields(owned);
    }
    own->set_time(writer.time);
  }
  managed.remove_empty();
}

void track_update(const Json* live, Json& object, const FieldRules& field_rules, const Writer& writer) {
  const FieldRules::Parsed& rules = field_rules.parsed();
  if (!object.is_object()) return;
  ManagedEntries managed = entries_before(live, object, rules, writer);
  bool was_tracked = !managed.entries.empty();
  set_managed_fields(object, nullptr);
  if (!was_tracked && live != nullptr && has_uid(*live)) return;
  Json nothing;
  if (live == nullptr) nothing = rules.before_create(object);
  auto changes = compare_written(rules, rules.reset_by(writer.subresource), live != nullptr ? *live : nothing, object);
  if (!changes) return;
  // A custom resource can't be converted to them, upon which the API server gives up.
  if (drop_unserved(managed, rules, writer) && rules.traits.custom) return;
  give_to_writer(managed, std::move(*changes), rules, writer);
  managed.put_oldest_together();
  set_managed_fields(object, std::move(managed).take_json());
}

void keep_times_if_unchanged(const Json& live, Json& object) {
  const Json* before = managed_fields_of(live);
  const Json* after = managed_fields_of(object);
  if (before == nullptr || after == nullptr || !before->is_array() || !after->is_array()) return;
  if (before->empty() || before->size() != after->size() || *before == *after) return;
  const auto same_but_for_time = [](const Json& a, const Json& b) {
    return a.is_object() && b.is_object() && equal_but_for(a, b, "time");
  };
  if (!std::equal(after->begin(), after->end(), before->begin(), same_but_for_time)) return;
  if (equal_but_for_managed_fields(live, object)) set_managed_fields(object, *before);
}

}  // namespace ork::embedded
