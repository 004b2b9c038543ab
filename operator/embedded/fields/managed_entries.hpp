#pragma once

// The entries of metadata.managedFields. For this folder only.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/fields/field_set.hpp"
#include "operator/embedded/fields/managed_fields.hpp"

namespace ork::embedded {

// An entry is read only where it changes: the others go through as they came.
class ManagedEntry {
 public:
  ManagedEntry(std::string manager, bool applied, std::string api_version, std::string subresource);

  bool applied() const;
  std::string_view manager() const { return text("manager"); }
  std::string_view api_version() const { return text("apiVersion"); }
  std::string_view subresource() const { return text("subresource"); }
  std::string_view time() const { return text("time"); }  // empty: none
  bool is(std::string_view manager, bool applied, std::string_view api_version, std::string_view subresource) const;
  // The order of names among entries, and a name for messages: `"one" using v1`.
  std::string identity() const;
  std::string shown() const;

  void set_time(const std::string& time) { entry_["time"] = time; }
  void set_api_version(const std::string& version) { entry_["apiVersion"] = version; }

  FieldSet fields() const;
  void set_fields(const FieldSet& fields);
  bool empty() const;                            // it has no field
  bool shares_any(const FieldSet& other) const;  // without reading it
  bool has_all(const FieldSet& other) const;     // without reading it
  void subtract(const FieldSet& other);

 private:
  friend class ManagedEntries;
  ManagedEntry() = default;
  static std::optional<ManagedEntry> read_foreign(const Json& json);
  std::string_view text(const char* name) const;
  const Json& fields_json() const;

  Json entry_ = Json::object();
};

class ManagedEntries {
 public:
  std::vector<ManagedEntry> entries;

  // From a list as this folder wrote it, or as a client sent it: null if the API server would not read it.
  static std::optional<ManagedEntries> read(Json list, FieldsSource source);

  ManagedEntry* find(std::string_view manager, bool applied, std::string_view api_version,
                     std::string_view subresource);
  void remove_empty();
  // More than limits::update_entries of operation Update: the oldest become "ancient-changes".
  void put_oldest_together();
  // In order, as the API server answers them; null: there is none.
  Json take_json() &&;
};

// metadata.managedFields of `object`; null: it has none.
const Json* managed_fields_of(const Json& object);
void set_managed_fields(Json& object, Json list);
// Of two objects, all but the field `name`.
bool equal_but_for(const Json& a, const Json& b, const char* name);
bool equal_but_for_managed_fields(const Json& a, const Json& b);

}  // namespace ork::embedded
