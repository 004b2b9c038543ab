#include "operator/embedded/api/stored_object.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ork::embedded {
namespace {

void append_as_library_does(const Json& json, std::string& out) {
  out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Number>
void append_number(Number number, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end.ptr);
}

void append_text(const std::string& text, std::string& out) {
  const auto is_printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), is_printable)) return append_as_library_does(text, out);
  out += '"';
  if (text.find('"') == std::string::npos && text.find('\\') == std::string::npos) {
    out += text;
  } else {
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
}

// The same text as nlohmann's, in a third of the time: that looks at each character as a part of UTF-8. Each write
// makes one.
void append(const Json& json, std::string& out) {
  if (const auto* object = json.get_ptr<const Json::object_t*>()) {
    out += '{';
    for (const auto& [name, value] : *object) {
      if (out.back() != '{') out += ',';
      append_text(name, out);
      out += ':';
      append(value, out);
    }
    out += '}';
  } else if (const auto* list = json.get_ptr<const Json::array_t*>()) {
    out += '[';
    for (const Json& item : *list) {
      if (&item != &list->front()) out += ',';
      append(item, out);
    }
    out += ']';
  } else if (const auto* text = json.get_ptr<const std::string*>()) {
    append_text(*text, out);
  } else if (json.is_number_unsigned()) {
    append_number(json.get<std::uint64_t>(), out);
  } else if (json.is_number_integer()) {
    append_number(json.get<std::int64_t>(), out);
  } else if (json.is_boolean()) {
    out += json.get<bool>() ? "true" : "false";
  } else if (json.is_null()) {
    out += "null";
  } else {
    append_as_library_does(json, out);
  }
}

// The scalar at a dotted path, as a field selector compares it; empty where there is none.
std::string text_at(const Json& object, std::string_view path) {
  const Json* at = &object;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    if (!at->is_object()) return {};
    const auto it = at->find(std::string(path.substr(0, end)));
    if (it == at->end()) return {};
    at = &*it;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (at->is_string()) return at->get<std::string>();
  return at->is_number() || at->is_boolean() ? at->dump() : std::string();
}

void read_traits(const Kind& kind, const Json& object, Stored& stored) {
  const Json& metadata = object.at("metadata");
  if (const auto labels = metadata.find("labels"); labels != metadata.end() && labels->is_object()) {
    for (const auto& [key, value] : labels->items()) {
      if (value.is_string()) stored.labels.emplace_back(key, value.get<std::string>());
    }
  }
  stored.fields.emplace_back("metadata.name", text_at(metadata, "name"));
  stored.fields.emplace_back("metadata.namespace", text_at(metadata, "namespace"));
  for (const std::string& field : kind.selectable_fields) {
    if (field == "status.successful") {  // of a Job: a number, which is there even before it is
      const std::string succeeded = text_at(object, "status.succeeded");
      stored.fields.emplace_back(field, succeeded.empty() ? "0" : succeeded);
    } else {
      stored.fields.emplace_back(field, text_at(object, field));
    }
  }
}

}  // namespace

std::string dumped(const Json& json) {
  std::string out;
  append(json, out);
  return out;
}

std::string text_of(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

StoredPtr stored_from(const Kind& kind, Json& object, std::uint64_t version, bool completed_on_reading) {
  auto stored = std::make_shared<Stored>();
  object["metadata"]["resourceVersion"] = std::to_string(version);
  stored->text = std::make_shared<const std::string>(dumped(object));
  stored->version = version;
  stored->completed_on_reading = completed_on_reading;
  read_traits(kind, object, *stored);
  return stored;
}

StoredPtr stored_from_text(const Kind& kind, std::uint64_t version, std::string_view text) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object() || !object.contains("metadata") || !object["metadata"].is_object()) return nullptr;
  auto stored = std::make_shared<Stored>();
  stored->text = std::make_shared<const std::string>(text);
  stored->version = version;
  read_traits(kind, object, *stored);
  return stored;
}

std::string collection_of(const Kind& kind) {
  const Kind& stored = kind.stored_as == nullptr ? kind : *kind.stored_as;
  return stored.group.empty() ? stored.plural : stored.plural + "." + stored.group;
}

}  // namespace ork::embedded
