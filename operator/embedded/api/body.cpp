#include "operator/embedded/api/body.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/kinds/go_decode.hpp"
#include "operator/embedded/protobuf/from_protobuf.hpp"
#include "operator/manifest/yaml_reader.hpp"

namespace ork::embedded {
namespace {

struct Extent {
  std::size_t depth = 0;   // the deepest
  std::size_t fields = 0;  // of all objects, those that are there twice counted twice
};

Extent extent_of(std::string_view text) {
  Extent extent;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == ':') {
      ++extent.fields;
    } else if (c == '{' || c == '[') {
      extent.depth = std::max(extent.depth, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return extent;
}

// As deep as limits::object_depth at most: the text was asked before.
std::size_t fields_in(const Json& value) {
  std::size_t count = value.is_object() ? value.size() : 0;
  if (value.is_structured()) {
    for (const Json& inner : value) count += fields_in(inner);
  }
  return count;
}

// Follows a parser through a text, and tells of each field: its path, and whether it was there before.
class FieldWalk {
 public:
  using Told = std::function<void(const std::string& path, bool again)>;

  explicit FieldWalk(Told told) : told_(std::move(told)) {}

  void see(Json::parse_event_t event, const Json& value) {
    switch (event) {
      case Json::parse_event_t::object_start: return begin(false);
      case Json::parse_event_t::array_start: return begin(true);
      case Json::parse_event_t::key: return name(value.get_ref<const std::string&>());
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end: open_.pop_back(); return;
      case Json::parse_event_t::value: next_item(); return;
    }
  }

 private:
  struct Open {
    bool is_list = false;
    std::size_t items = 0;
    std::string path;
    std::string field;  // the path of the field that is read
    std::set<std::string, std::less<>> names;
  };

  // The path of what begins now.
  std::string next_item() {
    if (open_.empty()) return "";
    Open& parent = open_.back();
    if (!parent.is_list) return parent.field;
    return parent.path + "[" + std::to_string(parent.items++) + "]";
  }

  void begin(bool is_list) {
    std::string path = next_item();
    open_.push_back({is_list, 0, std::move(path), {}, {}});
  }

  void name(const std::string& name) {
    Open& object = open_.back();
    object.field = object.path.empty() ? name : object.path + "." + name;
    told_(object.field, !object.names.insert(name).second);
  }

  Told told_;
  std::vector<Open> open_;
};

Json walked(std::string_view text, FieldWalk::Told told) {
  FieldWalk walk(std::move(told));
  return Json::parse(text, [&](int, Json::parse_event_t event, Json& value) {
    walk.see(event, value);
    return true;
  });
}

std::string duplicate_field(const std::string& path) { return "duplicate field \"" + path + "\""; }

// Of a text in which fields are there twice.
Json told_twice(std::string_view text, std::vector<std::string>& oddities) {
  return walked(text, [&](const std::string& path, bool again) {
    if (again) oddities.push_back(duplicate_field(path));
  });
}

// Of a body that is no object.
std::string not_a_type(const Json& value) {
  return "json: cannot unmarshal " + std::string(json_type(value)) + " into Go value of type struct";
}

// A field as Go's decoder finds it: whether its letters are large or small.
const Json* in_any_case(const Json& object, std::string_view name) {
  if (const auto exact = object.find(name); exact != object.end()) return &*exact;
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(b); };
  for (const auto& [field, value] : object.items()) {
    if (std::equal(field.begin(), field.end(), name.begin(), name.end(), same)) return &value;
  }
  return nullptr;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type;
}

bool is_protobuf(std::string_view media_type) { return media_type == "application/vnd.kubernetes.protobuf"; }

std::optional<ApiError> check_size(const Call& call) {
  if (call.body.size() <= limits::body_bytes) return std::nullopt;
  return too_large("Request entity too large: limit is " + std::to_string(limits::body_bytes));
}

bool too_deep(std::string_view text) { return extent_of(text).depth > limits::object_depth; }

Result<Json, std::string> parse_json(std::string_view text, std::vector<std::string>& oddities) {
  constexpr const char* no_kind = "couldn't get version/kind; json parse error: ";
  const Extent extent = extent_of(text);
  if (extent.depth > limits::object_depth) {
    return Err(no_kind + ("it is nested deeper than " + std::to_string(limits::object_depth) + " levels"));
  }
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Err(no_kind + std::string("it is not JSON"));
  return extent.fields == fields_in(json) ? std::move(json) : told_twice(text, oddities);
}

std::string unknown_field(const std::string& path) { return "unknown field \"" + path + "\""; }

void sort_as_written(std::string_view json, std::vector<std::string>& oddities) {
  if (oddities.size() < 2) return;
  std::map<std::string, std::size_t> places;
  for (const std::string& oddity : oddities) places[oddity] = std::string_view::npos;
  std::size_t count = 0;
  (void)walked(json, [&](const std::string& path, bool again) {
    const auto place = places.find(again ? duplicate_field(path) : unknown_field(path));
    if (place != places.end()) place->second = std::min(place->second, count++);
  });
  std::stable_sort(oddities.begin(), oddities.end(),
                   [&](const std::string& a, const std::string& b) { return places[a] < places[b]; });
}

Result<Json, std::string> parse_yaml(std::string_view text) {
  auto documents = manifest::read_yaml(text);
  if (!documents) {
    return Err("yaml: line " + std::to_string(documents.error().at.line) + ": " + documents.error().message);
  }
  if (documents->empty() && text.find('\t') != std::string_view::npos) {
    return Err(std::string("yaml: a tab can't begin anything"));
  }
  return documents->empty() ? Json() : std::move(documents->front().value);
}

std::string beginning(std::string_view body) {
  constexpr std::size_t shown = 30;
  constexpr std::string_view digits = "0123456789abcdef";
  if (body.empty()) return "<empty>";
  const std::string_view start = body.substr(0, shown);
  std::string text;
  if (start.front() == '{') {
    text = start;
  } else {
    for (const char c : start) {
      text += digits[static_cast<unsigned char>(c) >> 4U];
      text += digits[static_cast<unsigned char>(c) & 15U];
    }
  }
  return body.size() > shown ? text + " ..." : text;
}

Result<GivenKind, std::string> given_kind(const Json& object) {
  GivenKind given;
  if (!object.is_object()) {
    if (object.is_null()) return given;
    return Err("couldn't get version/kind; json parse error: " + not_a_type(object));
  }
  for (const auto& [field, value] : {std::pair{"apiVersion", &given.api_version}, std::pair{"kind", &given.kind}}) {
    const Json* text = in_any_case(object, field);
    if (text == nullptr || text->is_null()) continue;
    if (!text->is_string()) {
      return Err("couldn't get version/kind; json parse error: json: cannot unmarshal " +
                 std::string(json_type(*text)) + " into Go struct field ." + field + " of type string");
    }
    *value = text->get<std::string>();
  }
  if (std::count(given.api_version.begin(), given.api_version.end(), '/') > 1) {
    return Err("unexpected GroupVersion string: " + given.api_version);
  }
  return given;
}

Result<Json, ApiError> read_json(const Kinds& kinds, const Call& call) {
  if (auto error = check_size(call)) return Err(std::move(*error));
  std::vector<std::string> ignored;
  if (!is_protobuf(media_type(call.content_type))) return read_patch(call, ignored);
  auto object = from_protobuf(call.body, kinds);
  if (!object) return Err(bad_request(object.error()));
  return std::move(*object);
}

Result<Json, ApiError> read_options_body(const Kinds& kinds, const Call& call) {
  const std::string type = media_type(call.content_type);
  if (auto error = check_size(call)) return Err(std::move(*error));
  if (is_protobuf(type)) return read_json(kinds, call);
  const bool yaml = type == "application/yaml";
  if (!yaml && !type.empty() && type != "application/json" && type != "*/*") {
    return Err(
        unsupported_media_type(false, "application/json, application/yaml, application/vnd.kubernetes.protobuf"));
  }
  std::vector<std::string> ignored;
  auto json = yaml ? parse_yaml(call.body) : parse_json(call.body, ignored);
  if (!json) return Err(internal(json.error()));
  return std::move(*json);
}

Result<Json, ApiError> read_patch(const Call& call, std::vector<std::string>& oddities) {
  const Extent extent = extent_of(call.body);
  if (extent.depth > limits::object_depth) {
    return Err(bad_request("the body is nested deeper than " + std::to_string(limits::object_depth) + " levels"));
  }
  Json json = Json::parse(call.body, nullptr, false);
  if (json.is_discarded()) return Err(bad_request("the body is not JSON"));
  return extent.fields == fields_in(json) ? std::move(json) : told_twice(call.body, oddities);
}

Result<Json, ApiError> read_yaml(const Call& call) {
  // kubectl and client-go send JSON, which is quicker read as what it is.
  if (!call.body.empty() && call.body.front() == '{' && !too_deep(call.body)) {
    Json json = Json::parse(call.body, nullptr, false);
    if (!json.is_discarded()) return json;
  }
  auto yaml = parse_yaml(call.body);
  if (!yaml) return Err(bad_request("error decoding YAML: " + yaml.error()));
  return yaml->is_null() ? Json::object() : std::move(*yaml);
}

}  // namespace ork::embedded
