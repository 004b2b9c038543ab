#include "operator/embedded/table/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "operator/embedded/table/digest.hpp"
#include "operator/embedded/table/openapi_operations.hpp"

namespace ork::embedded {
namespace {

const std::string reference_prefix = "#/components/schemas/";

std::string document_name(const Kind& kind) {
  return kind.group.empty() ? "api/" + kind.version : "apis/" + kind.group + "/" + kind.version;
}

std::vector<std::string> document_names(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto& kind : kinds.all()) {
    const std::string name = document_name(*kind);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Appends the names of all definitions that a schema refers to. Schemas are ours, and no deeper than
// Schema::parse allows.
void add_references(const Json& schema, std::vector<std::string>& names) {
  if (!schema.is_structured()) return;
  if (schema.is_object()) {
    const auto reference = schema.find("$ref");
    if (reference != schema.end() && reference->is_string()) {
      const std::string& target = reference->get_ref<const std::string&>();
      if (target.starts_with(reference_prefix)) names.push_back(target.substr(reference_prefix.size()));
    }
  }
  for (const Json& inner : schema) add_references(inner, names);
}

// A CRD's list, which has no definition of its own.
Json list_schema(const Kind& kind) {
  return {{"type", "object"},
          {"description", "A list of objects of kind " + kind.kind + "."},
          {"required", {"items"}},
          {"properties",
           {{"apiVersion", {{"type", "string"}}},
            {"kind", {{"type", "string"}}},
            {"metadata", {{"allOf", {{{"$ref", reference_prefix + meta_definitions + "ListMeta"}}}}}},
            {"items", {{"type", "array"}, {"items", {{"$ref", reference_prefix + kind.definition}}}}}}},
          {"x-kubernetes-group-version-kind",
           {{{"group", kind.group}, {"version", kind.version}, {"kind", kind.list_kind}}}}};
}

// A CRD's schema says which of its fields can be selected by.
void add_selectable_fields(const Kind& kind, Json& schema) {
  if (!kind.custom || kind.selectable_fields.empty()) return;
  Json fields = Json::array();
  for (const std::string& path : kind.selectable_fields) fields.push_back({{"fieldPath", path}});
  schema["x-kubernetes-selectable-fields"] = std::move(fields);
}

// All definitions that the kinds need, by name.
Json schemas_of(const std::vector<const Kind*>& kinds, const Json& definitions) {
  Json schemas = Json::object();
  std::vector<std::string> wanted = {meta_definitions + "DeleteOptions", meta_definitions + "Status",
                                     meta_definitions + "Patch"};
  for (const Kind* kind : kinds) {
    schemas[kind->definition] = kind->openapi;
    add_references(kind->openapi, wanted);
    add_selectable_fields(*kind, schemas[kind->definition]);
    const std::string list = list_definition(*kind);
    if (definitions.contains(list)) {
      wanted.push_back(list);
    } else {
      schemas[list] = list_schema(*kind);
      add_references(schemas[list], wanted);
      add_selectable_fields(*kind, schemas[list]);
    }
  }
  while (!wanted.empty()) {
    const std::string name = std::move(wanted.back());
    wanted.pop_back();
    const auto found = definitions.find(name);
    if (schemas.contains(name) || found == definitions.end()) continue;
    schemas[name] = *found;
    add_references(*found, wanted);
  }
  return schemas;
}

}  // namespace

std::optional<Json> openapi_document(std::string_view name, const Kinds& kinds) {
  std::vector<const Kind*> served;
  for (const auto& kind : kinds.all()) {
    if (document_name(*kind) == name) served.push_back(kind.get());
  }
  if (served.empty()) return std::nullopt;
  Json paths = Json::object();
  for (const Kind* kind : served) add_paths(*kind, paths);
  Json components = {{"schemas", schemas_of(served, kinds.definitions())},
                     {"securitySchemes",
                      {{"BearerToken",
                        {{"type", "apiKey"},
                         {"description", "The token of the kubeconfig."},
                         {"name", "authorization"},
                         {"in", "header"}}}}}};
  return Json{{"openapi", "3.0.0"},
              {"info", {{"title", "Kubernetes"}, {"version", "1.34"}}},
              {"paths", std::move(paths)},
              {"components", std::move(components)}};
}

// The documents follow from the definitions and from their kinds: hashing those is a tenth of the work
// of writing the documents.
Json openapi_index(const Kinds& kinds) {
  const std::string definitions = long_digest(kinds.definitions().dump());
  Json paths = Json::object();
  for (const std::string& name : document_names(kinds)) {
    std::string parts = definitions;
    for (const auto& kind : kinds.all()) {
      if (document_name(*kind) != name) continue;
      parts += kind->openapi.dump();
      Json served = Json::object();
      add_paths(*kind, served);
      parts += served.dump();
    }
    paths[name] = {{"serverRelativeURL", "/openapi/v3/" + name + "?hash=" + long_digest(parts)}};
  }
  return {{"paths", std::move(paths)}};
}

}  // namespace ork::embedded
