#include "operator/embedded/fields/managed_entries.hpp"

#include <algorithm>
#include <map>

#include "operator/embedded/fields/limits.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr std::string_view ancient = "ancient-changes";

// The node of FieldsV1 is a member itself: "." says so, and so does having nothing below.
bool is_member(const Json& node) { return node.empty() || node.contains("."); }

bool json_shares_any(const Json& fields, const FieldSet& other) {
  if (!fields.is_object()) return false;
  for (const FieldNode& node : other.nodes) {
    auto at = fields.find(node.element);
    if (at == fields.end()) continue;
    if ((node.member && is_member(*at)) || json_shares_any(*at, node.below)) return true;
  }
  return false;
}

bool json_has_all(const Json& fields, const FieldSet& other) {
  if (!fields.is_object()) return other.empty();
  return std::all_of(other.nodes.begin(), other.nodes.end(), [&](const FieldNode& node) {
    auto at = fields.find(node.element);
    return at != fields.end() && (!node.member || is_member(*at)) && json_has_all(*at, node.below);
  });
}

bool has_text(const Json& entry, const char* name) {
  auto at = entry.find(name);
  return at != entry.end() && at->is_string() && !at->get_ref<const std::string&>().empty();
}

bool is_text_or_absent(const Json& entry, const char* name) {
  auto at = entry.find(name);
  return at == entry.end() || at->is_string() || at->is_null();
}

// By operation ("Apply" first), time, name, version, subresource.
bool comes_before(const ManagedEntry& a, const ManagedEntry& b) {
  if (a.applied() != b.applied()) return a.applied();
  if (a.time() != b.time()) return a.time() < b.time();
  if (a.manager() != b.manager()) return a.manager() < b.manager();
  if (a.api_version() != b.api_version()) return a.api_version() < b.api_version();
  return a.subresource() < b.subresource();
}

}  // namespace

ManagedEntry::ManagedEntry(std::string manager, bool applied, std::string api_version, std::string subresource) {
  entry_["manager"] = std::move(manager);
  entry_["operation"] = applied ? "Apply" : "Update";
  entry_["apiVersion"] = std::move(api_version);
  if (!subresource.empty()) entry_["subresource"] = std::move(subresource);
  entry_["fieldsType"] = "FieldsV1";
  entry_["fieldsV1"] = Json::object();
}

std::string_view ManagedEntry::text(const char* name) const {
  auto at = entry_.find(name);
  return at != entry_.end() && at->is_string() ? std::string_view(at->get_ref<const std::string&>())
                                               : std::string_view();
}

const Json& ManagedEntry::fields_json() const {
  static const Json none = Json::object();
  auto at = entry_.find("fieldsV1");
  return at != entry_.end() ? *at : none;
}

bool ManagedEntry::applied() const { return text("operation") == "Apply"; }

bool ManagedEntry::is(std::string_view its_manager, bool its_applied, std::string_view version,
                      std::string_view its_subresource) const {
  return applied() == its_applied && manager() == its_manager && subresource() == its_subresource &&
         (its_applied || api_version() == version);
}

std::string ManagedEntry::identity() const {
  std::string out = "{";
  auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (out.size() > 1) out += ',';
    out += '"';
    out += name;
    out += "\":";
    out += go_text::json(value);
  };
  add("manager", manager());
  add("operation", text("operation"));
  if (!applied()) add("apiVersion", api_version());
  add("subresource", subresource());
  return out + "}";
}

std::string ManagedEntry::shown() const {
  std::string out = go_text::quoted(manager());
  if (!subresource().empty()) out += " with subresource " + go_text::quoted(subresource());
  if (!applied()) out += " using " + std::string(api_version());
  return out;
}

FieldSet ManagedEntry::fields() const {
  auto set = read_fields(fields_json(), FieldsSource::Ours);
  return set ? std::move(*set) : FieldSet();
}

void ManagedEntry::set_fields(const FieldSet& fields) { entry_["fieldsV1"] = write_fields(fields); }

bool ManagedEntry::empty() const { return fields_json().empty(); }

bool ManagedEntry::shares_any(const FieldSet& other) const { return json_shares_any(fields_json(), other); }

bool ManagedEntry::has_all(const FieldSet& other) const { return json_has_all(fields_json(), other); }

void ManagedEntry::subtract(const FieldSet& other) {
  if (!shares_any(other)) return;
  FieldSet set = fields();
  set.subtract(other);
  set_fields(set);
}

