#include "operator/embedded/kinds/custom_kinds.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ork::embedded {
namespace {

const std::string object_meta = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

// A field of an object, or null: CRDs are written by hand, so nothing is taken for granted.
const Json& field(const Json& object, const char* name) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text(const Json& object, const char* name) {
  const Json& value = field(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::vector<std::string> texts(const Json& object, const char* name) {
  std::vector<std::string> out;
  const Json& list = field(object, name);
  if (!list.is_array()) return out;
  for (const Json& item : list) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<PrinterColumn> columns(const Json& version) {
  std::vector<PrinterColumn> columns;
  const Json& listed = field(version, "additionalPrinterColumns");
  if (listed.is_array()) {
    for (const Json& column : listed) {
      const Json& priority = field(column, "priority");
      columns.push_back({text(column, "name"), text(column, "type"), text(column, "format"),
                         text(column, "description"), text(column, "jsonPath"),
                         priority.is_number_integer() ? priority.get<int>() : 0});
    }
  }
  if (columns.empty()) columns.push_back({"Age", "date", "", "", ".metadata.creationTimestamp", 0});
  return columns;
}

std::vector<std::string> selectable_fields(const Json& version) {
  std::vector<std::string> paths;
  const Json& listed = field(version, "selectableFields");
  if (!listed.is_array()) return paths;
  for (const Json& one : listed) {
    std::string path = text(one, "jsonPath");
    paths.push_back(path.starts_with('.') ? path.substr(1) : path);
  }
  return paths;
}

// "ork.dev", "v1alpha1", "Workflow": "dev.ork.v1alpha1.Workflow".
std::string definition_name(std::string_view group, const Kind& kind) {
  std::string name;
  for (std::size_t begin = 0; begin <= group.size();) {
    std::size_t end = std::min(group.find('.', begin), group.size());
    name = std::string(group.substr(begin, end - begin)) + "." + name;
    begin = end + 1;
  }
  return name + kind.version + "." + kind.kind;
}

// The schema as the API server publishes it: metadata is that of every object.
Json published(const Json& schema, const Kind& kind) {
  Json out = schema;
  Json& properties = out["properties"];
  for (const char* name : {"apiVersion", "kind"}) {
    if (!properties.contains(name)) properties[name] = {{"type", "string"}};
  }
  properties["metadata"] = {{"allOf", {{{"$ref", object_meta}}}}};
  out["x-kubernetes-group-version-kind"] = {{{"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}}};
  return out;
}

Result<std::unique_ptr<Kind>, std::string> custom_kind(const Json& crd, const Json& version, const Json& definitions) {
  const Json& spec = field(crd, "spec");
  const Json& names = field(spec, "names");
  auto kind = std::make_unique<Kind>();
  kind->group = text(spec, "group");
  kind->version = text(version, "name");
  kind->plural = text(names, "plural");
  kind->singular = text(names, "singular");
  kind->kind = text(names, "kind");
  kind->list_kind = names.contains("listKind") ? text(names, "listKind") : kind->kind + "List";
  kind->short_names = texts(names, "shortNames");
  kind->categories = texts(names, "categories");
  kind->verbs = {"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"};
  kind->namespaced = text(spec, "scope") == "Namespaced";
  kind->has_status = field(version, "subresources").contains("status");
  kind->has_generation = true;
  kind->custom = true;
  kind->updates_blindly = false;
  kind->columns = columns(version);
  kind->selectable_fields = selectable_fields(version);
  kind->definition = definition_name(kind->group, *kind);
  const Json& schema = field(field(version, "schema"), "openAPIV3Schema");
  if (kind->group.empty() || kind->plural.empty() || kind->kind.empty() || !schema.is_object()) {
    return Err("a CustomResourceDefinition lacks group, names or schema: " + text(field(crd, "metadata"), "name"));
  }
  kind->openapi = published(schema, *kind);
  auto parsed = Schema::parse(kind->openapi, definitions);
  if (!parsed) return Err(kind->plural + "." + kind->group + ": " + parsed.error());
  kind->schema = *std::move(parsed);
  return kind;
}

}  // namespace

Result<std::vector<std::unique_ptr<Kind>>, std::string> custom_kinds(const Json& crd, const Json& definitions) {
  std::vector<std::unique_ptr<Kind>> kinds;
  const Json& versions = field(field(crd, "spec"), "versions");
  if (!versions.is_array()) return Err(std::string("a CustomResourceDefinition has no versions"));
  for (const Json& version : versions) {
    if (field(version, "served") != true) continue;
    auto kind = custom_kind(crd, version, definitions);
    if (!kind) return Err(kind.error());
    kinds.push_back(*std::move(kind));
  }
  return kinds;
}

Json served_crd(const Json& crd) {
  Json out = crd;
  const Json& names = field(field(crd, "spec"), "names");
  Json stored = Json::array();
  for (Json& version : out["spec"]["versions"]) {
    if (field(version, "storage") == true) stored.push_back(version["name"]);
  }
  out["metadata"]["generation"] = 1;
  out["spec"]["conversion"] = {{"strategy", "None"}};
  out["status"] = {
      {"conditions",
       {{{"type", "NamesAccepted"}, {"status", "True"}, {"reason", "NoConflicts"}, {"message", "no conflicts found"}},
        {{"type", "Established"},
         {"status", "True"},
         {"reason", "InitialNamesAccepted"},
         {"message", "the initial names have been accepted"}}}},
      {"acceptedNames", names},
      {"storedVersions", stored}};
  return out;
}

}  // namespace ork::embedded
