#include "operator/embedded/table/openapi_operations.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

namespace ork::embedded {
namespace {

Json reference(const std::string& definition) { return {{"$ref", "#/components/schemas/" + definition}}; }

Json json_content(const std::string& definition) { return {{"application/json", {{"schema", reference(definition)}}}}; }

struct Parameter {
  std::string_view name;
  std::string_view type;
  std::string_view description;
};

constexpr Parameter dry_run = {"dryRun", "string", "\"All\": answer as if it were done, and keep nothing."};
constexpr Parameter field_manager = {"fieldManager", "string", "Who writes, for metadata.managedFields."};
constexpr Parameter field_validation = {"fieldValidation", "string",
                                        "What becomes of unknown and duplicate fields: Ignore, Warn or Strict."};
constexpr Parameter force = {"force", "boolean", "Takes fields over that another manager has applied."};
constexpr Parameter grace = {"gracePeriodSeconds", "integer", "How long the object has to end; 0: at once."};
constexpr Parameter propagation = {"propagationPolicy", "string",
                                   "What becomes of what it owns: Orphan, Background or Foreground."};
constexpr Parameter orphan = {"orphanDependents", "boolean", "The older way to say propagationPolicy."};
constexpr Parameter version = {"resourceVersion", "string", "How new the answer must be at least."};

constexpr std::array<Parameter, 10> list_parameters = {
    {{"allowWatchBookmarks", "boolean", "Lets a watch tell versions without changes."},
     {"continue", "string", "Where the page before ended."},
     {"fieldSelector", "string", "Only objects with these values of fields."},
     {"labelSelector", "string", "Only objects with these labels."},
     {"limit", "integer", "At most this many objects in a page."},
     version,
     {"resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."},
     {"sendInitialEvents", "boolean", "A watch begins with what is there."},
     {"timeoutSeconds", "integer", "A watch ends after this time."},
     {"watch", "boolean", "Answers with changes, as they come."}}};

constexpr std::array<Parameter, 1> read_parameters = {version};
constexpr std::array<Parameter, 3> write_parameters = {dry_run, field_manager, field_validation};
constexpr std::array<Parameter, 4> patch_parameters = {dry_run, field_manager, field_validation, force};
constexpr std::array<Parameter, 4> delete_parameters = {dry_run, grace, orphan, propagation};

Json parameter(const Parameter& parameter, std::string_view in) {
  Json out = {{"name", parameter.name},
              {"in", in},
              {"description", parameter.description},
              {"schema", {{"type", parameter.type}, {"uniqueItems", true}}}};
  if (in == "path") out["required"] = true;
  return out;
}

Json parameters(std::span<const Parameter> list) {
  Json out = Json::array();
  for (const Parameter& each : list) out.push_back(parameter(each, "query"));
  return out;
}

// "ork.dev" is "OrkDev" in operation ids, "events.k8s.io" "Events", the core group "Core".
std::string group_words(std::string group) {
  if (group.empty()) return "Core";
  if (const std::size_t suffix = group.find(".k8s.io"); suffix != std::string::npos) group.erase(suffix);
  std::string words;
  bool begins = true;
  for (const char c : group) {
    if (c == '.') {
      begins = true;
      continue;
    }
    words += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = false;
  }
  return words;
}

std::string large_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string small_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

class Operations {
 public:
  explicit Operations(const Kind& kind) : kind_(kind) {}

  bool has(std::string_view verb) const {
    return std::find(kind_.verbs.begin(), kind_.verbs.end(), verb) != kind_.verbs.end();
  }

