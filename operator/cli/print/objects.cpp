#include "operator/cli/print/objects.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "operator/manifest/manifest.hpp"
#include "operator/manifest/yaml_writer.hpp"

namespace ork::print {
namespace {

constexpr int json_indent = 4;  // kubectl's

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void drop_managed_fields(Json& value) {
  if (!value.is_object()) return;
  const auto metadata = value.find("metadata");
  if (metadata != value.end() && metadata->is_object()) metadata->erase("managedFields");
}

std::string text_of(const Json& value, Format format) {
  if (format == Format::Yaml) return manifest::to_yaml(value);
  return value.dump(json_indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::optional<Format> parse_format(std::string_view text) {
  if (text.empty()) return Format::Table;
  if (text == "wide") return Format::Wide;
  if (text == "json") return Format::Json;
  if (text == "yaml") return Format::Yaml;
  if (text == "name") return Format::Name;
  return std::nullopt;
}

std::string name_of(const Json& object) {
  std::string out(manifest::kind_of(object));
  std::transform(out.begin(), out.end(), out.begin(), lower);
  const std::string_view version = manifest::api_version_of(object);
  const std::size_t slash = version.find('/');
  if (slash != std::string_view::npos) out += "." + std::string(version.substr(0, slash));
  return out + "/" + std::string(manifest::name_of(object));
}

std::string object(const Json& value, Format format) {
  if (format == Format::Name) return name_of(value) + "\n";
  Json shown = value;
  drop_managed_fields(shown);
  return text_of(shown, format);
}

std::string list(std::vector<Json> items, Format format) {
  if (format == Format::Name) {
    std::string out;
    for (const Json& item : items) out += name_of(item) + "\n";
    return out;
  }
  for (Json& item : items) drop_managed_fields(item);
  return text_of(
      {{"apiVersion", "v1"}, {"kind", "List"}, {"metadata", {{"resourceVersion", ""}}}, {"items", std::move(items)}},
      format);
}

}  // namespace ork::print