// As the API server decodes an entry; null if it would not.
std::optional<ManagedEntry> ManagedEntry::read_foreign(const Json& json) {
  ManagedEntry sent;
  sent.entry_ = json;
  bool known = sent.text("operation") == "Apply" || sent.text("operation") == "Update";
  bool typed = is_text_or_absent(json, "manager") && is_text_or_absent(json, "subresource") &&
               is_text_or_absent(json, "time") && has_text(json, "apiVersion");
  if (!known || !typed || sent.text("fieldsType") != "FieldsV1") return std::nullopt;
  auto fields = read_fields(sent.fields_json(), FieldsSource::Foreign);
  if (!fields) return std::nullopt;
  ManagedEntry entry(std::string(sent.manager()), sent.applied(), std::string(sent.api_version()),
                     std::string(sent.subresource()));
  if (!sent.time().empty()) entry.set_time(std::string(sent.time()));
  if (sent.manager().empty()) entry.entry_.erase("manager");
  entry.set_fields(*fields);
  return entry;
}

std::optional<ManagedEntries> ManagedEntries::read(Json list, FieldsSource source) {
  ManagedEntries out;
  if (!list.is_array()) return std::nullopt;
  std::map<std::string, std::size_t> places;
  for (Json& json : list) {
    if (!json.is_object()) return std::nullopt;
    if (source == FieldsSource::Ours) {
      ManagedEntry entry;
      entry.entry_ = std::move(json);
      out.entries.push_back(std::move(entry));
      continue;
    }
    auto entry = ManagedEntry::read_foreign(json);
    if (!entry) return std::nullopt;
    // Of two entries of one manager the later counts.
    auto [place, is_new] = places.emplace(entry->identity(), out.entries.size());
    if (is_new) {
      out.entries.push_back(std::move(*entry));
    } else {
      out.entries[place->second] = std::move(*entry);
    }
  }
  return out;
}

ManagedEntry* ManagedEntries::find(std::string_view manager, bool applied, std::string_view api_version,
                                   std::string_view subresource) {
  auto at = std::find_if(entries.begin(), entries.end(), [&](const ManagedEntry& entry) {
    return entry.is(manager, applied, api_version, subresource);
  });
  return at != entries.end() ? &*at : nullptr;
}

void ManagedEntries::remove_empty() {
  std::erase_if(entries, [](const ManagedEntry& entry) { return entry.empty(); });
}

// The first two of a version become one entry, and so on with the next, until there are few enough.
void ManagedEntries::put_oldest_together() {
  std::vector<std::size_t> oldest;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].applied()) oldest.push_back(i);
  }
  std::size_t count = oldest.size();
  if (count <= limits::update_entries) return;
  std::sort(oldest.begin(), oldest.end(), [&](std::size_t a, std::size_t b) {
    if (entries[a].time() != entries[b].time()) return entries[a].time() < entries[b].time();
    return entries[a].identity() < entries[b].identity();
  });
  std::map<std::string, std::size_t> together;  // of each version: the entry that takes the others in
  for (std::size_t i : oldest) {
    if (entries[i].is(ancient, false, entries[i].api_version(), ""))
      together[std::string(entries[i].api_version())] = i;
  }
  std::vector<bool> gone(entries.size(), false);
  for (std::size_t i : oldest) {
    if (count <= limits::update_entries) break;
    auto [place, is_first] = together.emplace(entries[i].api_version(), i);
    if (is_first || place->second == i) continue;
    ManagedEntry& bucket = entries[place->second];
    bucket.entry_["manager"] = ancient;
    bucket.entry_.erase("subresource");
    FieldSet all = bucket.fields();
    all.unite(entries[i].fields());
    bucket.set_fields(all);
    if (!entries[i].time().empty()) bucket.set_time(std::string(entries[i].time()));
    gone[i] = true;
    --count;
  }
  std::size_t at = 0;
  std::erase_if(entries, [&](const ManagedEntry&) { return gone[at++]; });
}

Json ManagedEntries::take_json() && {
  if (entries.empty()) return {};
  std::sort(entries.begin(), entries.end(), comes_before);
  Json list = Json::array();
  for (ManagedEntry& entry : entries) list.push_back(std::move(entry.entry_));
  return list;
}

const Json* managed_fields_of(const Json& object) {
  auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return nullptr;
  auto list = metadata->find("managedFields");
  return list != metadata->end() ? &*list : nullptr;
}

bool equal_but_for(const Json& a, const Json& b, const char* name) {
  if (a.size() - a.count(name) != b.size() - b.count(name)) return false;
  for (const auto& [field, value] : a.items()) {
    auto other = b.find(field);
    if (field != name && (other == b.end() || *other != value)) return false;
  }
  return true;
}

bool equal_but_for_managed_fields(const Json& a, const Json& b) {
  if (!equal_but_for(a, b, "metadata")) return false;
  auto x = a.find("metadata");
  auto y = b.find("metadata");
  if (x == a.end() || y == b.end()) return (x == a.end()) == (y == b.end());
  return x->is_object() && y->is_object() ? equal_but_for(*x, *y, "managedFields") : *x == *y;
}

void set_managed_fields(Json& object, Json list) {
  Json& metadata = object["metadata"];
  if (!metadata.is_object()) metadata = Json::object();
  if (list.is_null()) {
    metadata.erase("managedFields");
  } else {
    metadata["managedFields"] = std::move(list);
  }
}

}  // namespace ork::embedded