  Json list(bool all_namespaces) const {
    Json out = operation("list", "list", all_namespaces ? "ForAllNamespaces" : "", !all_namespaces);
    out["parameters"] = parameters(list_parameters);
    out["responses"] = answers({"200"}, list_definition(kind_));
    return out;
  }
  Json create() const {
    Json out = operation("create", "post");
    out["parameters"] = parameters(write_parameters);
    out["requestBody"] = {{"content", json_content(kind_.definition)}, {"required", true}};
    out["responses"] = answers({"200", "201", "202"}, kind_.definition);
    return out;
  }
  Json delete_collection() const {
    Json out = operation("deleteCollection", "deletecollection");
    out["parameters"] = parameters(list_parameters);
    out["responses"] = answers({"200"}, meta_definitions + "Status");
    return out;
  }
  Json read(const std::string& suffix = "") const {
    Json out = operation("read", "get", suffix);
    out["parameters"] = parameters(read_parameters);
    out["responses"] = answers({"200"}, kind_.definition);
    return out;
  }
  Json replace(const std::string& suffix = "") const {
    Json out = operation("replace", "put", suffix);
    out["parameters"] = parameters(write_parameters);
    out["requestBody"] = {{"content", json_content(kind_.definition)}, {"required", true}};
    out["responses"] = answers({"200", "201"}, kind_.definition);
    return out;
  }
  Json patch(const std::string& suffix = "") const {
    Json out = operation("patch", "patch", suffix);
    out["parameters"] = parameters(patch_parameters);
    Json content = Json::object();
    for (const char* type : {"application/apply-patch+yaml", "application/json-patch+json",
                             "application/merge-patch+json", "application/strategic-merge-patch+json"}) {
      const bool strategic = std::string_view(type).find("strategic") != std::string_view::npos;
      if (!strategic || !kind_.custom) content[type] = {{"schema", reference(meta_definitions + "Patch")}};
    }
    out["requestBody"] = {{"content", std::move(content)}, {"required", true}};
    out["responses"] = answers({"200", "201"}, kind_.definition);
    return out;
  }
  Json remove() const {
    Json out = operation("delete", "delete");
    out["parameters"] = parameters(delete_parameters);
    out["requestBody"] = {{"content", json_content(meta_definitions + "DeleteOptions")}};
    out["responses"] = answers({"200", "202"}, meta_definitions + "Status");
    return out;
  }

 private:
  Json operation(std::string verb, const char* action, const std::string& suffix = "", bool in_namespace = true) const {
    const std::string words = group_words(kind_.group) + large_first(kind_.version);
    const bool collection = verb == "deleteCollection";
    if (collection) verb = "delete";
    std::string id = verb + words + (collection ? "Collection" : "");
    if (kind_.namespaced && in_namespace) id += "Namespaced";
    return {{"tags", {small_first(group_words(kind_.group)) + "_" + kind_.version}},
            {"operationId", id + kind_.kind + suffix},
            {"x-kubernetes-action", action},
            {"x-kubernetes-group-version-kind",
             {{"group", kind_.group}, {"version", kind_.version}, {"kind", kind_.kind}}}};
  }
  static Json answers(std::initializer_list<const char*> codes, const std::string& definition) {
    Json out = {{"401", {{"description", "Unauthorized"}}}};
    for (const std::string code : codes) {
      const char* words = code == "200" ? "OK" : code == "201" ? "Created" : "Accepted";
      out[code] = {{"description", words}, {"content", json_content(definition)}};
    }
    return out;
  }

  const Kind& kind_;
};

// A path's own parameters.
Json path_parameters(bool in_namespace, bool named) {
  Json out = Json::array();
  if (named) out.push_back(parameter({"name", "string", "The object's name."}, "path"));
  if (in_namespace) out.push_back(parameter({"namespace", "string", "The object's namespace."}, "path"));
  return out;
}

}  // namespace

std::string list_definition(const Kind& kind) {
  return kind.definition.substr(0, kind.definition.rfind('.') + 1) + kind.list_kind;
}

void add_paths(const Kind& kind, Json& paths) {
  const Operations operations(kind);
  const std::string root = kind.group.empty() ? "/api/" + kind.version : "/apis/" + kind.group + "/" + kind.version;
  const std::string place = root + (kind.namespaced ? "/namespaces/{namespace}" : "");
  const std::string collection = place + "/" + kind.plural;
  if (kind.namespaced && operations.has("list")) paths[root + "/" + kind.plural]["get"] = operations.list(true);
  Json& objects = paths[collection];
  if (operations.has("list")) objects["get"] = operations.list(false);
  if (operations.has("create")) objects["post"] = operations.create();
  if (operations.has("deletecollection")) objects["delete"] = operations.delete_collection();
  objects["parameters"] = path_parameters(kind.namespaced, false);
  Json& object = paths[collection + "/{name}"];
  if (operations.has("get")) object["get"] = operations.read();
  if (operations.has("update")) object["put"] = operations.replace();
  if (operations.has("patch")) object["patch"] = operations.patch();
  if (operations.has("delete")) object["delete"] = operations.remove();
  object["parameters"] = path_parameters(kind.namespaced, true);
  if (!kind.has_status) return;
  paths[collection + "/{name}/status"] = {{"get", operations.read("Status")},
                                          {"put", operations.replace("Status")},
                                          {"patch", operations.patch("Status")},
                                          {"parameters", path_parameters(kind.namespaced, true)}};
}

}  // namespace ork::embedded
