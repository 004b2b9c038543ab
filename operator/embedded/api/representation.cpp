#include "operator/embedded/api/representation.hpp"

#include <algorithm>

#include "operator/embedded/api/go_names.hpp"
#include "operator/embedded/api/stored_object.hpp"
#include "operator/embedded/kinds/go_decode.hpp"
#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/table/table.hpp"

namespace ork::embedded {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view next_trimmed(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

// One clause of an Accept header; nullopt where we do not serve it.
std::optional<Shape> served(std::string_view clause, std::string& meta_version) {
  const std::string_view type = next_trimmed(clause, ';');
  if (type != "application/json" && type != "*/*" && type != "application/*") return std::nullopt;
  std::string_view as, version, group;
  while (!clause.empty()) {
    std::string_view parameter = next_trimmed(clause, ';');
    if (parameter.starts_with("as=")) as = parameter.substr(3);
    if (parameter.starts_with("v=")) version = parameter.substr(2);
    if (parameter.starts_with("g=")) group = parameter.substr(2);
  }
  if (as.empty() && version.empty() && group.empty()) return Shape::Whole;
  if ((version != "v1" && version != "v1beta1") || group != "meta.k8s.io") return std::nullopt;
  meta_version = "meta.k8s.io/" + std::string(version);
  if (as == "Table") return Shape::Table;
  if (as == "PartialObjectMetadata") return Shape::Metadata;
  if (as == "PartialObjectMetadataList") return Shape::MetadataList;
  return std::nullopt;
}

// Past the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  const std::size_t quote = text.find('"', at + 1);
  if (text[quote - 1] != '\\') return quote + 1;
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// The metadata within a stored text. What the store keeps is our own dump, an object with metadata and
// no blanks between: a look through its text takes a twentieth of what parsing it does, and this is
// done for each change of anything, for the garbage collector.
std::string_view stored_metadata(std::string_view text) {
  constexpr std::string_view name = R"("metadata":)";
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      if (depth == 1 && begin == 0 && text.substr(at).starts_with(name)) {
        begin = at + name.size();
        at = begin;
      } else {
        at = string_end(text, at);
      }
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (begin != 0 && depth == 1) return text.substr(begin, at - begin);
  }
  return "{}";
}

std::string metadata_only(std::string_view text, const std::string& meta_version) {
  std::string out = R"({"apiVersion":")" + meta_version + R"(","kind":"PartialObjectMetadata","metadata":)";
  out += stored_metadata(text);
  out += '}';
  return out;
}

Json metadata_json(const ListMetadata& metadata) {
  Json json = {{"resourceVersion", std::to_string(metadata.version)}};
  if (!metadata.continue_token.empty()) json["continue"] = metadata.continue_token;
  if (metadata.remaining) json["remainingItemCount"] = *metadata.remaining;
  return json;
}

}  // namespace

std::optional<ApiError> check_include(const Representation& representation, const Target& target) {
  const std::string* include = target.value("includeObject");
  if (representation.shape != Shape::Table || include == nullptr || include->empty() || *include == "None" ||
      *include == "Object" || *include == "Metadata") {
    return std::nullopt;
  }
  return bad_request("Unable to convert to Table as requested: includeObject: Invalid value: " +
                     go_text::quoted(*include) + ": must be 'Metadata', 'Object', 'None', or empty");
}

bool can_be_represented(std::string_view accept) {
  if (trimmed(accept).empty()) return true;
  while (!accept.empty()) {
    std::string_view clause = next_trimmed(accept, ',');
    const std::string_view type = next_trimmed(clause, ';');
    if (type == "*/*" || type == "application/json") return true;
  }
  return false;
}

std::optional<Representation> negotiate(std::string_view accept, const Target& target) {
  Representation representation;
  if (const std::string* include = target.value("includeObject")) {
    representation.include = *include == "None"     ? IncludeObject::None
                             : *include == "Object" ? IncludeObject::Object
                                                    : IncludeObject::Metadata;
  }
  if (trimmed(accept).empty()) return representation;
  while (!accept.empty()) {
    if (const auto shape = served(next_trimmed(accept, ','), representation.meta_version)) {
      representation.shape = *shape;
      return representation;
    }
  }
  return std::nullopt;
}

