#include "operator/embedded/kinds/object_meta.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

constexpr std::int64_t annotation_bytes = 256 * 1024;
constexpr std::size_t manager_bytes = 128;
constexpr std::size_t subresource_bytes = 256;

std::string printed_owners(const Place& owners);

Problems owner_problems(const Place& owners) {
  Problems out;
  std::string controller;
  for (const Place& listed : owners.items()) {
    // Kubernetes names the list, not the place in it.
    Place owner(listed.value(), owners.path());
    std::string api_version = owner["apiVersion"].text();
    std::string version = api_version.substr(api_version.find('/') + 1);
    if (version.empty()) {
      out.push_back(problems::invalid(owner.path("apiVersion"), api_version, "version must not be empty"));
    }
    for (const char* field : {"kind", "name", "uid"}) {
      if (owner[field].text().empty()) out.push_back(problems::invalid(owner.path(field), "", "must not be empty"));
    }
    if (api_version == "v1" && owner["kind"].text() == "Event") {
      out.push_back(
          problems::invalid(owner.path(), owner.value(), "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (!owner["controller"].flag()) continue;
    std::string name = owner["kind"].text() + "/" + owner["name"].text();
    if (!controller.empty()) {
      out.push_back({ProblemType::Invalid, owner.path(),
                     "Invalid value: " + printed_owners(owners) +
                         ": Only one reference can have Controller set to true. Found \"true\" in references for " +
                         controller + " and " + name});
    } else {
      controller = name;
    }
  }
  return out;
}

Problems finalizer_problems(const Place& finalizers) {
  Problems out;
  bool orphans = false, deletes = false;
  for (const Place& listed : finalizers.items()) {
    Place finalizer(listed.value(), finalizers.path());
    append_wrong(out, finalizer, names::qualified_name(finalizer.text()));
    orphans = orphans || finalizer.text() == "orphan";
    deletes = deletes || finalizer.text() == "foregroundDeletion";
  }
  if (orphans && deletes) {
    out.push_back(problems::invalid(finalizers.path(), finalizers.value(),
                                    "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return out;
}

std::string_view text_in(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? std::string_view(found->get_ref<const std::string&>())
                                                     : std::string_view();
}

bool is_good_entry(const Json& entry) {
  const std::string_view operation = text_in(entry, "operation"), type = text_in(entry, "fieldsType");
  return (operation == "Apply" || operation == "Update") && (type.empty() || type == "FieldsV1") &&
         text_in(entry, "manager").size() <= manager_bytes && text_in(entry, "subresource").size() <= subresource_bytes;
}

Problems managed_fields_problems(const Place& managers) {
  Problems out;
  // As good as always: the API server writes them itself.
  const Json& entries = managers.value();
  if (!entries.is_array() || std::all_of(entries.begin(), entries.end(), is_good_entry)) return out;
  for (const Place& entry : managers.items()) {
    std::string operation = entry["operation"].text(), type = entry["fieldsType"].text();
    if (operation != "Apply" && operation != "Update") {
      out.push_back(problems::invalid(entry.path("operation"), operation, "must be `Apply` or `Update`"));
    }
    if (!type.empty() && type != "FieldsV1") {
      out.push_back(problems::invalid(entry.path("fieldsType"), type, "must be `FieldsV1`"));
    }
    if (entry["manager"].text().size() > manager_bytes) {
      out.push_back(problems::too_long(entry.path("manager"), manager_bytes));
    }
    if (entry["subresource"].text().size() > subresource_bytes) {
      out.push_back(problems::too_long(entry.path("subresource"), subresource_bytes));
    }
  }
  return out;
}

// Go's %#v of a list of texts.
std::string go_list(const std::set<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + go_text::quoted(text);
  return "[]string{" + out + "}";
}

Problems new_finalizer_problems(const Place& now, const Place& before) {
  std::set<std::string> added;
  for (const Place& finalizer : now.items()) added.insert(finalizer.text());
  for (const Place& finalizer : before.items()) added.erase(finalizer.text());
  if (added.empty()) return {};
  return {problems::forbidden(
      now.path(),
      "no new finalizers can be added if the object is being deleted, found new finalizers " + go_list(added))};
}

void append_own_finalizers(Problems& out, const Json& object) {
  for (const Place& finalizer : Place(object, "")["metadata"]["finalizers"].items()) {
    append_if_not_standard(out, finalizer);
  }
}

// The references as Kubernetes prints them: in the order of their Go struct.
std::string printed_owners(const Place& owners) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Place& owner : owners.items()) {
    nlohmann::ordered_json one;
    for (const char* field : {"apiVersion", "kind", "name", "uid"}) one[field] = owner[field].text();
    for (const char* field : {"controller", "blockOwnerDeletion"}) {
      if (owner[field].present()) one[field] = owner[field].flag();
    }
    out.push_back(std::move(one));
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// But for managedFields: what was let in once need not be looked at again, and most writes leave it as it was.
bool is_as_it_was(const Place& meta, const Place& before) {
  const Json& now = meta.value();
  const Json& then = before.value();
  if (!now.is_object() || !then.is_object() || meta["resourceVersion"].text().empty()) return false;
  constexpr const char* aside = "managedFields";
  if (now.size() - now.count(aside) != then.size() - then.count(aside)) return false;
  const auto& fields = now.get_ref<const Json::object_t&>();
  return std::all_of(fields.begin(), fields.end(), [&](const auto& field) {
    const auto other = then.find(field.first);
    return field.first == aside || (other != then.end() && *other == field.second);
  });
}

}  // namespace

void append(Problems& to, Problems more) { std::move(more.begin(), more.end(), std::back_inserter(to)); }

void append_wrong(Problems& to, const Place& place, const names::Wrong& wrong) {
  for (const std::string& one : wrong) to.push_back(problems::invalid(place.path(), place.text(), one));
}

void append_if_changed(Problems& to, const Place& now, const Place& before) {
  // Go takes a list or a map that is empty and one that is not there for the same.
  auto nothing = [](const Json& value) { return value.is_null() || (value.is_structured() && value.empty()); };
  if (now.value() == before.value() || (nothing(now.value()) && nothing(before.value()))) return;
  to.push_back(problems::invalid(now.path(), now.value(), "field is immutable"));
}

void append_if_negative(Problems& to, const Place& number) {
  if (number.number() < 0) {
    to.push_back(problems::invalid(number.path(), number.value(), "must be greater than or equal to 0"));
  }
}

Problems label_problems(const Place& labels) {
  Problems out;
  for (const auto& [name, value] : labels.entries()) {
    for (const std::string& one : names::qualified_name(name)) {
      out.push_back(problems::invalid(labels.path(), name, one));
    }
    append_wrong(out, Place(value.value(), labels.path()), names::label_value(value.text()));
  }
  return out;
}

Problems annotation_problems(const Place& annotations) {
  Problems out;
  std::int64_t bytes = 0;
  for (const auto& [name, value] : annotations.entries()) {
    for (const std::string& one : names::qualified_name(names::lowered(name))) {
      out.push_back(problems::invalid(annotations.path(), name, one));
    }
    bytes += static_cast<std::int64_t>(name.size() + value.text().size());
  }
  if (bytes > annotation_bytes) out.push_back(problems::too_long(annotations.path(), annotation_bytes));
  return out;
}

std::vector<std::string> new_name_warnings(const Json& object, const std::string& about) {
  Place metadata = Place(object, "")["metadata"];
  if (!metadata["resourceVersion"].text().empty()) return {};
  std::string wrong;
  for (const std::string& one : names::dns_label(metadata["name"].text())) wrong += (wrong.empty() ? "" : " ") + one;
  if (wrong.empty()) return {};
  return {about + "a DNS label is recommended: [" + wrong + "]"};
}

Problems selector_problems(const Place& selector) {
  Problems out = label_problems(selector["matchLabels"]);
  for (const Place& one : selector["matchExpressions"].items()) {
    std::string operation = one["operator"].text();
    Place values = one["values"];
    if (operation == "In" || operation == "NotIn") {
      if (values.size() == 0) {
        out.push_back(problems::required(values.path(), "must be specified when `operator` is 'In' or 'NotIn'"));
      }
    } else if (operation == "Exists" || operation == "DoesNotExist") {
      if (values.size() > 0) {
        out.push_back(
            problems::forbidden(values.path(), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
    } else {
      out.push_back(problems::invalid(one.path("operator"), operation, "not a valid selector operator"));
    }
    append_wrong(out, one["key"], names::qualified_name(one["key"].text()));
    for (const Place& value : values.items()) append_wrong(out, value, names::label_value(value.text()));
  }
  return out;
}

Problems meta_problems(const Json& object, bool namespaced, names::NameRule name_rule) {
  Problems out;
  Place meta = Place(object, "")["metadata"];
  Place prefix = meta["generateName"], name = meta["name"], ns = meta["namespace"];
  if (!prefix.text().empty()) append_wrong(out, prefix, name_rule(prefix.text(), true));
  if (name.text().empty()) {
    out.push_back(problems::required(name.path(), "name or generateName is required"));
  } else {
    append_wrong(out, name, name_rule(name.text(), false));
  }
  if (!namespaced) {
    if (!ns.text().empty()) out.push_back(problems::forbidden(ns.path(), "not allowed on this type"));
  } else if (ns.text().empty()) {
    out.push_back(problems::required(ns.path(), ""));
  } else {
    append_wrong(out, ns, names::dns_label(ns.text()));
  }
  append_if_negative(out, meta["generation"]);
  append(out, label_problems(meta["labels"]));
  append(out, annotation_problems(meta["annotations"]));
  append(out, owner_problems(meta["ownerReferences"]));
  append(out, finalizer_problems(meta["finalizers"]));
  append(out, managed_fields_problems(meta["managedFields"]));
  return out;
}

Problems core_meta_problems(const Json& object, bool namespaced, names::NameRule name_rule) {
  Problems out = meta_problems(object, namespaced, name_rule);
  append_own_finalizers(out, object);
  return out;
}

Problems core_meta_update_problems(const Json& object, const Json& old) {
  Problems out = meta_update_problems(object, old);
  append_own_finalizers(out, object);
  return out;
}

void append_if_not_standard(Problems& to, const Place& finalizer) {
  std::string name = finalizer.text();
  bool standard = name == "kubernetes" || name == "orphan" || name == "foregroundDeletion";
  if (name.find('/') != std::string::npos || standard) return;
  append_wrong(to, finalizer, {"name is neither a standard finalizer name nor is it fully qualified"});
}

Problems meta_update_problems(const Json& object, const Json& old) {
  Place meta = Place(object, "")["metadata"], before = Place(old, "")["metadata"];
  if (is_as_it_was(meta, before)) return managed_fields_problems(meta["managedFields"]);
  Problems out;
  if (before["deletionTimestamp"].present()) {
    append(out, new_finalizer_problems(meta["finalizers"], before["finalizers"]));
  }
  if (meta["resourceVersion"].text().empty()) {
    out.push_back(problems::invalid(meta.path("resourceVersion"), "", "must be specified for an update"));
  }
  if (meta["generation"].number() < before["generation"].number()) {
    out.push_back(problems::invalid(meta.path("generation"), meta["generation"].number(), "must not be decremented"));
  }
  for (const char* field :
       {"name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"}) {
    append_if_changed(out, meta[field], before[field]);
  }
  append(out, label_problems(meta["labels"]));
  append(out, annotation_problems(meta["annotations"]));
  append(out, owner_problems(meta["ownerReferences"]));
  append(out, managed_fields_problems(meta["managedFields"]));
  return out;
}

Problems common_update_problems(const Json& object, const Json& old, bool namespaced) {
  Place meta = Place(object, "")["metadata"];
  const bool as_it_was = is_as_it_was(meta, Place(old, "")["metadata"]);
  Problems out = as_it_was ? managed_fields_problems(meta["managedFields"])
                           : meta_problems(object, namespaced, names::path_segment);
  append(out, meta_update_problems(object, old));
  return out;
}

}  // namespace ork::embedded