Json Renderer::converted(const std::string& text) const {
  Json object = Json::parse(text);
  if (kind_.from_stored != nullptr) kind_.from_stored(object);
  return object;
}

std::string Renderer::table(const std::vector<Json>& objects, const Json& metadata, bool headers,
                            std::int64_t now_ms) const {
  Json table = table_of(kind_, objects, representation_.include, now_ms, metadata, headers);
  table["apiVersion"] = representation_.meta_version;
  if (representation_.include == IncludeObject::Metadata) {
    for (Json& row : table["rows"]) row["object"]["apiVersion"] = representation_.meta_version;
  }
  return dumped(table);
}

std::optional<ApiError> Renderer::refusal(bool of_list) const {
  const Shape wrong = of_list ? Shape::Metadata : Shape::MetadataList;
  if (representation_.shape != wrong) return std::nullopt;
  const std::string requested = of_list ? "PartialObjectMetadata" : "PartialObjectMetadataList";
  ApiError error = not_acceptable();
  error.message = "you requested " + requested + ", but the requested object is " +
                  (of_list ? "a list" : "not a list") + " (" + go_type(of_list) + ")";
  return error;
}

// What the real server's program calls such an object.
std::string Renderer::go_type(bool of_list) const {
  if (kind_.custom) return of_list ? "*unstructured.UnstructuredList" : "*unstructured.Unstructured";
  return "*" + internal_name(kind_) + (of_list ? "List" : "");
}

std::string Renderer::object(const std::string& text, std::int64_t now_ms) const {
  return event_object(text, true, now_ms);
}

std::string Renderer::list(const std::vector<StoredPtr>& objects, const ListMetadata& metadata,
                           std::int64_t now_ms) const {
  Json list_metadata = metadata_json(metadata);
  if (representation_.shape == Shape::Table) {
    std::vector<Json> parsed;
    parsed.reserve(objects.size());
    for (const StoredPtr& object : objects) parsed.push_back(converted(*object->text));
    return table(parsed, list_metadata, true, now_ms);
  }
  const bool whole = representation_.shape == Shape::Whole;
  // Lists of kinds from CRDs hold what pages have, be there any or not.
  if (whole && kind_.custom && !list_metadata.contains("continue")) list_metadata["continue"] = "";
  std::string out =
      whole ? R"({"kind":")" + kind_.list_kind + R"(","apiVersion":")" + kind_.group_version() + R"(",)"
            : R"({"kind":"PartialObjectMetadataList","apiVersion":")" + representation_.meta_version + "\",";
  out += R"("metadata":)" + dumped(list_metadata) + R"(,"items":)";
  if (!whole && objects.empty()) return out + "null}";
  out += '[';
  bool first = true;
  for (const StoredPtr& item : objects) {
    if (!first) out += ',';
    first = false;
    out += object(*item->text, now_ms);
  }
  return out + "]}";
}

std::string Renderer::event_object(const std::string& text, bool first, std::int64_t now_ms) const {
  switch (representation_.shape) {
    case Shape::Whole: return kind_.from_stored == nullptr ? text : dumped(converted(text));
    case Shape::Metadata:
    case Shape::MetadataList: return metadata_only(text, representation_.meta_version);
    case Shape::Table: break;
  }
  const Json object = converted(text);
  return table({object}, {{"resourceVersion", object["metadata"].value("resourceVersion", "")}}, first, now_ms);
}

std::string Renderer::bookmark(std::uint64_t version, bool initial_events_end, bool first) const {
  Json object = kind_.blank;
  Json& metadata = object["metadata"];
  metadata["resourceVersion"] = std::to_string(version);
  if (initial_events_end) metadata["annotations"] = {{"k8s.io/initial-events-end", "true"}};
  switch (representation_.shape) {
    case Shape::Whole: return dumped(object);
    case Shape::Metadata:
    case Shape::MetadataList: return metadata_only(dumped(object), representation_.meta_version);
    case Shape::Table: return table({object}, {{"resourceVersion", metadata["resourceVersion"]}}, first, 0);
  }
  return {};
}

}  // namespace ork::embedded
